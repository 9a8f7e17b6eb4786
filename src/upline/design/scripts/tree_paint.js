/* Paints the tree: dots from afar, faces nearer, cards of 176 × 72 from near. */

import { DOWN, seen } from "./tree_layout.js";

export const MOST = 150;
const CARD = { width: 176, height: 72, round: 16 };
const FACE = 20;
const TINTS = [
  ["accent", "accent-soft"], ["info", "info-soft"], ["warn", "warn-soft"],
  ["good", "good-soft"], ["bad", "bad-soft"], ["text", "sunken"],
];
const TOKENS = [
  "page", "surface", "sunken", "line", "control-line", "text", "muted", "accent", "accent-soft", "info", "info-soft",
  "warn", "warn-soft", "good", "good-soft", "bad", "bad-soft", "plot-1", "plot-3",
];
const KEPT_TEXTS = 160;
const KEPT_FACES = 300;

const mix = (from, to, share) => from + (to - from) * share;
const share = (from, to, value) => Math.min(1, Math.max(0, (value - from) / (to - from)));
const eased = (from, to, value) => share(from, to, value) ** 2 * (3 - 2 * share(from, to, value));

/* Half the width and height of a node on the screen. */
export function sizeAt(scale) {
  const card = eased(0.72, 0.92, scale);
  const round = mix(mix(1.5, 4, share(0.03, 0.1, scale)), FACE, eased(0.16, 0.3, scale));
  const near = Math.max(1, scale);
  return {
    round: round * near,
    across: (mix(round, CARD.width / 2, card)) * near,
    down: (mix(round, CARD.height / 2, card)) * near,
  };
}

/* How much of the name below a face can be seen. */
const nameAt = (scale) => share(0.38, 0.44, scale) * (1 - eased(0.72, 0.92, scale));

export class Painter {
  constructor(canvas, redraw) {
    this.canvas = canvas;
    this.redraw = redraw;
    this.texts = new Map();
    this.faces = new Map();
    this.images = new Map();
    this.lookUp();
  }

  /* The page's colours and letters, which change with its scheme. */
  lookUp() {
    const probe = document.createElement("span");
    this.canvas.parentElement.append(probe);
    this.colours = {};
    for (const token of TOKENS) {
      probe.style.color = `var(--${token})`;
      this.colours[token] = getComputedStyle(probe).color;
    }
    probe.remove();
    this.family = getComputedStyle(document.body).fontFamily;
    this.isMirrored = getComputedStyle(document.documentElement).direction === "rtl";
    this.texts.clear();
    this.faces.clear();
  }

  resize() {
    this.ratio = window.devicePixelRatio || 1;
    this.width = this.canvas.clientWidth;
    this.height = this.canvas.clientHeight;
    this.canvas.width = Math.round(this.width * this.ratio);
    this.canvas.height = Math.round(this.height * this.ratio);
    this.texts.clear();
    this.faces.clear();
  }

  /* One picture of the tree: `view` moves and scales it, `moved` says how far nodes are on their way. Returns how many
  nodes were drawn. */
  paint(rows, view, moved, focused) {
    const at = (node) => mix(node.fromX, node.x, moved);
    const size = sizeAt(view.k);
    const [across, down] = [(size.across + 8) / view.k, (size.down + 28) / view.k];
    const box = {
      left: -view.x / view.k - across, right: (this.width - view.x) / view.k + across,
      top: -view.y / view.k - down, bottom: (this.height - view.y) / view.k + down,
    };
    const { drawn, links, cut } = seen(rows, box, MOST, at);
    const context = (this.context ??= this.canvas.getContext("2d"));
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    const place = (node) => [view.x + at(node) * view.k, view.y + node.depth * DOWN * view.k];
    this.paintLinks(links, place, size, view.k);
    for (const node of drawn) {
      const [x, y] = place(node);
      if (node.isOpen && node.below.length && node.depth + 1 >= cut) this.paintFan(node, x, y, size, view.k);
      if (node.kind === "person") this.paintPerson(node, x, y, size, view.k);
      else this.paintOffer(node, x, y, size, view.k);
      if (node === focused) this.paintFocus(x, y, size);
    }
    return drawn.length;
  }

  /* Lines, those of one look as one path: the left leg in one colour, the right leg in another, thicker the more volume
  is in the leg. */
  paintLinks(links, place, size, scale) {
    const paths = new Map();
    const down = DOWN * scale;
    const named = 24 * nameAt(scale);
    for (const node of links) {
      const [x, y] = place(node);
      const [fromX] = place(node.parent);
      const look = node.kind === "person" ? `${this.legOf(node)} ${node.weight}` : "line 0";
      if (!paths.has(look)) paths.set(look, new Path2D());
      const path = paths.get(look);
      const start = y - down + Math.min(size.down + named, down / 2);
      const end = y - Math.min(size.down, down / 2);
      const middle = (start + end) / 2;
      path.moveTo(fromX, start);
      path.bezierCurveTo(fromX, middle, x, middle, x, end);
    }
    const { context } = this;
    context.lineCap = "round";
    for (const [look, path] of paths) {
      const [colour, weight] = look.split(" ");
      context.strokeStyle = this.colours[colour];
      context.lineWidth = (colour === "line" ? 1.5 : 1.5 + 1.25 * weight) * Math.min(1, mix(0.5, 1, share(0.1, 0.5, scale)));
      context.stroke(path);
    }
  }

