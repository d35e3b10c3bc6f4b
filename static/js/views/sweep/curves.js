// @ts-check
/** The curves of a sweep over one number: the picture with what it says under pointer and keys, and its table. */

import {h, hide, setAttribute, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {palette as paletteOf, sheetsOf} from "../../draw/plot.js";
import {keyCursor} from "../shared/key_cursor.js";
import {FoldedTables} from "../shared/numbers.js";
import {placeAlong, saidBy} from "../shared/tip.js";
import {QUANTITIES} from "./cells.js";
import {paintSweep} from "./chart.js";
import {curvesOf, nearestTo, placesOf, spanOf, thresholdAt} from "./lines.js";
import {placeName, readingOf, tableOf, valueName} from "./words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./lines.js").Curve} Curve */
/** @typedef {import("./survey.js").Cell} Cell */
/**
 * What there is to draw: the outcomes, row by row, a row for each seed.
 * @typedef {object} Drawn
 * @property {string} name of the quantity
 * @property {(number | string)[]} values
 * @property {number[]} seeds
 * @property {string} measure
 * @property {(Cell | undefined)[]} outcomes
 * @property {number} targets that the nets are trained on; NaN while it is not known
 */
/** A column, and a seed; −1 for the median. @typedef {{column: number, row: number}} Cursor */

/** px from a seed's dot at which it is meant and not the median. */
const NEAR = 9;

export class SweepCurves {
  /** @type {State | null} */ state = null;
  /** @type {Drawn | null} */ drawn = null;
  /** @type {Curve[]} */ curves = [];
  /** @type {(import("../shared/line_chart.js").Chart & {log: boolean}) | null} */ chart = null;
  /** @type {Cursor | null} */ cursor = null;
  /** Whether a hand wants an axis by powers; null while none has chosen. @type {boolean | null} */ chosen = null;

  /**
   * @param {import("../../types").ViewContext} context
   * @param {(column: number, row: number) => void} open a run
   */
  constructor({t, announce}, open) {
    this.t = t;
    this.open = open;
    this.legend = h("div", {class: "plot-legend"});
    this.log = h("button", {type: "button", onclick: () => this.turnLog()});
    this.stage = h("div", {class: "plot-stage sweep-stage", dataset: {role: "sweep-stage"}});
    this.tip = h("div", {class: "plot-tip", hidden: true});
    this.cross = h("i", {hidden: true});
    this.table = new FoldedTables("sweep-table", t, () => this.tables());
    const head = h("div", {class: "plot-head sweep-head"}, this.legend, this.log);
    this.axis = h("div", {class: "sweep-axis", "aria-hidden": "true"});
    this.element = h("div", {class: "sweep-curves"}, head, this.stage, this.axis, this.table.element);
    const {sheets, destroy} = sheetsOf(this.stage, 1, () => this.paint());
    this.sheet = sheets[0];
    this.destroy = destroy;
    this.stage.append(this.tip);
    this.listen({t, announce});
  }

  /** @param {import("../shared/key_cursor.js").Voice} voice */
  listen(voice) {
    const {stage} = this;
    stage.addEventListener("pointermove", event => this.point(this.under(event)));
    stage.addEventListener("pointerleave", () => this.point(null));
    stage.addEventListener("click", event => this.press(event));
    keyCursor(stage, "sweep", voice, {
      move: (dx, dy) => this.walk(dx, dy),
      said: () => saidBy(this.tip),
      leave: () => this.point(null),
      keys: {Enter: () => this.cursor && this.open(this.cursor.column, Math.max(0, this.cursor.row))},
    });
  }

  /** What lies under the pointer: the column, and a seed where its dot is near. @param {MouseEvent} event
   * @returns {Cursor | null} */
  under({clientX, clientY}) {
    const {chart, drawn, curves} = this;
    if (!chart || !drawn || !curves.length) return null;
    const box = this.stage.getBoundingClientRect();
    const [x, y] = [clientX - box.left, clientY - box.top];
    const places = this.places();
    const column = nearestTo(places.map(chart.x), x);
    let [row, least] = [-1, NEAR];
    for (const {seeds} of curves)
      seeds.forEach((line, k) => {
        const value = line[column];
        const off = value === null ? Infinity : Math.hypot(chart.x(places[column]) - x, chart.y(value) - y);
        if (off < least) [row, least] = [k, off];
      });
    return {column, row: drawn.seeds.length > 1 ? row : -1};
  }

  /** A click opens the run; a finger reads first, and opens what it has read. @param {MouseEvent} event */
  press(event) {
    const under = this.under(event);
    if (!under) return;
    const touched = event instanceof PointerEvent && event.pointerType === "touch";
    const known = this.cursor?.column === under.column && this.cursor.row === under.row && this.touched;
    this.touched = touched;
    this.point(under);
    if (!touched || known) this.open(under.column, Math.max(0, under.row));
  }

  touched = false;

  /** The keys go to another column, or up and down from the median through the seeds. @param {number} dx
   * @param {number} dy @returns {boolean} */
  walk(dx, dy) {
    const {drawn, curves} = this;
    if (!drawn || !curves.length) return false;
    const {column, row} = this.cursor ?? {column: dx < 0 ? drawn.values.length : -1, row: -1};
    const last = drawn.seeds.length > 1 ? drawn.seeds.length - 1 : -1;
    this.point({
      column: Math.min(drawn.values.length - 1, Math.max(0, column + dx)),
      row: Math.min(last, Math.max(-1, row - dy)),
    });
    return true;
  }

