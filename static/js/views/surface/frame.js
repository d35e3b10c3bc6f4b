// @ts-check
/** What stands around the picture and over it: controls, figures, words where there is nothing to see, a readout. */

import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {integer, percent} from "../../draw/format.js";
import {Figures} from "./figures.js";
import {Toolbar} from "./toolbar.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./toolbar.js").Wishes & {stop: () => void}} Wishes */

export class SurfaceFrame {
  /** @param {HTMLElement} root @param {Wishes} wishes @param {Translate} t */
  constructor(root, wishes, t) {
    this.root = root;
    this.t = t;
    this.title = root.querySelector("h2");
    this.toolbar = new Toolbar(this.title, wishes, t);
    this.figures = new Figures(t);
    this.stage = h("div", {class: "surface-stage plot-stage"});
    this.emptyTitle = h("strong");
    this.emptyText = h("span");
    this.emptiness = h("div", {class: "plot-empty"}, this.emptyTitle, this.emptyText);
    this.noted = h("div", {class: "surface-note", role: "status", "aria-live": "off", hidden: true});
    this.tip = h("div", {class: "plot-tip", hidden: true});
    this.bar = h("i");
    this.way = h("div", {class: "surface-progress", role: "progressbar", hidden: true}, this.bar);
    this.stopWords = h("span");
    this.stop = h(
      "button",
      {type: "button", class: "surface-stop", hidden: true, dataset: {role: "surface-stop"}, onclick: wishes.stop},
      this.stopWords,
      " ×",
    );
    root.append(this.toolbar.element, this.stage, ...this.figures.elements);
  }

  /** Furniture over the sheets; call once they are in place. */
  dress() {
    const said = h("div", {class: "surface-said"}, this.stop, this.noted);
    const over = h("div", {class: "surface-over"}, said, this.toolbar.corner);
    this.stage.append(this.emptiness, this.way, over, this.tip, this.toolbar.options.element);
  }

  /** @param {import("../../types").State} state */
  words(state) {
    this.toolbar.words(state);
    this.figures.words();
    setAttribute(this.way, "aria-label", this.t("surface.progress"));
  }

  /**
   * @param {number} share 0…1, 1 hides it
   * @param {number} resolution of the picture on its way, where it takes long enough to be given up; else 0
   * @param {number | null} laid the step of the plane that is shown until another comes; null where that is the same
   */
  progress(share, resolution, laid) {
    const {stop, way} = this;
    const done = !(share < 1);
    if (stop.hidden !== !resolution) stop.hidden = !resolution;
    if (resolution) {
      const size = `${resolution} × ${resolution} · ${percent(share)}`;
      setText(this.stopWords, laid === null ? size : this.t("surface.old_plane", {step: integer(laid), size}));
      explain(stop, this.t(laid === null ? "surface.stop" : "surface.stop_new"));
    }
    if (way.hidden !== done) way.hidden = done;
    if (done) return;
    setAttribute(way, "aria-valuenow", String(Math.round(100 * share)));
    this.bar.style.width = `${100 * Math.max(0.04, share)}%`;
  }

  /** @param {string | null} title null: there is something to see @param {string} [text] */
  empty(title, text = "") {
    hide(this.emptiness, title === null);
    setText(this.emptyTitle, title ?? "");
    setText(this.emptyText, text);
  }

  /** @param {string} text "" for none */
  note(text) {
    const {noted} = this;
    if (noted.hidden === !text && noted.textContent === text) return;
    hide(noted, !text);
    setText(noted, text);
  }

  /** A readout beside the pointer, kept inside the stage. @param {{x: number, y: number, text: string} | null} what */
  point(what) {
    const {tip, stage} = this;
    hide(tip, !what);
    if (!what) return;
    setText(tip, what.text);
    const room = stage.clientWidth - tip.offsetWidth - 4;
    const x = Math.max(4, what.x + 14 > room ? what.x - tip.offsetWidth - 12 : what.x + 14);
    const y = Math.max(4, what.y - tip.offsetHeight - 8);
    tip.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
  }

  destroy() {
    this.toolbar.destroy();
    if (this.title) this.root.append(this.title);
    for (const element of [this.toolbar.element, this.stage, ...this.figures.elements]) element.remove();
  }
}
