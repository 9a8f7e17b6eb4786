/* Draws the tree over the page's list: drag, pinch, wheel and keys move it, a press opens whoever is there. */

import { Branch } from "./tree_branch.js";
import { ACROSS, DOWN, layOut, nearest } from "./tree_layout.js";
import { Painter, sizeAt } from "./tree_paint.js";

const { select, zoom: makeZoom, zoomIdentity } = globalThis.d3;
const NEAR = 1;
const FAR = 0.03;
const EDGE = 800;
const MOVE = 200;
const FLIGHT = 900;

class Drawing {
  constructor(stage) {
    this.stage = stage;
    this.canvas = stage.querySelector("canvas");
    this.panel = stage.querySelector("[data-panel]");
    this.branch = new Branch(stage.dataset);
    this.rows = [];
    this.focused = null;
    this.view = zoomIdentity;
    this.movedAt = -Infinity;
    this.isStill = matchMedia("(prefers-reduced-motion: reduce)");
    this.painter = new Painter(this.canvas, () => this.draw());
    this.zoom = makeZoom().scaleExtent([FAR, 2]).clickDistance(6).on("zoom", (event) => {
      this.view = event.transform;
      this.draw();
    });
    this.surface = select(this.canvas).call(this.zoom).on("dblclick.zoom", null);
  }

  async start() {
    new ResizeObserver(() => this.resize()).observe(this.canvas);
    for (const query of ["(prefers-color-scheme: dark)", "(min-resolution: 1.5dppx)"]) {
      matchMedia(query).addEventListener("change", () => this.restyle());
    }
    document.fonts.ready.then(() => this.restyle());
    this.listen();
    await this.branch.fetch(this.stage.dataset.at, 2);
    this.painter.resize();
    this.arrange(this.branch.root);
    this.movedAt = -Infinity;
    this.whole(0);
  }