  /* The colour of the leg that a node begins: without volume it has none. */
  legOf(node) {
    if (!node.weight) return "line";
    return node.side === 2 ? "plot-3" : node.side === 1 ? "plot-1" : "accent";
  }

  /* Those below that are too many to be drawn from here. */
  paintFan(node, x, y, size, scale) {
    const { context } = this;
    const wide = Math.max(3, Math.min(14, 40 * scale));
    context.fillStyle = this.colours.line;
    context.beginPath();
    context.moveTo(x, y + size.down);
    context.lineTo(x + wide, y + size.down + wide * 1.6);
    context.lineTo(x - wide, y + size.down + wide * 1.6);
    context.fill();
  }

  paintPerson(node, x, y, size, scale) {
    const { context, colours } = this;
    const face = eased(0.16, 0.3, scale);
    const card = eased(0.72, 0.92, scale);
    const near = Math.max(1, scale);
    if (card > 0) this.paintCard(x, y, size, card, near);
    const inset = (CARD.width / 2 - 12 - FACE) * near * card * (this.isMirrored ? 1 : -1);
    if (face < 1) {
      context.fillStyle = colours[this.legOf(node)];
      if (!node.weight) context.fillStyle = colours["control-line"];
      context.beginPath();
      context.arc(x, y, size.round, 0, 7);
      context.fill();
    }
    if (face > 0) {
      const half = size.round;
      this.stamp(this.faceOf(node), x + inset - half, y - half, 2 * half, 2 * half, face);
      if (card < 1) this.ring(x + inset, y, half + 2, colours[node.own > 0 ? "accent" : "line"], 1.5);
    }
    const words = eased(0.8, 0.95, scale);
    if (words > 0) {
      const text = this.textOf(node);
      const start = this.isMirrored ? x - size.across + 8 * near : x - size.across + 60 * near;
      this.stamp(text, start, y - (CARD.height / 2) * near, 108 * near, CARD.height * near, words);
    } else if (nameAt(scale) > 0) {
      this.stamp(this.nameOf(node), x - 44, y + size.down + 4, 88, 18, nameAt(scale));
    }
    if (!node.isOpen && scale > 0.3) this.paintChip(node, x, y, size, card);
  }

  paintCard(x, y, size, card, near) {
    const { context, colours } = this;
    context.globalAlpha = Math.min(1, card * 3);
    context.fillStyle = colours.surface;
    context.beginPath();
    context.roundRect(x - size.across, y - size.down, 2 * size.across, 2 * size.down, Math.min(size.down, mix(40, CARD.round, card) * near));
    context.fill();
    context.lineWidth = 1;
    context.strokeStyle = colours.line;
    context.stroke();
    context.globalAlpha = 1;
  }

  ring(x, y, round, colour, width) {
    const { context } = this;
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    context.arc(x, y, round, 0, 7);
    context.stroke();
  }

  /* A part that was painted before, on whole points of the screen so that letters stay sharp. */
  stamp(part, x, y, wide, high, alpha) {
    const { context, ratio } = this;
    context.globalAlpha = alpha;
    context.drawImage(part, Math.round(x * ratio) / ratio, Math.round(y * ratio) / ratio, wide, high);
    context.globalAlpha = 1;
  }

