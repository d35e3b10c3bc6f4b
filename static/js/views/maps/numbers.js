// @ts-check
/** The numbers of a map and of the run that is watched: ends of its axes, and all as tables. */

import {exponent, integer, percent, plain} from "../../draw/format.js";
import {picked} from "../shared/numbers.js";
import {placeOf} from "./grid.js";

/** @typedef {import("../shared/numbers.js").Table} Table */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/**
 * What is drawn: measures of pixels, their window and axes, and the losses of the run that is watched; null is no
 * number.
 * @typedef {object} Drawn
 * @property {Float64Array} measures
 * @property {number} size
 * @property {import("./grid.js").Range2} range
 * @property {string} axes
 * @property {(number | null)[]} losses
 */

/** Pixels a side, and steps of a run, that are shown. */
const MOST_PIXELS = 13;
const MOST_STEPS = 60;

/** What became of a pixel, in a cell. @param {number} measure NaN while it is not trained @param {Translate} t */
function fateOf(measure, t) {
  if (Number.isNaN(measure)) return "–";
  return t(measure < 0 ? "maps.cell_converged" : "maps.cell_diverged", {measure: plain(Math.abs(measure), 3)});
}

/** Evenly picked pixels, as they lie on the map: large numbers of the upright axis at the top. Pure.
 * @param {Drawn} drawn @param {Translate} t @returns {Table} */
function pixels({measures, size, range, axes}, t) {
  const places = picked(size, MOST_PIXELS);
  const known = measures.filter(value => !Number.isNaN(value));
  const share = known.filter(value => value < 0).length / known.length;
  const rate = (/** @type {[number, number]} */ side, /** @type {number} */ k) =>
    exponent(10 ** placeOf(side, size, k), 3);
  return {
    caption: t("maps.table", {known: integer(known.length), share: known.length ? percent(share) : "–"}),
    heads: [t(`maps.table_${axes}`), ...places.map(column => rate(range.x, column))],
    rows: places
      .toReversed()
      .map(row => [rate(range.y, row), ...places.map(column => fateOf(measures[row * size + column], t))]),
  };
}

/** The run that is watched. Pure. @param {Drawn} drawn @param {Translate} t @returns {Table} */
function run({losses}, t) {
  const first = losses[0] ?? NaN;
  const rows = picked(losses.length, MOST_STEPS).map(k => [integer(k), plain((losses[k] ?? NaN) / first, 4)]);
  return {caption: t("maps.run"), heads: [t("bar.step"), "C / C₀"], rows};
}

/** The end of a range, with as many digits as tell it from the other. @param {number} end @param {number} other */
export function ends(end, other) {
  const digits = Math.max(
    3,
    Math.min(17, 3 - Math.floor(Math.log10(Math.abs(end - other) / Math.max(1, Math.abs(end))))),
  );
  return plain(end, digits);
}

/** All that is drawn. @param {Drawn} drawn @param {Translate} t @returns {Table[]} */
export const tablesOf = (drawn, t) => [pixels, run].map(table => table(drawn, t)).filter(({rows}) => rows.length);
