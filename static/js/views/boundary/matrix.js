// @ts-check
/** The confusion matrix: how many samples of each class the network takes for each; every cell leads to its samples. */

import {h, setText} from "../../draw/dom.js";
import {explain, nameControl} from "../../draw/explain.js";
import {integer, percent} from "../../draw/format.js";
import {cellKeys} from "../shared/key_cursor.js";
import {classesOf, confusion, Judge} from "./judge.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Layout} Layout */
/** The samples of a cell. @typedef {{rows: number[], truth: number, taken: number, test: boolean}} Picked */
/**
 * What follows from layout, data and language.
 * @typedef {{layout: Layout, data: Data, classes: number, cells: HTMLButtonElement[], shares: HTMLElement[],
 * judge: Judge}} Scene
 */

/** Classes whose rows find room beside the other panels. */
const MANY = 6;

/**
 * Share of a class that is taken for what it is; NaN where there is none of it.
 * @param {Int32Array} counts
 * @param {number} classes
 * @param {number} truth
 */
export function recall(counts, classes, truth) {
  let all = 0;
  for (let k = 0; k < classes; k++) all += counts[truth * classes + k];
  return counts[truth * classes + truth] / all;
}

/**
 * Samples of a cell, among the rows from…to.
 * @param {{labels: Int16Array, taken: Int16Array}} judged
 * @param {number} from
 * @param {number} to
 * @param {number} truth
 * @param {number} answer
 */
export function rowsOfCell({labels, taken}, from, to, truth, answer) {
  const rows = [];
  for (let k = from; k < to; k++) if (labels[k] === truth && taken[k] === answer) rows.push(k);
  return rows;
}

export class Matrix {
  /** @type {State | null} */
  state = null;
  /** @type {Scene | null} */
  scene = null;
  built = "";
  /** Whether the test set is looked at. */
  onTest = false;

  head = h("tr");
  body = h("tbody");
  table = h("table", {}, h("thead", {}, this.head), this.body);
  total = h("output", {class: "boundary-total"});
  note = h("p", {class: "boundary-note"});
  sets = [false, true].map(test => h("button", {type: "button", onclick: () => this.look(test)}));
  plot = h(
    "div",
    {class: "boundary-matrix"},
    h("div", {class: "boundary-cells"}, this.table),
    h(
      "div",
      {class: "boundary-side"},
      h("div", {class: "boundary-sets", role: "group"}, ...this.sets),
      this.total,
      this.note,
    ),
  );

  /**
   * @param {HTMLElement} root
   * @param {import("../../types").ViewContext} context
   * @param {(picked: Picked) => void} pick
   */
  constructor(root, {t, draw}, pick) {
    this.t = t;
    this.draw = draw;
    this.pick = pick;
    cellKeys(this.table);
    root.append(this.plot);
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    const {layout, data, frame, lang} = next;
    this.state = next;
    if (!layout || !data || !frame) return;
    const key = JSON.stringify([layout, lang]);
    if (key !== this.built || this.scene?.data !== data) {
      this.built = key;
      this.build(layout, data).judge.request(frame);
    } else if (frame.P !== before?.frame?.P && frame.layout === layout.id) this.scene.judge.request(frame);
  }

  /** @param {Layout} layout @param {Data} data @returns {Scene} */
  build(layout, data) {
    const classes = classesOf(data);
    const tested = data.train < data.n;
    if (!tested) this.onTest = false;
    this.sets[1].disabled = !tested;
    this.words();
    this.mark();
    this.scene?.judge.destroy();
    const cells = Array.from({length: classes * classes}, (_, k) => this.cell(k));
    const shares = data.class_names.map(() => h("td", {class: "recall"}));
    this.scene = {layout, data, classes, cells, shares, judge: new Judge(layout, data, this.draw, () => this.write())};
    this.writeTable(this.scene);
    return this.scene;
  }

