// @ts-check
/** Every defect of a file by row and column, with its cure. */

import {h} from "../../draw/dom.js";
import {integer} from "../../draw/format.js";
import {defectWords} from "./words.js";

/** Defects that are listed; all are counted. */
const LISTED = 12;

/**
 * The parts of a table of defects.
 * @param {import("./words.js").Translate} t
 * @param {string} lang
 * @param {import("./words.js").Defect[]} found the first of them
 * @param {number} count of all
 */
export function defectRows(t, lang, found, count) {
  const heads = ["row", "column", "problem"].map(key => h("th", {scope: "col"}, t(`upload.${key}`)));
  const rows = found.slice(0, LISTED).map(defect => {
    const {row, column, name} = defect;
    const place = column === null ? "–" : [column, name].filter(Boolean).join(" ");
    const cells = [row === null ? "–" : integer(row), place, defectWords(t, lang, defect)];
    return h("tr", {}, ...cells.map(cell => h("td", {}, cell)));
  });
  const more = t("upload.more", {n: integer(count - rows.length)});
  return [
    h("thead", {}, h("tr", {}, ...heads)),
    h("tbody", {}, ...rows),
    count > rows.length ? h("tfoot", {}, h("tr", {}, h("td", {colspan: 3}, more))) : "",
  ];
}
