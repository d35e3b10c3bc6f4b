// @ts-check
/** What the window of the map of nets consists of, and how it is painted. */

import {css, diverging, inkOn} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {cellKeys} from "../shared/key_cursor.js";
import {isHere, KINDS, shown} from "./cells.js";

/** @typedef {import("./cells.js").Cell} Cell */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/**
 * What the hand can do in the window.
 * @typedef {object} Hands
 * @property {() => void} choose another activation or initializer
 * @property {() => void} run begin, or cancel
 * @property {(cell: Cell) => void} open
 * @property {(cell: Cell) => void} tell
 */
/** @typedef {ReturnType<typeof createWindow>} MapWindow */

/** Decades of the error signal that have full colour. */
const DECADES = 8;

/** @param {HTMLDialogElement} root @param {Hands} hands */
export function createWindow(root, hands) {
  const title = h("h2", {id: "title-depthmap"});
  const close = h(
    "button",
    {type: "button", class: "quiet", dataset: {role: "depthmap-close"}, onclick: () => root.close()},
    "×",
  );
  const controls = createControls(hands);
  const lead = h("p", {class: "depthmap-lead"});
  const tables = KINDS.map(createTable);
  for (const {table} of tables) cellKeys(table);
  const told = h("output", {class: "depthmap-told", "aria-live": "polite", dataset: {role: "depthmap-told"}});
  const legend = h("p", {class: "depthmap-legend"});
  root.append(
    h("div", {class: "dialog-head"}, title, close),
    h(
      "div",
      {class: "depthmap"},
      lead,
      controls.element,
      h("div", {class: "depthmap-maps"}, ...tables.map(({table}) => table)),
      told,
      legend,
    ),
  );
  /** of the cells, in their order @type {HTMLButtonElement[]} */
  const buttons = [];
  return {title, close, lead, tables, told, legend, buttons, ...controls};
}

/** @param {Hands} hands */
function createControls({choose, run: runs}) {
  const activation = h("select", {dataset: {role: "depthmap-activation"}, onchange: choose});
  const initializer = h("select", {dataset: {role: "depthmap-initializer"}, onchange: choose});
  const names = {activation: h("span"), initializer: h("span")};
  const run = h("button", {type: "button", dataset: {role: "depthmap-run"}, onclick: runs});
  const progress = h("progress", {max: 1});
  const element = h(
    "div",
    {class: "depthmap-controls"},
    h("label", {}, names.activation, activation),
    h("label", {}, names.initializer, initializer),
    run,
    progress,
  );
  return {element, activation, initializer, names, run, progress};
}

/** @param {import("./cells.js").Kind} kind */
function createTable(kind) {
  const caption = h("caption");
  const head = h("tr");
  const body = h("tbody");
  const table = h(
    "table",
    {class: "depthmap-table", dataset: {kind: kind ?? "none"}},
    caption,
    h("thead", {}, head),
    body,
  );
  return {kind, table, caption, head, body};
}

/** A button for every cell. @param {MapWindow} window @param {Cell[]} cells @param {Hands} hands */
export function fillTables({tables, buttons}, cells, {open, tell}) {
  /** @param {Cell} cell */
  const buttonOf = cell =>
    h("button", {
      type: "button",
      class: "depthmap-cell",
      onclick: () => open(cell),
      onpointerenter: () => tell(cell),
      onfocus: () => tell(cell),
    });
  buttons.splice(0, buttons.length, ...cells.map(buttonOf));
  const distinct = (/** @type {number[]} */ numbers) => [...new Set(numbers)];
  for (const {kind, head, body} of tables) {
    const own = cells.filter(cell => cell.kind === kind);
    own.forEach((cell, k) => (buttons[cells.indexOf(cell)].tabIndex = k ? -1 : 0)); // the arrow keys lead on
    const widths = distinct(own.map(cell => cell.width));
    head.replaceChildren(h("td"), ...widths.map(width => h("th", {scope: "col"}, String(width))));
    body.replaceChildren(
      ...distinct(own.map(cell => cell.depth)).map(depth => {
        const row = own.filter(cell => cell.depth === depth);
        return h(
          "tr",
          {},
          h("th", {scope: "row"}, String(depth)),
          ...row.map(cell => h("td", {}, buttons[cells.indexOf(cell)])),
        );
      }),
    );
  }
}

/**
 * Colours and numbers of the cells.
 * @param {MapWindow} window
 * @param {Cell[]} cells
 * @param {import("../../types").State} state
 * @param {Translate} t
 */
export function paintCells({buttons}, cells, {theme, config, connection}, t) {
  cells.forEach((cell, k) => {
    const {depth, width, ratio} = cell;
    const button = buttons[k];
    const colour = typeof ratio === "number" ? diverging(ratio / DECADES, theme) : null;
    setText(button, shown(ratio));
    button.style.backgroundColor = colour ? css(colour) : "";
    button.style.color = colour ? inkOn(colour) : "";
    button.classList.toggle("here", isHere(cell, config?.network));
    button.disabled = connection !== "open";
    button.setAttribute(
      "aria-label",
      t("depthmap.cell_aria", {depth, width, ratio: ratio === undefined ? "–" : shown(ratio)}),
    );
  });
}

/**
 * @param {MapWindow} window
 * @param {number} share of the work, 0 at rest
 * @param {boolean} connected
 * @param {Translate} t
 */
export function paintProgress({run, progress}, share, connected, t) {
  setText(run, t(share ? "depthmap.cancel" : "depthmap.again"));
  progress.value = share;
  progress.classList.toggle("idle", !share);
  run.disabled = !connected;
}

/** Everything that is said in the language alone. @param {MapWindow} window @param {Translate} t */
export function writeWords({title, lead, legend, names, close, tables}, t) {
  setText(title, t("depthmap.title"));
  setText(lead, t("depthmap.lead"));
  setText(legend, t("depthmap.legend"));
  setText(names.activation, t("data.activation"));
  setText(names.initializer, t("data.initializer"));
  nameControl(close, t("setting.close"));
  for (const {kind, caption} of tables) setText(caption, t(kind ? "depthmap.with" : "depthmap.without"));
}
