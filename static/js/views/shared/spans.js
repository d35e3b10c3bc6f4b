// @ts-check
/** Spans of steps in words: of a single step nothing is said to run from it to itself. */

import {integer} from "../../draw/format.js";

/** @param {number} from @param {number} to @param {import("../../types").ViewContext["t"]} t */
export function stepsWords(from, to, t) {
  return from === to
    ? t("curves.step", {n: integer(to)})
    : t("curves.step_span", {from: integer(from), to: integer(to)});
}
