// @ts-check
/** A strip of thumbnails: the page of samples that holds the chosen one. */

import {h} from "../../draw/dom.js";
import {pageOf} from "./samples_scene.js";

/** @typedef {import("./samples.js").Scene} Scene */
/** @typedef {import("./samples_scene.js").Judged} Judged */

/** px of a thumbnail, without and with its gap. */
const SIDE = 32;
const ROOM = 36;

export class Strip {
  element = h("div", {class: "boundary-strip"});
  width = 0;
  /** What is on it. */
  shown = "";

  /**
   * @param {import("../../types").ViewContext["t"]} t
   * @param {(row: number) => void} chosen
   * @param {() => void} resized it must be written anew
   */
  constructor(t, chosen, resized) {
    this.t = t;
    this.chosen = chosen;
    this.observer = new ResizeObserver(() => {
      this.width = this.element.clientWidth;
      resized();
    });
    this.observer.observe(this.element);
  }

  /** @param {Scene} scene @param {number[] | null} chosen rows to page through @param {number} row the chosen one */
  write(scene, chosen, row) {
    const rows = pageOf(chosen, scene.data.n, row, Math.floor(this.width / ROOM));
    const key = JSON.stringify([scene.key, rows]);
    if (key === this.shown) return;
    this.shown = key;
    this.element.replaceChildren(...rows.map(k => this.thumb(scene, k)));
  }

  /** @param {Scene} scene @param {number} k */
  thumb({data, judge, image}, k) {
    const picture = h("canvas", {width: SIDE, height: SIDE});
    const name = this.t("boundary.picture", {n: k + 1, truth: data.class_names[judge.labels[k]]});
    image.draw(/** @type {CanvasRenderingContext2D} */ (picture.getContext("2d")), k, 0, 0, SIDE);
    const props = {type: "button", class: "boundary-thumb", dataset: {row: k}, onclick: () => this.chosen(k)};
    return h("button", {...props, "aria-label": name, tip: name}, picture);
  }

  /** Show which one is chosen, and which are mistakes. @param {Judged} judged @param {number} row */
  mark({labels, taken}, row) {
    for (const thumb of /** @type {HTMLElement[]} */ ([...this.element.children])) {
      const k = Number(thumb.dataset.row);
      thumb.setAttribute("aria-pressed", String(k === row));
      thumb.classList.toggle("wrong", taken[k] >= 0 && taken[k] !== labels[k]);
    }
  }

  destroy() {
    this.observer.disconnect();
  }
}
