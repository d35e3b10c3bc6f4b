// @ts-check
/** What the pages have in common that show one thing over the run: a chart of steps instead of rows of layers. */

import {nearest} from "../shared/line_chart.js";

/** @typedef {import("../../types").OverRun} OverRun */
/** @typedef {import("../shared/line_chart.js").Chart} Chart */
/** @typedef {import("./sheet.js").Page} Page */
/** @typedef {import("./sheet.js").Rows} Rows */
/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Translate} Translate */

/** What a page knows of its subject.
 * @typedef {object} Subject
 * @property {OverRun["name"]} name
 * @property {(sheet: Sheet, over: OverRun, t: Translate) => Chart} paint
 * @property {(over: OverRun, t: Translate) => [string, string]} words
 * @property {(over: OverRun, k: number, t: Translate) => string} tip of a step */

/** @implements {Page} */
export class OverRunPage {
  choosing = false;
  /** The chart, as one row. @type {Rows | null} */
  place = null;
  /** @type {Chart | null} */
  chart = null;

  /** @param {Translate} t @param {Subject} subject */
  constructor(t, subject) {
    this.t = t;
    this.subject = subject;
  }

  /** What is asked for with each reading. */
  get over() {
    return this.subject.name;
  }

  /** What has been measured of it. @param {Sheet} sheet */
  measured({lab: {over}}) {
    return over?.name === this.subject.name ? over : null;
  }

  /** @param {Sheet} sheet */
  paint(sheet) {
    const over = this.measured(sheet);
    this.chart = over?.steps.length ? this.subject.paint(sheet, over, this.t) : null;
    const {chart} = this;
    this.place = chart && {top: chart.top, row: chart.bottom - chart.top, layers: 1};
  }

  /** @param {number} x @param {number} y */
  layerAt(x, y) {
    const {chart} = this;
    return chart && x >= chart.left && x <= chart.right && y >= chart.top && y <= chart.bottom ? 0 : -1;
  }

  /** @param {Sheet} sheet @returns {[string, string]} */
  words(sheet) {
    const over = this.measured(sheet);
    if (!over) return [this.t("lab.empty"), ""];
    return over.why ? [this.t(`lab.${over.name}_${over.why}`), ""] : this.subject.words(over, this.t);
  }

  /** @param {Sheet} sheet @param {number} _ @param {number} x */
  tip(sheet, _, x) {
    const over = this.measured(sheet);
    return over && this.chart ? this.subject.tip(over, nearest(this.chart, Array.from(over.steps), x), this.t) : "";
  }
}

/** A column of what was measured. @param {OverRun} over @param {number} j @param {"rows" | "theory"} [of]
 * @returns {number[]} */
export function columnOf({steps, columns, rows, theory}, j, of = "rows") {
  const numbers = of === "rows" ? rows : (theory ?? new Float32Array(0));
  return Array.from(steps, (_, k) => numbers[k * columns + j]);
}

/** The newest row. @param {OverRun} over */
export const newestOf = ({columns, rows}) => Array.from(rows.slice(-columns));
