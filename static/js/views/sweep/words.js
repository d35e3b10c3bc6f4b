// @ts-check
/** The words of a sweep: names of quantities, values and measures, and what is told of a run or of several. Pure. */

import {chosen, compact, integer, percent, plain} from "../../draw/format.js";
import {nameOf as measureOf} from "../../model/measures.js";
import {DRAWN} from "./lines.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("./survey.js").Cell} Cell */
/** @typedef {import("./lines.js").Curve} Curve */
/** @typedef {import("../shared/numbers.js").Table} Table */

/** What a heat map can show, and what curves can. */
export const MEASURES = /** @type {(keyof Cell)[]} */ (
  "loss test_loss accuracy test_accuracy reached diverged gradient".split(" ")
);
export const CURVES = Object.keys(DRAWN);

/** A value of a quantity. @param {number | string} value @param {string} name @param {Translate} t */
export const valueName = (value, name, t) =>
  name === "activation" ? t(`activation.${value}`) : typeof value === "number" ? chosen(value) : value;

/** A value with what it is of. @param {string} name @param {number | string} value @param {Translate} t */
export const placeName = (name, value, t) =>
  t("sweep.place", {name: t(`sweep.q_${name}`), value: valueName(value, name, t)});

/** What a measure is called: accuracies of a regression are R². @param {keyof Cell} field @param {State} state
 * @param {Translate} t */
export const measureName = (field, state, t) =>
  field === "accuracy" || field === "test_accuracy" ? t(`measure.${measureOf(field, state)}`) : t(`sweep.${field}`);

/** In a cell of the heat map. @param {number | null | undefined} value */
export const shown = value => (typeof value === "number" ? compact(value) : "–");

/** In words and tables. @param {keyof Cell} field @param {number | null} value @param {State} state */
export function written(field, value, {data}) {
  if (value === null) return "–";
  if (field === "reached" || field === "diverged") return integer(value);
  if (field.endsWith("accuracy") && data?.kind !== "regression") return percent(value);
  return plain(value, 3);
}

/**
 * What the curves say at a column, of one seed or of all: a line for each number.
 * @param {Curve[]} curves
 * @param {{column: number, row: number}} cursor row −1 for all
 * @param {State} state
 * @param {Translate} t
 */
export function readingOf(curves, {column, row}, state, t) {
  return curves.map(({field, seeds, median}) => {
    const name = measureName(field, state, t);
    if (row >= 0) return t("sweep.cell", {name, value: written(field, seeds[row][column], state)});
    const value = written(field, median[column], state);
    const known = seeds.map(line => line[column]).filter(found => found !== null);
    if (known.length < 2) return t("sweep.cell", {name, value});
    const [low, high] = [Math.min(...known), Math.max(...known)].map(end => written(field, end, state));
    return low === high ? t("sweep.cell", {name, value}) : t("sweep.among", {name, value, low, high});
  });
}

/**
 * The curves as a table: a row for each value, with the median of its seeds, the least and the greatest.
 * @param {Curve[]} curves
 * @param {{name: string, values: (number | string)[]}} axis
 * @param {(number | undefined)[]} parameters of each column
 * @param {State} state
 * @param {Translate} t
 * @returns {Table}
 */
export function tableOf(curves, {name, values}, parameters, state, t) {
  const several = (curves[0]?.seeds.length ?? 0) > 1;
  const counted = new Set(parameters).size > 1;
  const heads = curves.flatMap(({field}) => {
    const measure = measureName(field, state, t);
    return several ? [t("sweep.head_median", {name: measure}), t("sweep.head_least"), t("sweep.head_most")] : [measure];
  });
  const rows = values.map((value, k) => [
    valueName(value, name, t),
    ...(counted ? [parameters[k] === undefined ? "–" : integer(parameters[k])] : []),
    ...curves.flatMap(({field, seeds, median}) => {
      const known = seeds.map(line => line[k]).filter(found => found !== null);
      const ends = known.length ? [Math.min(...known), Math.max(...known)] : [null, null];
      return [median[k], ...(several ? ends : [])].map(number => written(field, number, state));
    }),
  ]);
  return {
    caption: t("sweep.table", {name: t(`sweep.q_${name}`)}),
    heads: [t(`sweep.q_${name}`), ...(counted ? [t("sweep.parameters")] : []), ...heads],
    rows,
  };
}
