// @ts-check
/** The heat map of a sweep over two numbers: a button for every cell, coloured by a measure. */

import {css, inkOn, sequential} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {cellKeys} from "../shared/key_cursor.js";
import {scaleOf} from "./cells.js";
import {measureName, MEASURES, placeName, shown, valueName, written} from "./words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("./survey.js").Cell} Cell */
/** @typedef {import("./sweep.js").Plan} Plan */

export class HeatMap {
  /** @type {HTMLButtonElement[]} */ cells = [];
  /** @type {Plan | null} */ plan = null;
  /** @type {(Cell | undefined)[]} */ outcomes = [];
  /** @type {State | null} */ state = null;

  /** @param {import("../../types").ViewContext["t"]} t @param {(cell: number) => void} open */
  constructor(t, open) {
    this.t = t;
    this.open = open;
    this.table = h("table", {class: "depthmap-table"});
    this.told = h("output", {class: "maps-told", dataset: {role: "sweep-told"}});
    this.element = h("div", {class: "sweep-cells"}, this.table, this.told);
    cellKeys(this.table);
  }

  /** Other cells. @param {Plan} plan */
  fill(plan) {
    const {x, y, xs, ys} = plan;
    this.plan = plan;
    this.cells = Array.from({length: xs.length * ys.length}, (_, k) =>
      h("button", {
        type: "button",
        tabindex: k ? -1 : 0,
        class: "depthmap-cell",
        dataset: {cell: k},
        onclick: () => this.open(k),
        onpointerenter: () => this.tell(k),
        onfocus: () => this.tell(k),
      }),
    );
    const row = (/** @type {string | number} */ value, /** @type {number} */ i) =>
      h(
        "tr",
        {},
        h("th", {scope: "row"}, valueName(value, y, this.t)),
        ...xs.map((_, j) => h("td", {}, this.cells[i * xs.length + j])),
      );
    const head = xs.map(value => h("th", {scope: "col"}, valueName(value, x, this.t)));
    this.table.replaceChildren(h("thead", {}, h("tr", {}, h("td"), ...head)), h("tbody", {}, ...ys.map(row).reverse()));
  }

  /** All that is known of a cell, in words. @param {number} k */
  tell(k) {
    const {plan, state, t} = this;
    const outcome = this.outcomes[k];
    if (!plan || !state || !outcome) return setText(this.told, "");
    const {x, y, xs, ys} = plan;
    const where = [placeName(x, xs[k % xs.length], t), placeName(y, ys[Math.floor(k / xs.length)], t)];
    const told = MEASURES.map(name => `${measureName(name, state, t)} ${written(name, outcome[name], state)}`);
    setText(this.told, `${where.join(", ")}: ${told.join("; ")}`);
  }

  /** @param {State} state @param {(Cell | undefined)[]} outcomes @param {keyof Cell} measure */
  show(state, outcomes, measure) {
    this.state = state;
    this.outcomes = outcomes;
    const values = outcomes.map(outcome => outcome?.[measure] ?? null);
    const scale = scaleOf(values, measure);
    const name = measureName(measure, state, this.t);
    this.table.setAttribute("aria-label", this.t("sweep.title"));
    this.cells.forEach((cell, k) => {
      const value = values[k];
      const colour = typeof value === "number" ? sequential(0.1 + 0.8 * scale(value), state.theme) : null;
      setText(cell, outcomes[k] ? shown(value) : "");
      cell.style.backgroundColor = colour ? css(colour) : "";
      cell.style.color = colour ? inkOn(colour) : "";
      cell.disabled = state.connection !== "open";
      cell.setAttribute("aria-label", this.t("sweep.cell", {name, value: shown(value)}));
    });
  }
}
