// @ts-check
/** Data of few columns as the table that it is: inputs, target and the network's live output for each sample. */

import {css, diverging} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {compact, percent, plain} from "../../draw/format.js";
import {createSweep, firstUnits} from "../../maths/forward.js";
import {endName} from "../../model/classes.js";
import {labelsOf} from "./judge.js";
import {outputTone} from "../shared/neuron_pictures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").ViewContext} ViewContext */

const MOST = 60;
const GAP = 60;

/** @param {HTMLElement} root @param {ViewContext} context */
export function createTable(root, {t, act}) {
  const head = h("tr");
  const body = h("tbody");
  const note = h("p", {class: "boundary-note"});
  const plot = h("div", {class: "boundary-table"}, h("table", {}, h("thead", {}, head), body), note);
  root.append(plot);
  /** rows to show, the first ones where null @type {number[] | null} */
  let chosen = null;
  let built = "";
  let since = -Infinity;
  let timer = 0;
  /** @type {State | null} */
  let state = null;
  /** @type {{row: HTMLElement, output: HTMLElement, mark: HTMLElement}[]} */
  let lines = [];
  /** @type {import("../../maths/forward.js").Sweep | null} */
  let sweep = null;

  /** @param {State} of @param {Data} data */
  function build(of, data) {
    const layout = /** @type {import("../../types").Layout} */ (of.layout);
    const all = chosen?.length ?? data.n;
    const count = Math.min(MOST, all);
    const judged = data.kind !== "regression";
    const labels = labelsOf(data);
    sweep = createSweep(layout, count);
    for (let i = 0; i < data.inputs; i++)
      for (let p = 0; p < count; p++) sweep.rows[i][p] = data.X[rowOf(p) * data.inputs + i];
    const many = data.inputs > 3;
    const columns = data.features.map(name => h("th", {scope: "col"}, name));
    const answers = [
      h("th", {scope: "col", class: "target"}, "y"),
      h("th", {scope: "col", class: "output"}, "a"),
      judged ? h("th", {scope: "col", "aria-label": t("boundary.right_column")}) : "",
    ];
    plot.classList.toggle("many", many);
    head.replaceChildren(...(many ? [...answers, ...columns] : [...columns, ...answers]));
    lines = Array.from({length: count}, (_, p) => {
      const k = rowOf(p);
      const output = h("td", {class: "output"});
      const mark = h("td", {class: "mark"});
      const target = h("td", {class: "target"}, targetWords(data, k, labels[k]));
      const numbers = Array.from({length: data.inputs}, (_, i) => h("td", {}, compact(data.X[k * data.inputs + i])));
      const told = [target, output, judged ? mark : ""];
      const row = h(
        "tr",
        {
          tabindex: 0,
          onclick: () => act("sample", {row: k}),
          onkeydown: (/** @type {KeyboardEvent} */ event) => key(event, p),
        },
        ...(many ? [...told, ...numbers] : [...numbers, ...told]),
      );
      return {row, output, mark};
    });
    body.replaceChildren(...lines.map(line => line.row));
    setText(note, all > count ? t("boundary.first_rows", {n: count, all}) : t("boundary.table_hint"));
  }

  /** What a sample is: its class by name, or its number. @param {Data} data @param {number} k @param {number} label */
  function targetWords(data, k, label) {
    return data.outputs > 1 ? data.class_names[label] : endName(data, data.y[k]) || compact(data.y[k]);
  }

  /** The sample in a line. @param {number} p */
  const rowOf = p => chosen?.[p] ?? p;

  /** @param {KeyboardEvent} event @param {number} p line */
  function key(event, p) {
    const way = {ArrowDown: 1, ArrowUp: -1}[event.key];
    if (way) lines[p + way]?.row.focus();
    else if (event.key === "Enter" || event.key === " ") act("sample", {row: rowOf(p)});
    else return;
    event.preventDefault();
  }

  function write() {
    timer = 0;
    since = performance.now();
    const layout = state?.layout;
    const data = state?.data;
    const frame = state?.frame;
    if (!layout || !data || !frame || frame.layout !== layout.id || !sweep || !state || document.hidden) return;
    sweep.start(frame.P, frame.S);
    sweep.advance();
    const first = firstUnits(layout.sizes)[layout.sizes.length - 1];
    const tone = outputTone(data);
    for (let p = 0; p < lines.length; p++) {
      const k = rowOf(p);
      const {row, output, mark} = lines[p];
      const values = Array.from(
        {length: data.outputs},
        (_, j) => /** @type {import("../../maths/forward.js").Sweep} */ (sweep).rows[first + j][p],
      );
      const best = values.indexOf(Math.max(...values));
      const value = data.outputs > 1 ? values[best] : values[0];
      const colour = diverging(value * tone.gain + tone.shift, state.theme);
      const [r, g, b] = colour;
      setText(output, data.outputs > 1 ? `${data.class_names[best] ?? "–"} ${percent(value)}` : plain(value));
      output.style.background = css(colour);
      output.style.color = 0.299 * r + 0.587 * g + 0.114 * b > 135 ? "#10131c" : "#ffffff";
      if (data.kind !== "regression") judge(mark, right(data, k, values, tone));
      row.setAttribute("aria-selected", String(frame.sample === k));
    }
  }

  /**
   * Whether a sample is classified as its target says; half way is neither.
   * @param {Data} data
   * @param {number} k
   * @param {number[]} values
   * @param {{gain: number, shift: number}} tone
   */
  function right(data, k, values, {gain, shift}) {
    if (data.outputs > 1) return data.y[k * data.outputs + values.indexOf(Math.max(...values))] > 0.5;
    const side = values[0] * gain + shift;
    return Math.abs(side) < 1e-4 || Number.isNaN(side) ? null : side > 0 === data.y[k] * gain + shift > 0;
  }

  /** @param {HTMLElement} cell @param {boolean | null} good */
  function judge(cell, good) {
    setText(cell, good === null ? "–" : good ? "✓" : "✗");
    cell.className = good === null ? "mark" : good ? "mark good" : "mark bad";
  }

  return {
    /** @param {State} next @param {number[] | null} [rows] samples to show */
    update(next, rows = null) {
      const before = state;
      const other = rows !== chosen;
      state = next;
      chosen = rows;
      if (!next.layout || !next.data) return;
      const key = JSON.stringify([next.layout, next.lang]);
      if (other || key !== built || before?.data !== next.data) {
        built = key;
        build(next, next.data);
        since = -Infinity;
      } else if (next.frame === before?.frame && next.theme === before?.theme) return;
      const wait = since + GAP - performance.now();
      if (wait <= 0) write();
      else if (!timer) timer = window.setTimeout(write, wait);
    },
    destroy() {
      clearTimeout(timer);
      plot.remove();
    },
  };
}
