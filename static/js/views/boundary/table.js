// @ts-check
/** Data of few columns as the table that it is: inputs, target and the network's live output for each sample. */

import {css, diverging} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {compact} from "../../draw/format.js";
import {createSweep, firstUnits} from "../../maths/forward.js";
import {classPerOutput} from "../../model/classes.js";
import {outputTone} from "../shared/neuron_pictures.js";
import {labelsOf} from "./judge.js";
import {answerWords, isRight, isTiled, largest, targetsOf, targetWords} from "./table_words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {Record<"row" | "target" | "output" | "mark", HTMLElement> & {k: number}} Line of sample k */
/** What follows from layout, data and language.
 * @typedef {{layout: Layout, data: Data, sweep: import("../../maths/forward.js").Sweep, lines: Line[]}} Scene */

/** Most rows; more columns than this make answers come first; ms between two writings. */
const MOST = 60;
const MANY = 3;
const GAP = 60;

export class Table {
  /** @type {State | null} */
  state = null;
  /** @type {Scene | null} */
  scene = null;
  /** Rows to show, the first ones where null. @type {number[] | null} */
  chosen = null;
  built = "";
  /** When it was written last. */
  since = -Infinity;
  timer = 0;

  head = h("tr");
  body = h("tbody");
  note = h("p", {class: "boundary-note"});
  plot = h("div", {class: "boundary-table"}, h("table", {}, h("thead", {}, this.head), this.body), this.note);

  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act}) {
    this.t = t;
    this.act = act;
    root.append(this.plot);
  }

  /** @param {State} next @param {number[] | null} [rows] samples to show */
  update(next, rows = null) {
    const before = this.state;
    const {layout, data, frame, theme, lang} = next;
    const other = rows !== this.chosen;
    this.state = next;
    this.chosen = rows;
    if (!layout || !data) return;
    const key = JSON.stringify([layout, lang]);
    if (other || key !== this.built || before?.data !== data) {
      this.built = key;
      this.build(layout, data);
      this.since = -Infinity;
    } else if (frame === before?.frame && theme === before?.theme) return;
    const wait = this.since + GAP - performance.now();
    if (wait <= 0) this.write();
    else this.timer ||= window.setTimeout(() => this.write(), wait);
  }

  /** The sample in a line. @param {number} p */
  rowOf(p) {
    return this.chosen?.[p] ?? p;
  }

  /** @param {Layout} layout @param {Data} data */
  build(layout, data) {
    const {t, plot, head, body, note} = this;
    const all = this.chosen?.length ?? data.n;
    const count = Math.min(MOST, all);
    const sweep = createSweep(layout, count);
    for (let i = 0; i < data.inputs; i++)
      for (let p = 0; p < count; p++) sweep.rows[i][p] = data.X[this.rowOf(p) * data.inputs + i];
    const labels = labelsOf(data);
    const lines = Array.from({length: count}, (_, p) => this.lineOf(data, p, labels[this.rowOf(p)]));
    plot.classList.toggle("many", data.inputs > MANY);
    head.replaceChildren(...this.columns(data));
    body.replaceChildren(...lines.map(line => line.row));
    setText(note, all > count ? t("boundary.first_rows", {n: count, all}) : t("boundary.table_hint"));
    this.scene = {layout, data, sweep, lines};
  }

  /** Heads of the columns. @param {Data} data */
  columns(data) {
    const inputs = data.features.map(name => h("th", {scope: "col"}, name));
    const answers = [
      h("th", {scope: "col", class: "target"}, "y"),
      h("th", {scope: "col", class: "output"}, "a"),
      data.kind === "regression"
        ? ""
        : h("th", {scope: "col"}, h("span", {class: "spoken"}, this.t("boundary.right_column"))),
    ];
    return inOrder(data, inputs, answers);
  }

  /** @param {Data} data @param {number} p @param {number} label @returns {Line} */
  lineOf(data, p, label) {
    const k = this.rowOf(p);
    const output = h("td", {class: "output"});
    const mark = h("td", {class: "mark"});
    const target = h("td", {class: "target"}, targetWords(data, k, label));
    const inputs = Array.from({length: data.inputs}, (_, i) => h("td", {}, compact(data.X[k * data.inputs + i])));
    const row = h(
      "tr",
      {
        tabindex: 0,
        onclick: () => this.act("sample", {row: k}),
        onkeydown: (/** @type {KeyboardEvent} */ event) => this.key(event, p),
      },
      ...inOrder(data, inputs, [target, output, data.kind === "regression" ? "" : mark]),
    );
    return {k, row, target, output, mark};
  }

  /** @param {KeyboardEvent} event @param {number} p line */
  key(event, p) {
    const way = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (way) this.scene?.lines[p + way]?.row.focus();
    else if (event.key === "Enter" || event.key === " ") this.act("sample", {row: this.rowOf(p)});
    else return;
    event.preventDefault();
  }

  /** The network's answers at the present frame. */
  write() {
    const {state, scene} = this;
    this.timer = 0;
    this.since = performance.now();
    if (!state?.frame || !state.data || !scene || state.frame.layout !== state.layout?.id || document.hidden) return;
    const {sweep, lines, layout, data} = scene;
    sweep.start(state.frame.P, state.frame.S);
    sweep.advance();
    const first = firstUnits(layout.sizes)[layout.sizes.length - 1];
    const outputs = sweep.rows.slice(first, first + data.outputs);
    const tone = outputTone(data);
    lines.forEach((line, p) => {
      const values = outputs.map(row => row[p]);
      this.writeLine(scene, line, values, tone);
      line.row.setAttribute("aria-selected", String(state.frame?.sample === line.k));
    });
  }

  /** @param {Scene} scene @param {Line} line @param {number[]} values @param {{gain: number, shift: number}} tone */
  writeLine({data}, line, values, tone) {
    if (isTiled(data)) {
      this.writeTiles(data, line, values, tone);
      return;
    }
    const {k, output, mark} = line;
    const value = classPerOutput(data) ? values[largest(values)] : values[0];
    const colour = diverging(value * tone.gain + tone.shift, this.state?.theme ?? "light");
    setText(output, answerWords(data, values));
    output.style.background = css(colour);
    output.style.color = inkOn(colour);
    if (data.kind !== "regression") writeMark(mark, isRight(data, k, values));
  }

  /** A sample with too many targets for their numbers: a tile for each, of the colour that its neuron has.
   * @param {Data} data @param {Line} line @param {number[]} values @param {{gain: number, shift: number}} tone */
  writeTiles(data, {k, row, target, output}, values, {gain, shift}) {
    const theme = this.state?.theme ?? "light";
    const targets = Array.from(targetsOf(data, k));
    for (const [cell, numbers] of /** @type {[HTMLElement, number[]][]} */ ([
      [target, targets],
      [output, values],
    ])) {
      if (!cell.querySelector("i"))
        cell.replaceChildren(h("span", {class: "spoken"}), ...numbers.map(() => h("i", {"aria-hidden": "true"})));
      const [words, ...tiles] = /** @type {HTMLElement[]} */ ([...cell.children]);
      setText(words, answerWords(data, numbers));
      tiles.forEach((tile, j) => {
        tile.style.background = css(diverging(numbers[j] * gain + shift, theme));
      });
    }
    explain(row, `y  ${answerWords(data, targets)}\na  ${answerWords(data, values)}`);
  }

  destroy() {
    clearTimeout(this.timer);
    this.plot.remove();
  }
}

/** Cells of a line: inputs and then answers, as the network computes, unless there are many inputs.
 * @template T @param {Data} data @param {T[]} inputs @param {T[]} answers */
const inOrder = (data, inputs, answers) => (data.inputs > MANY ? [...answers, ...inputs] : [...inputs, ...answers]);

/** Dark letters on a light ground, else light ones; how light it is as in ITU-R BT.601.
 * @param {[number, number, number]} ground */
const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 135 ? "#10131c" : "#ffffff");

/** @param {HTMLElement} cell @param {boolean | null} good */
function writeMark(cell, good) {
  setText(cell, good === null ? "–" : good ? "✓" : "✗");
  cell.className = good === null ? "mark" : good ? "mark good" : "mark bad";
}
