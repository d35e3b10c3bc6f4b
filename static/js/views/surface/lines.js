// @ts-check
/**
 * The surface along one line: the loss from the start of the run to now, and how sharply it bends over time. The
 * numbers are asked for while they are looked at; a worker computes them.
 */

import {compact} from "../../draw/format.js";
import {cutFigures, cutTip, paintCut} from "./cut.js";
import {paintSharpness, sharpnessFigures, sharpnessTip, sharpnessWords} from "./sharpness.js";

/** @typedef {import("../../types").State} State */

/** Rest between two questions, in milliseconds: while the run goes on, and while earlier steps are filled in. */
const REST = 450;
const SOON = 120;

/** What a curve belongs to: another one of these, and nothing of the old holds. @param {State} state */
const runOf = ({layout, config}) =>
  JSON.stringify([layout?.id, config?.seed, config?.data, config?.loss, config?.initial]);

export class Lines {
  /** @type {State | null} */
  state = null;
  /** The way to look at the surface that is on show. */
  mode = "";
  /** @type {import("./cut.js").Cut | null} */
  cut = null;
  /** @type {import("./sharpness.js").Sharpness | null} */
  sharp = null;
  /** The chart that was painted last. @type {import("../shared/line_chart.js").Chart | null} */
  chart = null;
  run = "";
  /** What was asked for last, and whether the answer is on its way. */
  asked = "";
  busy = false;
  timer = 0;

  /** @param {import("../../types").ViewContext} context @param {() => void} changed something new is to be painted */
  constructor({t, act}, changed) {
    this.t = t;
    this.act = act;
    this.changed = changed;
  }

  /** @param {State} state @param {string} mode what is on show */
  update(state, mode) {
    const run = runOf(state);
    this.state = state;
    this.mode = mode;
    if (this.run !== run) {
      this.run = run;
      this.cut = this.sharp = null;
      this.asked = "";
    }
    this.ask();
  }

  ask() {
    const {state, mode, run} = this;
    if (this.busy || this.timer || !state || state.connection !== "open" || !state.frame) return;
    if (mode !== "cut" && mode !== "sharpness") return;
    const wish = `${mode} ${run} ${state.frame.step} ${state.log.length} ${state.config?.optimizer.name}`;
    if (this.asked === wish && !(mode === "sharpness" && this.sharp?.more)) return;
    this.send(mode, run, wish);
  }

  /** @param {"cut" | "sharpness"} op @param {string} run @param {string} wish */
  async send(op, run, wish) {
    this.busy = true;
    this.asked = wish;
    const reply = await this.act(op);
    this.busy = false;
    if (reply.ok === false) this.asked = "";
    else if (run === this.run) {
      if (op === "cut") this.cut = /** @type {any} */ (reply);
      else this.sharp = /** @type {any} */ (reply);
      this.changed();
    }
    const filling = op === "sharpness" && this.sharp?.more && !this.state?.playing;
    this.timer = window.setTimeout(
      () => {
        this.timer = 0;
        this.ask();
      },
      filling ? SOON : REST,
    );
  }

  /** Whether there is something to paint. */
  ready() {
    return this.mode === "cut" ? this.cut !== null : this.sharp !== null && this.sharp.points.length > 0;
  }

  /** @param {import("../../draw/plot.js").Sheet} sheet @param {import("../../draw/plot.js").Palette} palette */
  paint(sheet, palette) {
    const {state, mode, cut, sharp, t} = this;
    sheet.ctx.clearRect(0, 0, sheet.width, sheet.height);
    this.chart = null;
    if (!state) return;
    if (mode === "cut" && cut) this.chart = paintCut(sheet, palette, cut, state.view.log_loss, t);
    if (mode === "sharpness" && sharp?.points.length) this.chart = paintSharpness(sheet, palette, sharp, state, t);
  }

  /** The readout at a place. @param {{x: number, y: number}} place @returns {string} "" for none */
  read({x}) {
    const {state, chart, mode, cut, sharp, t} = this;
    if (!chart || !state || x < chart.left || x > chart.right) return "";
    if (mode === "cut" && cut) return cutTip(cut, chart, x, t);
    return sharp ? sharpnessTip(sharp, state, chart, x, t) : "";
  }

  /** Name and value of what stands below the picture. @returns {{name: string, value: string, tip: string}[]} */
  figures() {
    const {state, mode, cut, sharp, t} = this;
    const figures = mode === "cut" ? cutFigures(cut, t) : sharpnessFigures(sharp, state);
    const n = sharp?.factor === null ? "" : `${compact(2 * (sharp?.factor ?? 1))}/η`;
    return figures.map(([name, value]) => ({
      name: t(`surface.${name}`, {n}),
      value,
      tip: t(`surface.${name}_title`, {optimizer: t(`optimizer.${state?.config?.optimizer.name ?? "sgd"}`)}),
    }));
  }

  /** What the numbers mean, in words. */
  words() {
    const {state, mode, sharp, t} = this;
    if (!state) return "";
    if (mode === "cut") return t("surface.cut_words");
    return sharp?.points.length ? sharpnessWords(sharp, state, t) : "";
  }

  destroy() {
    clearTimeout(this.timer);
  }
}
