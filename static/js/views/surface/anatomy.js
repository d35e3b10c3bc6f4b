// @ts-check
/** The coming step on the contour, in parts: asked for while it is looked at, drawn as arrows, told in words. */

import {h, setText} from "../../draw/dom.js";
import {compact, plain} from "../../draw/format.js";
import {drawArrow} from "./marks.js";
import {arrowsOf, numbersOf} from "./step_parts.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("./step_parts.js").Parts} Parts */

/** Rest between two questions, in milliseconds. */
const REST = 90;

export class Anatomy {
  /** @type {State | null} */
  state = null;
  /** @type {Parts | null} */
  parts = null;
  /** The plane that they are told on. */
  plane = -1;
  /** Whether the picture shows them. */
  active = false;
  /** What was asked for last, and whether the answer is on its way. */
  asked = "";
  busy = false;
  timer = 0;
  rows = {gradient: rowOf("gradient"), momentum: rowOf("momentum"), update: rowOf("update"), rates: rowOf("rates")};
  element = h("div", {class: "surface-parts", hidden: true}, ...Object.values(this.rows).map(row => row.element));

  /** @param {import("../../types").ViewContext} context @param {() => void} changed */
  constructor({t, act}, changed) {
    this.t = t;
    this.act = act;
    this.changed = changed;
  }

  /** @param {State} state @param {boolean} wanted whether the picture shows it */
  update(state, wanted) {
    this.state = state;
    this.active = wanted;
    if (!wanted) this.parts = null;
    this.ask();
  }

  async ask() {
    const {state} = this;
    const wish = wishOf(state);
    if (this.busy || this.timer || !this.active || state?.connection !== "open") return;
    if (!wish || wish === this.asked || document.hidden) return;
    this.busy = true;
    this.asked = wish;
    const reply = await this.act("anatomy");
    this.busy = false;
    if (reply.ok !== false) {
      this.parts = /** @type {Parts | null} */ (reply.anatomy ?? null);
      this.plane = Number(reply.plane_id);
      this.changed();
    }
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.ask();
    }, REST);
  }

  /** Whether the parts belong to the plane on show. */
  fits() {
    return this.plane === this.state?.surface?.plane_id;
  }

  hide() {
    if (!this.element.hidden) this.element.hidden = true;
  }

  /**
   * Where the coming step leads from (a, b) on the plane; null where it is not known.
   * @param {number} a
   * @param {number} b
   * @returns {[number, number] | null}
   */
  landing(a, b) {
    const {parts} = this;
    if (!parts?.coming || !this.fits() || parts.step !== this.state?.frame?.step) return null;
    const [da, db] = numbersOf(parts.update);
    return Number.isFinite(da + db) ? [a + da, b + db] : null;
  }

  /** Arrows from the ball, and the words to them; whether there are any.
   * @param {CanvasRenderingContext2D} ctx
   * @param {import("./stage.js").Stage} stage
   * @param {Float32Array} ball
   * @param {Palette} palette
   * @param {[string, string]} names of the axes
   * @param {boolean} left whether the words stand on the left, out of the ball's way
   */
  draw(ctx, stage, ball, palette, names, left) {
    const {parts, element} = this;
    const shown = parts !== null && this.fits();
    if (element.hidden === shown) element.hidden = !shown;
    element.classList.toggle("left", left);
    if (!parts || !shown) return false;
    const colours = {gradient: palette.backward, momentum: palette.test, update: palette.text};
    const arrows = arrowsOf(parts, (da, db) => stage.vector(da, db));
    for (const {name, dx, dy} of arrows) drawArrow(ctx, ball[0], ball[1], dx, dy, palette, colours[name]);
    this.write(arrows, colours, names);
    return true;
  }

  /** @param {import("./step_parts.js").Arrow[]} arrows @param {Record<string, string>} colours
   * @param {[string, string]} names */
  write(arrows, colours, names) {
    const {rows, t} = this;
    const {rates = null} = this.parts ?? {};
    for (const name of /** @type {const} */ (["gradient", "momentum", "update"])) {
      const arrow = arrows.find(one => one.name === name);
      const row = rows[name];
      row.element.hidden = !arrow;
      if (!arrow) continue;
      row.sign.style.background = colours[name];
      setText(row.text, t(arrow.key) + (arrow.times === 1 ? "" : `  ×${compact(arrow.times)}`));
    }
    rows.rates.element.hidden = rates === null;
    if (!rates) return;
    const [a, b] = numbersOf(rates);
    setText(rows.rates.text, t("surface.part_rates", {x: names[0], y: names[1], a: plain(a, 2), b: plain(b, 2)}));
  }

  destroy() {
    clearTimeout(this.timer);
  }
}

/** A line of words with the colour of its arrow. @param {string} name */
function rowOf(name) {
  const sign = h("i", {"aria-hidden": "true"});
  const text = h("span");
  return {sign, text, element: h("div", {dataset: {part: name}, hidden: true}, sign, text)};
}

/** What the parts depend on; "" where there is nothing to ask for. @param {State | null} state */
function wishOf(state) {
  if (!state?.surface || !state.frame) return "";
  const {surface, frame, playing, config} = state;
  return [surface.plane_id, frame.seq, playing, JSON.stringify(config?.optimizer), config?.batch_size].join(" ");
}
