/* The branch that has been fetched so far: nodes by their id, each with those below it. */

import { forget } from "./tree_layout.js";

const WEIGHTS = 4;

export class Branch {
  /* `words` and addresses are the page's: see portal/tree.html. */
  constructor(page) {
    this.page = page;
    this.nodes = new Map();
    this.root = null;
  }

  /* Fetch `levels` below a node, or the next page of those directly below it. */
  async fetch(at, levels, after = 0) {
    const asked = new URLSearchParams({ at, levels, after });
    const found = await this.ask(`${this.page.branch}?${asked}`);
    for (const each of found.nodes) this.take(each);
    this.weigh();
    return this.nodes.get(found.nodes[0].id);
  }

  async ask(address) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok || answer.redirected) throw new Error(`${address} was answered by ${answer.status}`);
    return answer.json();
  }

  take(found) {
    const known = this.nodes.get(found.id);
    const node = known ?? { kind: "person", key: found.id, people: [], below: [], isOpen: false, isLoaded: false, parent: null };
    const { above, isOpen, ...facts } = found;
    if (!known || !known.isLoaded || isOpen) Object.assign(node, facts);
    if (isOpen && !node.isLoaded) Object.assign(node, { isLoaded: true, isOpen: true });
    node.called = node.name.split(" ")[0];
    if (!this.page.sided) node.side = 0;
    this.nodes.set(found.id, node);
    const parent = above === null ? null : this.nodes.get(above);
    if (parent && !parent.people.includes(node)) {
      parent.people.push(node);
      node.parent = parent;
    }
    this.root ??= node;
    for (const each of [parent, node]) if (each) each.below = this.below(each);
  }

  /* People and free places from left to right, then a button for the next page. */
  below(node) {
    const places = node.places.map((each) => this.offer(node, `place ${each.side}`, {
      kind: "place", side: each.side, address: each.address, name: this.page.enrol, facts: each.said,
    }));
    const more = node.after ? [this.offer(node, "more", { kind: "more", name: this.page.more, facts: node.hidden })] : [];
    const placed = [...node.people, ...places];
    if (places.some((each) => each.side)) placed.sort((one, other) => one.side - other.side);
    return [...placed, ...more];
  }

  offer(parent, key, facts) {
    parent.offers ??= new Map();
    const known = parent.offers.get(key) ?? { key: `${parent.id} ${key}`, parent, people: [], below: [], places: [], isOpen: false };
    parent.offers.set(key, known);
    return Object.assign(known, facts);
  }

  /* How thick the line to each node is, from 0 for none: by the volume of the leg that it begins, or by its own points
  where no plan counts legs. */
  weigh() {
    let most = 1;
    for (const node of this.nodes.values()) most = Math.max(most, this.volume(node));
    for (const node of this.nodes.values()) {
      const volume = this.volume(node);
      node.weight = volume ? Math.max(1, Math.round(WEIGHTS * Math.sqrt(volume / most))) : 0;
    }
  }

  volume(node) {
    return node.parent?.legs ? node.parent.volumes[node.side - 1] ?? 0 : node.own;
  }

  close(node) {
    node.isOpen = false;
    forget(node);
  }

  /* The nodes on the way down to a position; fetches what is missing of them. Null where they cannot be reached. */
  async wayTo(at) {
    const { way } = await this.ask(`${this.page.way}?${new URLSearchParams({ at })}`);
    const start = way.findLastIndex((id) => this.nodes.has(id));
    if (start < 0) return null;
    let node = this.nodes.get(way[start]);
    for (const id of way.slice(start + 1)) {
      if (!node.isLoaded) await this.fetch(node.at, 3);
      for (let page = 0; page < 8 && !this.nodes.has(id) && node.after; page += 1) await this.fetch(node.at, 1, node.after);
      node = this.nodes.get(id);
      if (!node) return null;
    }
    for (let each = node.parent; each; each = each.parent) each.isOpen = true;
    return node;
  }
}
