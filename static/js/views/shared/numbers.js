// @ts-check
/** Tables of numbers: which rows are shown of many, and the element. */

import {h} from "../../draw/dom.js";

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
