// @ts-check
/** The layers of a watched run as a table: sizes of weights, gradients and updates, and what each passes on. */

import {h, setText} from "../../draw/dom.js";
import {percent, plain} from "../../draw/format.js";

/** @typedef {import("../../types").WatchedContext} WatchedContext */
/** @typedef {import("../../types").WatchedState} WatchedState */

/** A number of a layer, from 0. @typedef {(state: WatchedState, layer: number) => number | undefined} Read */

/** A row of the array `activity`. @param {number} row @returns {Read} */
const activity =
  row =>
  ({laboratory, numbers}, k) =>
    numbers?.activity[row * (laboratory?.layers ?? 0) + k];

/** Columns: the symbol or the words over each, and what it shows of a layer.
 * @type {{symbol?: string, words?: string, of: Read, share?: boolean}[]} */
const COLUMNS = [
  {symbol: "‖W‖", of: ({laboratory}, k) => laboratory?.weight[k]},
  {symbol: "‖∂W‖", of: ({laboratory}, k) => laboratory?.gradient[k]},
  {symbol: "‖ΔW‖", of: ({laboratory}, k) => laboratory?.update[k]},
  {symbol: "‖ΔW‖ / ‖W‖", of: ({laboratory}, k) => laboratory?.ratio[k]},
  {words: "watched.mean", of: activity(0)},
  {words: "watched.spread", of: activity(1)},
  {words: "watched.dead", of: activity(2), share: true},
  {words: "watched.saturated", of: activity(3), share: true},
];

/** @param {HTMLElement} root @param {WatchedContext} context */
export function layersView(root, {t}) {
  const title = h("h2", {id: "title-watched-layers"});
  const body = h("tbody");
  const heads = COLUMNS.map(() => h("th", {scope: "col"}));
  const layer = h("th", {scope: "col"});
  const table = h("table", {dataset: {role: "watched-table"}}, h("thead", {}, h("tr", {}, layer, ...heads)), body);
  root.append(title, h("div", {class: "watched-scroll", tabindex: "0", role: "region"}, table));
  /** @type {WatchedState | null} */
  let drawn = null;

  return {
    /** @param {WatchedState} state */
    update(state) {
      const {laboratory, numbers, lang} = state;
      if (drawn?.numbers === numbers && drawn?.lang === lang) return;
      drawn = state;
      setText(title, t("watched.layers"));
      table.parentElement?.setAttribute("aria-label", t("watched.layers"));
      setText(layer, t("watched.layer"));
      COLUMNS.forEach(({symbol, words = ""}, k) => setText(heads[k], symbol ?? t(words)));
      if (!laboratory || !numbers) return;
      const rows = Array.from({length: laboratory.layers}, (_, k) => cellsOf(state, k, t));
      while (body.rows.length > rows.length) body.deleteRow(-1);
      rows.forEach((cells, k) => fill(body.rows[k] ?? added(body), cells));
    },
    destroy: () => root.replaceChildren(),
  };
}

/** @param {HTMLTableSectionElement} body */
function added(body) {
  const row = h("tr", {}, h("th", {scope: "row"}), ...COLUMNS.map(() => h("td")));
  body.append(row);
  return row;
}

/** @param {HTMLTableRowElement} row @param {string[]} cells */
function fill(row, cells) {
  cells.forEach((words, k) => setText(/** @type {HTMLElement} */ (row.cells[k]), words));
}

/** What a layer's row says: its number, the module's name and its activation, and the numbers.
 * @param {WatchedState} state @param {number} k @param {WatchedContext["t"]} t @returns {string[]} */
export function cellsOf(state, k, t) {
  const {layout, watched} = state;
  const name = watched?.layout.names?.[k] ?? "";
  const n = layout?.sizes[k + 1] ?? 0; // 0 where nobody told
  const units = n ? t("gradients.units", {n, activation: t(`activation.${layout?.activations[k]}`)}) : "";
  const cells = COLUMNS.map(({of, share}) => {
    const x = of(state, k) ?? NaN;
    if (Number.isNaN(x)) return "–";
    return share ? percent(x) : plain(x, 3);
  });
  return [`${k + 1}  ${name}  ${units}`.trimEnd(), ...cells];
}