  /* How many are below that are not open. */
  paintChip(node, x, y, size, card) {
    const { context, colours } = this;
    const chip = node.chip || (node.people.length ? String(node.people.length) : "");
    if (!chip) return;
    const below = y + size.down + (card > 0.5 ? 0 : card ? 8 : -2);
    const across = card > 0.5 ? 0 : size.round * 0.8;
    context.font = `600 11px ${this.family}`;
    const wide = Math.max(20, context.measureText(chip).width + 12);
    context.fillStyle = colours["accent-soft"];
    context.strokeStyle = colours.page;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x + across - wide / 2, below - 10, wide, 20, 10);
    context.fill();
    context.stroke();
    context.fillStyle = colours.accent;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(chip, x + across, below + 0.5);
  }

  /* A free place, or a button for the next page. */
  paintOffer(node, x, y, size, scale) {
    const { context, colours } = this;
    const card = eased(0.72, 0.92, scale);
    const across = scale < 0.3 ? size.round * 0.7 : size.across;
    const down = scale < 0.3 ? size.round * 0.7 : Math.min(size.down, node.kind === "more" && card ? 22 : size.down);
    context.strokeStyle = colours["control-line"];
    context.lineWidth = 1.25;
    context.setLineDash(scale < 0.3 ? [] : [4, 4]);
    context.beginPath();
    context.roundRect(x - across, y - down, 2 * across, 2 * down, Math.min(down, mix(40, CARD.round, card)));
    context.stroke();
    context.setLineDash([]);
    if (scale < 0.3) return;
    const words = eased(0.8, 0.95, scale);
    const near = Math.max(1, scale);
    context.fillStyle = colours.accent;
    context.textAlign = "center";
    context.textBaseline = "middle";
    if (words > 0) {
      this.stamp(this.offerOf(node), x - 80 * near, y - 24 * near, 160 * near, 48 * near, words);
    } else {
      context.globalAlpha = 1 - card;
      context.font = `400 22px ${this.family}`;
      context.fillText(node.kind === "more" ? "…" : "+", x, y + 1);
      context.globalAlpha = 1;
    }
  }

  paintFocus(x, y, size) {
    const { context, colours } = this;
    context.strokeStyle = colours.info;
    context.lineWidth = 2;
    context.beginPath();
    context.roundRect(x - size.across - 5, y - size.down - 5, 2 * size.across + 10, 2 * size.down + 10, Math.min(size.down + 5, 20));
    context.stroke();
  }

  /* Pictures of parts, painted once. */

  faceOf(node) {
    return this.kept(this.faces, node.key, KEPT_FACES, 2 * FACE * 1.5, 2 * FACE * 1.5, (context, wide) => {
      const [letters, behind] = TINTS[node.tint];
      context.beginPath();
      context.arc(wide / 2, wide / 2, wide / 2, 0, 7);
      context.clip();
      context.fillStyle = this.colours[behind];
      context.fillRect(0, 0, wide, wide);
      const image = node.picture && this.imageOf(node);
      if (image) {
        const side = Math.min(image.naturalWidth, image.naturalHeight);
        context.drawImage(image, (image.naturalWidth - side) / 2, (image.naturalHeight - side) / 2, side, side, 0, 0, wide, wide);
        return;
      }
      context.fillStyle = this.colours[letters];
      context.font = `600 ${wide * 0.36}px ${this.family}`;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillText(node.initials, wide / 2, wide * 0.53);
    });
  }

  /* The photograph, once it has come. */
  imageOf(node) {
    if (!this.images.has(node.picture)) {
      const image = new Image();
      this.images.set(node.picture, null);
      image.onload = () => {
        this.images.set(node.picture, image);
        this.faces.delete(node.key);
        this.redraw();
      };
      image.src = node.picture;
    }
    return this.images.get(node.picture);
  }

  textOf(node) {
    return this.kept(this.texts, node.key, KEPT_TEXTS, 108, CARD.height, (context, wide) => {
      const start = this.isMirrored ? wide : 0;
      context.textAlign = "start";
      context.direction = this.isMirrored ? "rtl" : "ltr";
      const lines = node.legs ? [25, 43] : [32, 51];
      this.line(context, node.name, `600 14px ${this.family}`, "text", start, lines[0], wide);
      this.line(context, node.statuses || node.facts, `400 12px ${this.family}`, node.statuses ? "warn" : "muted", start, lines[1], wide);
      if (node.legs) this.bars(context, node, wide);
    });
  }

  /* Both legs from a centre line, as on Home: the larger fills its half. */
  bars(context, node, wide) {
    const most = Math.max(...node.volumes, 1);
    const half = wide / 2 - 1;
    context.fillStyle = this.colours.sunken;
    context.beginPath();
    context.roundRect(0, 54, wide, 4, 2);
    context.fill();
    const [left, right] = node.volumes.map((volume) => (half * volume) / most);
    context.fillStyle = this.colours["plot-1"];
    context.fillRect(half - left, 54, left, 4);
    context.fillStyle = this.colours["plot-3"];
    context.fillRect(half + 2, 54, right, 4);
  }

  nameOf(node) {
    return this.kept(this.texts, `${node.key} name`, 2 * KEPT_TEXTS, 88, 18, (context, wide) => {
      context.textAlign = "center";
      this.line(context, node.called, `500 12px ${this.family}`, "text", wide / 2, 13, wide);
    });
  }

  offerOf(node) {
    return this.kept(this.texts, `${node.key} offer`, 2 * KEPT_TEXTS, 160, 48, (context, wide) => {
      context.textAlign = "center";
      this.line(context, node.name, `600 14px ${this.family}`, "accent", wide / 2, node.facts ? 20 : 29, wide);
      this.line(context, node.facts, `400 12px ${this.family}`, "muted", wide / 2, 38, wide);
    });
  }

  /* A line of text, shortened where it is too long. */
  line(context, text, font, colour, x, y, wide) {
    context.font = font;
    context.fillStyle = this.colours[colour];
    let shown = text;
    while (shown && context.measureText(shown).width > wide) shown = `${[...shown.replace(/…$/, "")].slice(0, -1).join("")}…`;
    context.fillText(shown, x, y);
  }

  kept(store, key, most, wide, high, paint) {
    const found = store.get(key);
    if (found) return found;
    const made = document.createElement("canvas");
    made.width = Math.ceil(wide * this.ratio);
    made.height = Math.ceil(high * this.ratio);
    const context = made.getContext("2d");
    context.scale(this.ratio, this.ratio);
    paint(context, wide, high);
    if (store.size >= most) store.delete(store.keys().next().value);
    store.set(key, made);
    return made;
  }
}
