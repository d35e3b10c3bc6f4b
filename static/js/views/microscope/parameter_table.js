// @ts-check
/**
 * The table of the update: every parameter, layer by layer, of which only rows in sight are in the document. A net of
 * a hundred thousand parameters scrolls as one of ten does.
 */

import {h} from "../../draw/dom.js";
import {integer, plain} from "../../draw/format.js";
import {formula, symbol, title} from "../shared/symbols.js";
import {pickAt, placeOf} from "./parameters.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./parameters.js").ParameterRows} ParameterRows */

/** So few rows are all in the document; of more those that are seen and some beyond. px of a row before any was
 * measured. */
const FEW = 300;
const BEYOND = 12;
const USUAL = 24;
/** From so many neurons in a layer on, a name has indices of two digits, which take more room. */
const LONG = 10;

export class ParameterTable {
  /** @param {HTMLElement} page what scrolls @param {{pick: () => void}} hands */
  constructor(page, {pick}) {
    this.page = page;
    this.pick = pick;
    this.heads = h("tr");
    this.body = h("tbody");
    this.element = h(
      "table",
      {class: "microscope-table microscope-parameters", hidden: true, dataset: {role: "microscope-parameters"}},
      h("thead", {}, this.heads),
      this.body,
    );
    /** @type {{rows: ParameterRows, step: Microscope, t: Translate} | null} */
    this.shown = null;
    this.high = USUAL;
    /** the rows that are in the document, and the room of those that are not */
    this.range = [0, 0];
    /** @type {Map<number, HTMLElement>} */
    this.drawn = new Map();
    this.above = gap();
    this.below = gap();
    this.body.append(this.above, this.below);
    page.addEventListener("scroll", () => this.paint(false), {passive: true});
  }

  hide() {
    this.element.hidden = true;
    this.shown = null;
    for (const row of this.drawn.values()) row.remove();
    this.drawn.clear();
  }

  /** @param {ParameterRows} rows @param {Microscope} step @param {Translate} t */
  show(rows, step, t) {
    this.element.hidden = false;
    this.shown = {rows, step, t};
    this.element.classList.toggle("long-names", Math.max(...rows.layout.sizes) >= LONG);
    const heads = ["w", "Δw", "w + Δw"].map((head, k) =>
      h("th", {scope: "col", class: k === 1 ? "tone-backward" : ""}, head),
    );
    this.heads.replaceChildren(h("td"), ...heads);
    this.element.setAttribute("aria-rowcount", String(rows.length + 1));
    this.paint(true);
    const {offsetHeight} = /** @type {HTMLElement} */ (this.body.children[1] ?? this.body);
    if (!offsetHeight || offsetHeight === this.high) return;
    this.high = offsetHeight;
    this.paint(true);
  }

  /** Scroll so far that the chosen row is seen. */
  reveal() {
    if (!this.shown) return;
    const {page, body, high} = this;
    const top = body.offsetTop - page.offsetTop + this.shown.rows.row * high;
    if (top < page.scrollTop) page.scrollTop = top - high;
    else if (top + high > page.scrollTop + page.clientHeight) page.scrollTop = top + 2 * high - page.clientHeight;
    this.paint(false);
  }

  /** @param {boolean} anew whether what the rows say has changed */
  paint(anew) {
    if (!this.shown) return;
    const {page, body, high, range} = this;
    const {rows} = this.shown;
    const above = page.scrollTop - (body.offsetTop - page.offsetTop);
    const [first, last] = visible(above, page.clientHeight, high, rows.length);
    if (!anew && first >= range[0] && last <= range[1]) return;
    const beyond = rows.length > FEW ? BEYOND : FEW;
    const from = Math.max(0, first - beyond);
    const to = Math.min(rows.length, last + beyond);
    this.range = [from, to];
    const held = this.focusedLayer();
    setHeight(this.above, from * high);
    setHeight(this.below, (rows.length - to) * high);
    for (const [index, row] of this.drawn)
      if (anew || index < from || index >= to) {
        row.remove();
        this.drawn.delete(index);
      }
    for (let index = from, place = this.above.nextSibling; index < to; index++) {
      const row = this.drawn.get(index);
      if (row) place = row.nextSibling;
      else {
        const made = this.row(index);
        this.drawn.set(index, made);
        body.insertBefore(made, place);
      }
    }
    if (held) /** @type {HTMLElement | null} */ (body.querySelector(`[data-layer="${held}"]`))?.focus();
  }

  /** The layer whose heading has the keyboard. */
  focusedLayer() {
    const {activeElement} = document;
    return this.body.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement).dataset.layer : undefined;
  }

  /** @param {number} index */
  row(index) {
    const {rows, step, t} = /** @type {NonNullable<typeof this.shown>} */ (this.shown);
    const {layer, k} = rows.at(index);
    return k < 0 ? this.heading(rows, layer, index, t) : this.parameter(rows, step, layer, k, index);
  }

  /** @param {ParameterRows} rows @param {number} layer @param {number} index @param {Translate} t */
  heading(rows, layer, index, t) {
    const open = rows.open.has(layer);
    const [count, size] = [integer(rows.counts[layer - 1]), plain(rows.largest[layer - 1])];
    const words = t("microscope.parameters_of", {n: layer, count, size});
    const onclick = () => {
      rows.toggle(layer);
      this.pick();
    };
    const button = h(
      "button",
      {type: "button", class: "microscope-layer", "aria-expanded": String(open), dataset: {layer}, onclick},
      h("i", {"aria-hidden": "true"}, open ? "▾" : "▸"),
      words,
    );
    return h(
      "tr",
      {"aria-rowindex": index + 2, class: "microscope-heading"},
      h("th", {scope: "rowgroup", colspan: 4}, button),
    );
  }

  /** @param {ParameterRows} rows @param {Microscope} step @param {number} layer @param {number} k
   * @param {number} index */
  parameter(rows, {P, P_after, step}, layer, k, index) {
    const {layout, chosen} = rows;
    const p = placeOf(layout, layer, k);
    const pick = pickAt(layout, p);
    const {t} = /** @type {NonNullable<typeof this.shown>} */ (this.shown);
    const selected = chosen.layer === layer && chosen.k === k;
    const onclick = () => {
      rows.chosen = {layer, k};
      this.pick();
    };
    return h(
      "tr",
      {"aria-rowindex": index + 2, "aria-selected": String(selected), dataset: {index: p}, onclick},
      h(
        "th",
        {scope: "row"},
        h("span", {class: "spoken"}, title(pick, layout, t)),
        h("span", {"aria-hidden": "true"}, formula(symbol(pick, layout.sizes))),
      ),
      h("td", {}, plain(P[p], 4)),
      h("td", {class: "tone-backward"}, plain(step[p], 4)),
      h("td", {}, plain(P_after[p], 4)),
    );
  }
}

/**
 * The rows that are seen, as far as they can be: the first, and the one after the last.
 * @param {number} above px of rows that are scrolled away @param {number} room px to be seen
 * @param {number} high px of a row @param {number} count
 */
export function visible(above, room, high, count) {
  const first = Math.max(0, Math.min(count - 1, Math.floor(above / high)));
  const last = Math.max(first + 1, Math.min(count, Math.ceil((above + room) / high)));
  return [first, last];
}

/** Room for rows that are not in the document. */
const gap = () => h("tr", {class: "microscope-gap", "aria-hidden": "true"}, h("td", {colspan: 4}));

/** @param {HTMLElement} row @param {number} height px */
function setHeight(row, height) {
  row.hidden = height === 0;
  /** @type {HTMLElement} */ (row.firstElementChild).style.height = `${height}px`;
}
