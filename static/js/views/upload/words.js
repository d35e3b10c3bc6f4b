// @ts-check
/** What is wrong in a table, in the page's language. */

import {has} from "../../draw/i18n.js";

/** @typedef {{problem: string, words: string, row: number | null, column: number | null, name: string}} Defect */

/** The server's words are English; from them come the value and the numbers that ours need.
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {string} lang
 * @param {Defect} defect
 * @returns {string}
 */
export function defectWords(t, lang, {problem, words, row}) {
  const which =
    problem === "not_a_number" && row === null
      ? "text"
      : problem === "rows" && words.includes("empty")
        ? "nothing"
        : problem;
  const key = `own.problem_${which}`;
  const [a = "", b = "", c = ""] = words.match(/\d+/g) ?? [];
  return has(lang, key) ? t(key, {value: /'(.*)'|"(.*)"/.exec(words)?.slice(1).find(Boolean) ?? "", a, b, c}) : words;
}
