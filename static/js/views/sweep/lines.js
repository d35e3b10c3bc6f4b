// @ts-check
/** The lines of a sweep over one number: a line for each seed and their median, and where each stands. Pure. */

import {lossRange} from "../shared/fold.js";

/** @typedef {import("./cells.js").Quantity} Quantity */
/** @typedef {import("./survey.js").Cell} Cell */
/** @typedef {(number | null)[]} Line a value for each column; null where there is none */
/** @typedef {{field: keyof Cell, set: "train" | "test" | "own", seeds: Line[], median: Line}} Curve */

/** What a chosen measure draws: one line, or those of both sets.
 * @type {Record<string, [keyof Cell, Curve["set"]][]>} */
export const DRAWN = {
  loss: [
    ["loss", "train"],
    ["test_loss", "test"],
  ],
  accuracy: [
    ["accuracy", "train"],
    ["test_accuracy", "test"],
  ],
  reached: [["reached", "own"]],
  diverged: [["diverged", "own"]],
  gradient: [["gradient", "own"]],
};

/** Ratio of the greatest to the least median from which the axis goes by powers. */
const WIDE = 30;
/** Seeds are in view up to so many times the greatest median. */
const ABOVE = 2.5;

/**
 * Where values stand on their axis, 0…1. What a logarithm cannot show, such as 0, stands one step before the others.
 * @param {(number | string)[]} values
 * @param {Quantity["axis"]} axis
 * @returns {number[]}
 */
export function placesOf(values, axis) {
  const numbers = values.map(Number);
  if (values.length < 2) return values.map(() => 0.5);
  if (axis === "names") return spread(values.map((_, k) => k));
  if (axis === "even") return spread(numbers);
  const raw = numbers.map(value => (axis === "log" ? Math.log10(value) : -Math.log10(1 - value)));
  const known = raw.filter(Number.isFinite).sort((a, b) => a - b);
  const step = known.length > 1 ? (known[known.length - 1] - known[0]) / (known.length - 1) : 1;
  const first = known.length ? known[0] : 0;
  return spread(raw.map(place => (Number.isFinite(place) ? place : first - step)));
}

/** @param {number[]} places from 0 to 1, whatever they span */
function spread(places) {
  const [low, high] = [Math.min(...places), Math.max(...places)];
  return places.map(place => (high > low ? (place - low) / (high - low) : 0.5));
}

/** The middle of several values; nothing counts as beyond all others: a loss that was no number, a target not reached.
 * @param {(number | null)[]} values @returns {number | null} */
export function medianOf(values) {
  const sorted = values.map(value => value ?? Infinity).sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
  return Number.isFinite(median) ? median : null;
}

/**
 * The lines of a measure, as far as their runs are trained.
 * @param {(Cell | undefined)[]} outcomes row by row, a row for each seed
 * @param {number} columns
 * @param {string} measure a key of DRAWN
 * @returns {Curve[]} those of which there is any number
 */
export function curvesOf(outcomes, columns, measure) {
  const rows = outcomes.length / columns;
  const at = (/** @type {number} */ row, /** @type {number} */ k) => outcomes[row * columns + k];
  const all = Array.from({length: columns}, (_, k) => k);
  return DRAWN[measure]
    .map(([field, set]) => {
      const seeds = Array.from({length: rows}, (_, row) => all.map(k => at(row, k)?.[field] ?? null));
      const trained = (/** @type {number} */ k) => seeds.filter((_, row) => at(row, k)).map(line => line[k]);
      const median = all.map(k => (trained(k).length ? medianOf(trained(k)) : null));
      return {field, set, seeds, median};
    })
    .filter(({seeds}) => seeds.some(line => line.some(value => value !== null)));
}

/**
 * What the upright axis spans: all medians, and seeds up to a bound. By powers where what matters most, the last of the
 * curves, differs by them.
 * @param {Curve[]} curves
 * @param {string} measure
 * @param {boolean | null} chosen whether a hand wants powers; null while none has chosen
 * @returns {{range: [number, number], log: boolean, logs: boolean}} `logs`: it could go by powers
 */
export function spanOf(curves, measure, chosen) {
  const finite = (/** @type {Line} */ line) => line.filter(value => value !== null);
  const medians = curves.flatMap(({median}) => finite(median));
  const all = curves.flatMap(({seeds}) => seeds.flatMap(finite));
  if (measure === "accuracy") {
    const low = Math.max(-1, Math.min(0, ...all));
    return {range: [low, 1], log: false, logs: false};
  }
  const top = medians.length ? Math.max(...medians) : Math.max(...all);
  const leading = finite(curves.at(-1)?.median ?? []).filter(value => value > 0);
  const positive = all.filter(value => value > 0);
  const logs = positive.length > 0;
  const wide = leading.length > 0 && Math.max(...leading) > WIDE * Math.min(...leading);
  const log = logs && (chosen ?? wide);
  const high = Math.min(Math.max(...all), log ? Infinity : ABOVE * top || Infinity);
  return {range: lossRange(log ? Math.min(...positive) : Math.min(...all), high, log), log, logs};
}

/**
 * Where parameters come to be as many as training targets, between the columns on both sides of it.
 * @param {number[]} places
 * @param {(number | undefined)[]} parameters of each column
 * @param {number} targets
 * @param {(number | string)[]} values
 * @param {Quantity["axis"]} axis
 * @returns {number | null} null where no two columns lie on both sides
 */
export function thresholdAt(places, parameters, targets, values, axis) {
  for (let k = 0; k + 1 < places.length; k++) {
    const [low, high] = [parameters[k], parameters[k + 1]];
    if (low === undefined || high === undefined || !(low <= targets && targets < high)) continue;
    const [from, to] = [Number(values[k]), Number(values[k + 1])];
    const value = from + ((targets - low) / (high - low)) * (to - from);
    return places[k] + placesOf([from, value, to], axis)[1] * (places[k + 1] - places[k]);
  }
  return null;
}

/** The number of the column that stands nearest to a place. @param {number[]} places @param {number} place */
export const nearestTo = (places, place) =>
  places.reduce((best, at, k) => (Math.abs(at - place) < Math.abs(places[best] - place) ? k : best), 0);
