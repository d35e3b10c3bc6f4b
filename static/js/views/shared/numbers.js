// @ts-check
/** Tables of numbers: which rows are shown of many, the element, and a fold for what else only a picture tells. */

import {h, setText} from "../../draw/dom.js";

/** @typedef {{caption: string, heads: string[], rows: string[][]}} Table its rows begin with what they are called */

/** At most so many of the whole numbers below n, evenly picked, the last one too.
 * @param {number} n @param {number} most */
export function picked(n, most) {
  if (n <= most) return Array.from({length: n}, (_, i) => i);
  return Array.from({length: most}, (_, i) => Math.round((i * (n - 1)) / (most - 1)));
}

/** @param {Table} table */
export function tableOf({caption, heads, rows}) {
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...heads.map(head => h("th", {scope: "col"}, head)))),
    h(
      "tbody",
      {},
      ...rows.map(([name, ...cells]) =>
        h("tr", {}, h("th", {scope: "row"}, name), ...cells.map(cell => h("td", {}, cell))),
      ),
    ),
  );
}

/** Tables that are folded away until they are asked for, and written only while they are open. */
export class FoldedTables {
  /**
   * @param {string} role of what opens them
   * @param {import("../../types").ViewContext["t"]} t
   * @param {() => Table[]} tables
   */
  constructor(role, t, tables) {
    this.t = t;
    this.tables = tables;
    this.summary = h("summary", {dataset: {role}});
    this.body = h("div", {class: "numbers", tabindex: "0", role: "region"});
    this.element = h("details", {class: "maps-numbers", ontoggle: () => this.write()}, this.summary, this.body);
  }

  write() {
    const {t, body, element} = this;
    setText(this.summary, t("table.open"));
    body.setAttribute("aria-label", t("table.open"));
    if (element.open) body.replaceChildren(...this.tables().map(tableOf));
  }
}
