// @ts-check
/** The figures by which two runs are compared: how they are written, and which of two is better. Pure. */

import {exponent, percent, plain} from "../../draw/format.js";

/** @typedef {import("./record.js").Row} Row */
/** @typedef {typeof FIGURES[number]} Figure */

export const FIGURES = /** @type {const} */ (["factor", "first", "last", "loss", "accuracy"]);

/**
 * @param {Figure} name
 * @param {Row | null} row
 * @param {boolean} regression whether accuracy is R² and not a share
 */
export function figureWords(name, row, regression) {
  if (!row || Number.isNaN(row[name])) return "–";
  if (name === "accuracy") return regression ? plain(row.accuracy, 3) : percent(row.accuracy);
  return name === "first" || name === "last" ? exponent(row[name], 2) : plain(row[name], name === "factor" ? 2 : 3);
}

/** Whether a figure has become better: "yes", "no", or "" where it cannot be said. A factor is best at 1.
 * @param {Figure} name @param {Row | null} then @param {Row | null} now */
export function better(name, then, now) {
  if (!then || !now || name === "first" || name === "last") return "";
  const distance = (/** @type {Row} */ row) =>
    name === "factor" ? Math.abs(Math.log(row.factor)) : name === "loss" ? row.loss : -row.accuracy;
  const [a, b] = [distance(then), distance(now)];
  return Number.isFinite(a) && Number.isFinite(b) && a !== b ? (b < a ? "yes" : "no") : "";
}
