/* Where each position of the drawn tree stands, and which of them can be seen.

A node has `parent`, `below` and `isOpen`; here it gets `depth`, `x` and `fromX`, where it stood before. Rows hold
the nodes of one depth from left to right, so what can be seen of a row is found by halving. */

export const ACROSS = 200;
export const DOWN = 168;

const { hierarchy, tree } = globalThis.d3;
const arrange = tree()
  .nodeSize([ACROSS, DOWN])
  .separation((one, other) => (one.parent === other.parent ? 1 : 1.2));

/* The rows below `root`. `anchor` keeps its place, so that nothing jumps away from a finger. */
export function layOut(root, anchor, isMirrored) {
  const arranged = arrange(hierarchy(root, (node) => (node.isOpen ? node.below : null)));
  const sign = isMirrored ? -1 : 1;
  const before = anchor.x;
  const rows = [];
  arranged.each((each) => {
    const node = each.data;
    node.fromX = node.x ?? node.parent?.fromX ?? 0;
    node.x = sign * each.x;
    node.depth = each.depth;
    (rows[each.depth] ??= []).push(node);
  });
  const shift = before === undefined ? 0 : before - anchor.x;
  for (const row of rows) {
    if (isMirrored) row.reverse();
    row.forEach((node, index) => {
      node.index = index;
      node.x += shift;
    });
  }
  return rows;
}

/* Nodes that left the drawing come back from where their parent stands. */
export function forget(node) {
  for (const each of node.below) {
    each.x = undefined;
    forget(each);
  }
}

/* What of `rows` is in `box`, at most `most` nodes: whole rows from the top down, the last one thinned out if it is
too wide. `cut` is the depth from which nothing is drawn; `links` are those whose line to the parent crosses the box. */
export function seen(rows, box, most, at) {
  const first = Math.max(0, Math.ceil(box.top / DOWN));
  const last = Math.min(rows.length - 1, Math.floor(box.bottom / DOWN));
  const drawn = [];
  const links = [];
  let cut = rows.length;
  for (let depth = first; depth <= Math.min(last + 1, rows.length - 1); depth += 1) {
    const row = rows[depth];
    const from = lowest(row, (node) => at(node) >= box.left);
    const to = lowest(row, (node) => at(node) > box.right);
    const isBelow = depth > last;
    const step = isBelow ? 1 : thinning(to - from, most - drawn.length);
    if (step === 0 || (isBelow && to - from > most)) {
      cut = depth;
      break;
    }
    if (!isBelow) for (let i = from + ((step - (from % step)) % step); i < to; i += step) drawn.push(row[i]);
    if (depth > 0) {
      const leaving = lowest(row, (node) => Math.max(at(node), at(node.parent)) >= box.left);
      const coming = lowest(row, (node) => Math.min(at(node), at(node.parent)) > box.right);
      for (let i = leaving + ((step - (leaving % step)) % step); i < coming; i += step) links.push(row[i]);
    }
    if (step > 1) {
      cut = depth + 1;
      break;
    }
  }
  return { drawn, links, cut };
}

/* Every how many nodes are drawn, a power of two so that the same ones stay while the drawing moves; 0 for none. */
function thinning(count, room) {
  if (count <= room) return 1;
  if (room < 60) return 0;
  return 2 ** Math.ceil(Math.log2((count + 1) / room));
}

/* The first index from which `is` holds. */
export function lowest(row, is) {
  let from = 0;
  let to = row.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    if (is(row[middle])) to = middle;
    else from = middle + 1;
  }
  return from;
}

/* The node nearest to a point of the drawing, if its row is there. */
export function nearest(rows, x, y) {
  const row = rows[Math.round(y / DOWN)];
  if (!row) return null;
  const index = lowest(row, (node) => node.x >= x);
  const [left, right] = [row[index - 1], row[index]];
  if (!left || !right) return left ?? right;
  return x - left.x < right.x - x ? left : right;
}