  /** @param {Cursor | null} cursor */
  point(cursor) {
    this.cursor = cursor;
    this.paint();
  }

  turnLog() {
    this.chosen = !this.chart?.log;
    this.paint();
  }

  places() {
    const {name, values} = /** @type {Drawn} */ (this.drawn);
    return placesOf(values, QUANTITIES[name].axis);
  }

  /** The parameters of each column, as far as they are known. @returns {(number | undefined)[]} */
  parameters() {
    const {values, outcomes} = /** @type {Drawn} */ (this.drawn);
    return values.map((_, k) => outcomes.find((cell, at) => cell && at % values.length === k)?.parameters);
  }

  /** @param {State} state @param {Drawn} drawn */
  show(state, drawn) {
    if (this.drawn?.name !== drawn.name || this.drawn.measure !== drawn.measure) this.chosen = null;
    this.state = state;
    this.drawn = drawn;
    this.curves = curvesOf(drawn.outcomes, drawn.values.length, drawn.measure);
    this.writeLegend();
    this.paint();
    this.table.write();
  }

  paint() {
    const {sheet, state, drawn, curves, cursor, t} = this;
    if (!state || !drawn || sheet.width < 8 || sheet.height < 8) return;
    const palette = paletteOf(this.stage);
    const {axis} = QUANTITIES[drawn.name];
    const places = this.places();
    const {range, log, logs} = spanOf(curves, drawn.measure, this.chosen);
    this.chart = Object.assign(
      paintSweep(
        sheet,
        {
          ...{curves, places, range, log, cursor: curves.length ? cursor : null},
          names: drawn.values.map(value => valueName(value, drawn.name, t)),
          joined: axis !== "names",
          diverged: this.diverged(),
          threshold: this.threshold(places),
          words: t("sweep.threshold"),
        },
        palette,
      ),
      {log},
    );
    hide(this.log, !logs || !curves.length);
    setAttribute(this.log, "aria-pressed", String(log));
    this.tell();
  }

  /** Seeds that diverged, of each column; where that is what is drawn, they are no news. */
  diverged() {
    const {values, outcomes, measure} = /** @type {Drawn} */ (this.drawn);
    if (measure === "diverged") return values.map(() => 0);
    return values.map(
      (_, k) => outcomes.filter((cell, at) => cell?.diverged != null && at % values.length === k).length,
    );
  }

  /** Where a net can just interpolate, on curves over the width (Belkin et al. 2019). @param {number[]} places */
  threshold(places) {
    const {name, values, measure, targets} = /** @type {Drawn} */ (this.drawn);
    if (name !== "width" || (measure !== "loss" && measure !== "accuracy")) return null;
    return thresholdAt(places, this.parameters(), targets, values, QUANTITIES[name].axis);
  }

  /** What lies under the cursor, in words. */
  tell() {
    const {cursor, chart, state, drawn, curves, tip, t} = this;
    hide(tip, !cursor || !chart || !curves.length);
    if (!cursor || !chart || !state || !drawn || !curves.length) return;
    const {column, row} = cursor;
    const place = placeName(drawn.name, drawn.values[column], t);
    const parameters = this.parameters();
    const count = parameters[column];
    const diverged = this.diverged()[column];
    const lines = [
      drawn.seeds.length > 1
        ? t(row < 0 ? "sweep.at_median" : "sweep.at_seed", {place, n: drawn.seeds[row] ?? 0})
        : place,
      ...(count !== undefined && new Set(parameters).size > 1 ? [t("sweep.count", {n: count})] : []),
      ...readingOf(curves, cursor, state, t),
      ...(diverged && row < 0 ? [t("sweep.some_diverged", {n: diverged, of: drawn.seeds.length})] : []),
    ];
    setText(tip, lines.join("\n"));
    placeAlong(tip, this.cross, chart.x(this.places()[column]), this.stage.clientWidth);
  }

  writeLegend() {
    const {curves, drawn, t} = this;
    const several = (drawn?.seeds.length ?? 0) > 1;
    const sets = curves.filter(({set}) => set !== "own").map(({set}) => entry(set, t(`curves.${set}`)));
    const looks = several ? [entry("median", t("sweep.legend_median")), entry("seed", t("sweep.legend_seed"))] : [];
    this.legend.replaceChildren(...(curves.length ? [...sets, ...looks] : []));
    setText(this.axis, drawn ? t(`sweep.q_${drawn.name}`) : "");
    setText(this.log, t("curves.log"));
    explain(this.log, t("sweep.log_title"));
    this.stage.setAttribute("aria-label", this.spoken());
  }

  /** The picture in words. */
  spoken() {
    const {drawn, t} = this;
    if (!drawn) return t("sweep.title");
    const known = drawn.outcomes.filter(Boolean).length;
    return t("sweep.aria", {
      measure: t(`sweep.curves_${drawn.measure}`),
      name: t(`sweep.q_${drawn.name}`),
      runs: known,
    });
  }

  /** @returns {import("../shared/numbers.js").Table[]} */
  tables() {
    const {drawn, state, curves, t} = this;
    if (!drawn || !state || !curves.length) return [];
    return [tableOf(curves, drawn, this.parameters(), state, t)];
  }
}

/** @param {string} look @param {string} words */
const entry = (look, words) => h("span", {dataset: {look}}, h("i", {"aria-hidden": "true"}), words);