  /** @param {number} k */
  cell(k) {
    return h("button", {
      type: "button",
      tabindex: k ? -1 : 0,
      onclick: () => this.open(k),
    });
  }

  /** @param {Scene} scene */
  writeTable({data: {class_names: names}, classes, cells, shares}) {
    this.head.replaceChildren(
      h("td", {class: "corner"}),
      ...names.map(name => h("th", {scope: "col"}, name)),
      h("th", {scope: "col", class: "recall", tip: this.t("boundary.class_accuracy")}, "✓"),
    );
    this.body.replaceChildren(
      ...names.map((name, truth) => {
        const row = cells.slice(truth * classes, (truth + 1) * classes);
        return h("tr", {}, h("th", {scope: "row"}, name), ...row.map(cell => h("td", {}, cell)), shares[truth]);
      }),
    );
    this.plot.style.setProperty("--classes", String(classes));
    this.plot.classList.toggle("many", classes > MANY);
    this.plot.style.setProperty("--longest", String(Math.max(...names.map(name => name.length))));
  }

  /** The rows of the data that are looked at. @param {Data} data @returns {[number, number]} */
  range({train, n}) {
    return this.onTest ? [train, n] : [0, train];
  }

  write() {
    const {scene, total, t} = this;
    if (!scene) return;
    const {data, classes, judge} = scene;
    const [from, to] = this.range(data);
    const counts = confusion(judge.labels, judge.taken, from, to, classes);
    let right = 0;
    for (let truth = 0; truth < classes; truth++) {
      this.writeRow(scene, counts, truth);
      right += counts[truth * classes + truth];
    }
    const all = to - from;
    const words = all > 0 ? t(this.countKey(), {share: percent(right / all), n: right, all}) : t("boundary.no_test");
    setText(total, words);
  }

  /** From rounded parameters a count is one about so large. */
  countKey() {
    return this.state?.frame?.coarse.P ? "boundary.about_right_of" : "boundary.right_of";
  }

  /** @param {Scene} scene @param {Int32Array} counts @param {number} truth */
  writeRow({data, classes, cells, shares}, counts, truth) {
    const row = counts.subarray(truth * classes, (truth + 1) * classes);
    const all = row.reduce((sum, count) => sum + count, 0);
    setText(shares[truth], all ? percent(recall(counts, classes, truth)) : "–");
    row.forEach((count, taken) => {
      const cell = cells[truth * classes + taken];
      const text = count ? integer(count) : "";
      cell.style.setProperty("--share", all ? `${Math.round(100 * Math.sqrt(count / all))}%` : "0%");
      if (cell.textContent === text && cell.dataset.tip) return;
      const [right, given] = [data.class_names[truth], data.class_names[taken]];
      setText(cell, text);
      cell.className = count === 0 ? "none" : truth === taken ? "right" : "wrong";
      nameControl(cell, this.t("boundary.cell", {n: count, truth: right, taken: given}));
    });
  }

  /** @param {boolean} test */
  look(test) {
    this.onTest = test;
    this.mark();
    this.write();
  }

  mark() {
    this.sets.forEach((button, k) => button.setAttribute("aria-pressed", String(this.onTest === Boolean(k))));
  }

  /** @param {number} cell */
  open(cell) {
    if (!this.scene) return;
    const {data, classes, judge} = this.scene;
    const truth = Math.floor(cell / classes);
    const taken = cell % classes;
    const rows = rowsOfCell(judge, ...this.range(data), truth, taken);
    if (rows.length) this.pick({rows, truth, taken, test: this.onTest});
  }

  words() {
    const {t, sets} = this;
    setText(sets[0], t("boundary.training"));
    setText(sets[1], t("boundary.test"));
    setText(this.note, t("boundary.matrix_note"));
    explain(this.total, t("boundary.matrix_note"));
    this.table.setAttribute("aria-label", t("boundary.matrix_title"));
  }

  destroy() {
    this.scene?.judge.destroy();
    this.plot.remove();
  }
}