  listen() {
    const press = { near: () => this.scale(1.5), far: () => this.scale(1 / 1.5), whole: () => this.whole(MOVE) };
    for (const button of this.stage.querySelectorAll("button[data-do]")) {
      button.addEventListener("click", () => press[button.dataset.do]());
    }
    this.canvas.addEventListener("click", (event) => this.press(event));
    this.canvas.addEventListener("mousemove", (event) => {
      this.canvas.style.cursor = this.hit(event) ? "pointer" : "";
    });
    this.canvas.addEventListener("keydown", (event) => this.key(event));
    this.canvas.addEventListener("focus", () => {
      if (!this.focused && this.branch.root && this.canvas.matches(":focus-visible")) this.focus(this.branch.root);
    });
    const form = document.querySelector("form[role=search]");
    form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search(form.elements.q.value.trim());
    });
  }

  resize() {
    const [wide, high] = [this.painter.width, this.painter.height];
    this.painter.resize();
    if (wide && this.rows.length) {
      const { x, y, k } = this.view;
      const moved = zoomIdentity.translate(x + (this.painter.width - wide) / 2, y + (this.painter.height - high) / 2).scale(k);
      this.surface.call(this.zoom.transform, moved);
    }
    this.draw();
  }

  restyle() {
    this.painter.lookUp();
    this.draw();
  }

  draw() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = undefined;
      const gone = this.isStill.matches ? 1 : Math.min(1, (performance.now() - this.movedAt) / MOVE);
      const isActive = document.activeElement === this.canvas;
      this.stage.drawn = this.painter.paint(this.rows, this.view, 1 - (1 - gone) ** 3, isActive ? this.focused : null);
      if (gone < 1) this.draw();
    });
  }

  /* Lay out anew what is open; `anchor` stays where it is. */
  arrange(anchor) {
    this.rows = layOut(this.branch.root, anchor, this.painter.isMirrored && !this.stage.dataset.sided);
    this.stage.open = this.rows.reduce((sum, row) => sum + row.length, 0);
    const [left, right] = this.ends();
    this.zoom.translateExtent([[left - EDGE, -EDGE], [right + EDGE, this.rows.length * DOWN + EDGE]]);
    this.movedAt = performance.now();
    this.draw();
  }

  ends() {
    const ends = this.rows.flatMap((row) => [row[0].x, row.at(-1).x]);
    return [Math.min(...ends), Math.max(...ends)];
  }

  async open(node) {
    if (!node.isLoaded) await this.attempt(() => this.branch.fetch(node.at, 1));
    node.isOpen = node.isLoaded;
  }

  /* Whoever is pressed opens or closes; a free place and a button lead on. */
  async act(node) {
    if (node.kind === "place") return location.assign(node.address);
    if (node.kind === "more") await this.attempt(() => this.branch.fetch(node.parent.at, 1, node.parent.after));
    else if (node.isOpen && node.below.length) this.branch.close(node);
    else await this.open(node);
    this.arrange(node.kind === "more" ? node.parent : node);
    this.show(node.kind === "more" ? node.parent : node);
  }

  async attempt(fetch) {
    this.stage.setAttribute("aria-busy", "true");
    try {
      return await fetch();
    } catch {
      this.say(this.stage.dataset.failed);
    } finally {
      this.stage.removeAttribute("aria-busy");
    }
  }

  press(event) {
    const node = this.hit(event);
    if (!node) return;
    this.focus(node);
    if (this.view.k < 0.3) this.fly(node, NEAR, FLIGHT);
    else this.act(node);
  }

  hit(event) {
    const { x, y, k } = this.view;
    const size = sizeAt(k);
    const [across, down] = [(event.offsetX - x) / k, (event.offsetY - y) / k];
    const node = nearest(this.rows, across, down);
    if (!node) return null;
    const isOn = Math.abs(node.x - across) * k <= Math.max(size.across, 12) && Math.abs(node.depth * DOWN - down) * k <= Math.max(size.down, 12) + 10;
    return isOn ? node : null;
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const node = this.focused ?? this.branch.root;
    const row = this.rows[node?.depth] ?? [];
    const keys = {
      ArrowLeft: () => this.focus(row[node.index - 1]),
      ArrowRight: () => this.focus(row[node.index + 1]),
      ArrowUp: () => this.focus(node.parent),
      ArrowDown: () => (node.isOpen ? this.focus(this.middle(node)) : node.kind === "person" && this.act(node)),
      Home: () => this.focus(this.branch.root),
      Enter: () => this.act(node),
      " ": () => this.act(node),
      "+": () => this.scale(1.5),
      "=": () => this.scale(1.5),
      "-": () => this.scale(1 / 1.5),
      0: () => this.whole(MOVE),
      "*": () => this.openRow(row),
    };
    if (!node || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  }

  middle(node) {
    const shown = [...node.below].sort((one, other) => one.index - other.index);
    return shown[Math.floor((shown.length - 1) / 2)];
  }

  /* Open all of a row that are not open yet. */
  async openRow(row) {
    const closed = row.filter((node) => node.kind === "person" && !node.isOpen && node.hidden);
    while (closed.length) {
      await Promise.all(closed.splice(0, 4).map((node) => this.open(node)));
      this.arrange(this.focused ?? this.branch.root);
    }
  }

  focus(node) {
    if (!node) return;
    this.focused = node;
    this.show(node);
    this.reveal(node);
    this.draw();
  }

  /* Move just as far as a node needs to be seen. */
  reveal(node) {
    const { x, y, k } = this.view;
    const size = sizeAt(k);
    const [across, down] = [x + node.x * k, y + node.depth * DOWN * k];
    const within = (at, most, edge) => Math.min(Math.max(at, edge), Math.max(edge, most - edge));
    const moveX = within(across, this.painter.width, size.across + 12) - across;
    const moveY = within(down, this.painter.height, size.down + 24) - down;
    if (moveX || moveY) this.go(zoomIdentity.translate(x + moveX, y + moveY).scale(k), MOVE);
  }

  fly(node, scale, time) {
    const { width, height } = this.painter;
    this.go(zoomIdentity.translate(width / 2 - node.x * scale, height * 0.4 - node.depth * DOWN * scale).scale(scale), time);
  }

  go(view, time) {
    const isStill = this.isStill.matches || !time;
    (isStill ? this.surface : this.surface.transition().duration(time)).call(this.zoom.transform, view);
  }

  scale(by) {
    (this.isStill.matches ? this.surface : this.surface.transition().duration(MOVE)).call(this.zoom.scaleBy, by, this.middleOfView());
  }

  /* What stays where it is while keys and buttons zoom: whoever has the focus, if they are in view. */
  middleOfView() {
    const { width, height } = this.painter;
    const { x, y, k } = this.view;
    const at = this.focused && [x + this.focused.x * k, y + this.focused.depth * DOWN * k];
    const isSeen = at && at[0] > 0 && at[0] < width && at[1] > 0 && at[1] < height;
    return isSeen ? at : [width / 2, height / 2];
  }

  /* All that is open, as near as it fits, and no farther than faces have names. */
  whole(time) {
    const [left, right] = this.ends();
    const { width, height } = this.painter;
    const fits = Math.min(width / (right - left + ACROSS), height / (this.rows.length * DOWN), NEAR);
    const scale = Math.max(fits, FAR);
    const top = this.rows[0][0];
    const middle = (left + right) / 2;
    const x = fits >= 0.46 || time ? middle : top.x;
    const near = time ? scale : Math.max(scale, 0.46);
    const spare = Math.max(0, height - this.rows.length * DOWN * near) / 2;
    this.go(zoomIdentity.translate(width / 2 - x * near, (DOWN / 2) * near + 0.7 * spare).scale(near), time);
  }

  /* What the panel says of a node; it is read out, too. */
  show(node) {
    const lines = node.kind === "person"
      ? [node.statuses, node.facts, node.legs && this.words("legs", { left: node.legs[0], right: node.legs[1] }), node.since, node.hidden, node === this.branch.root && this.stage.dataset.sponsor]
      : [node.facts];
    const [title, about] = [document.createElement("strong"), document.createElement("span")];
    title.textContent = node.name;
    about.textContent = lines.filter(Boolean).join(" · ");
    const parts = [title, about];
    if (node.address && node !== this.branch.root) {
      const link = document.createElement("a");
      link.href = node.address;
      link.className = "button soft";
      link.textContent = node.kind === "place" ? this.stage.dataset.enrol : this.stage.dataset.from;
      parts.push(link);
    }
    this.panel.replaceChildren(...parts);
    this.panel.hidden = false;
  }

  words(name, values) {
    return this.stage.dataset[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  say(text) {
    this.panel.textContent = text;
    this.panel.hidden = false;
  }

  /* Fly to whoever is looked for; where several are, they are listed to choose from. */
  async search(said) {
    if (!said) return;
    const asked = new URLSearchParams({ q: said });
    const answer = await this.attempt(() => this.branch.ask(`${this.stage.dataset.find}?${asked}`));
    if (!answer) return;
    const { found } = answer;
    if (found.length === 1) return this.flyTo(found[0].at);
    this.say(found.length ? this.stage.dataset.several : this.stage.dataset.none);
    const list = document.createElement("ul");
    for (const each of found) {
      const item = document.createElement("li");
      const button = document.createElement("button");
      Object.assign(button, { type: "button", textContent: `${each.name} (${each.at})`, className: "button text" });
      button.addEventListener("click", () => this.flyTo(each.at));
      item.append(button);
      list.append(item);
    }
    if (found.length) this.panel.append(list);
  }

  async flyTo(at) {
    const node = await this.attempt(() => this.branch.wayTo(at));
    if (!node) return location.assign(`${this.stage.dataset.page}?${new URLSearchParams({ at })}`);
    this.arrange(this.branch.root);
    this.movedAt = -Infinity;
    this.focused = node;
    this.canvas.focus({ preventScroll: true });
    this.show(node);
    this.fly(node, NEAR, FLIGHT);
  }
}

const stage = document.querySelector("[data-tree]");
const list = document.querySelector("[data-list]");
if (stage && globalThis.d3) {
  stage.hidden = false;
  list.open = false;
  const drawing = new Drawing(stage);
  drawing.start().catch(() => {
    stage.hidden = true;
    list.open = true;
  });
}
