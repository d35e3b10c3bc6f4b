// @ts-check
/** What the table says of a sample: its target, the network's answer, and whether that is right. Pure. */

import {compact, percent, plain} from "../../draw/format.js";
import {endName} from "../../model/classes.js";

/** @typedef {import("../../types").Data} Data */

/** What a sample is: its class by name, or its number. @param {Data} data @param {number} k @param {number} label */
export function targetWords(data, k, label) {
  return data.outputs > 1 ? data.class_names[label] : endName(data, data.y[k]) || compact(data.y[k]);
}

/** Which output is largest. @param {number[]} values */
export const largest = values => values.indexOf(Math.max(...values));

/** The network's answer. @param {Data} data @param {number[]} values of its outputs */
export function answerWords(data, values) {
  if (data.outputs === 1) return plain(values[0]);
  const best = largest(values);
  return `${data.class_names[best] ?? "–"} ${percent(values[best])}`;
}

/**
 * Whether a sample is classified as its target says; half way is neither.
 * @param {Data} data
 * @param {number} k
 * @param {number[]} values
 * @param {{gain: number, shift: number}} tone from −1 for one class to 1 for the other
 * @returns {boolean | null}
 */
export function isRight(data, k, values, {gain, shift}) {
  if (data.outputs > 1) return data.y[k * data.outputs + largest(values)] > 0.5;
  const side = values[0] * gain + shift;
  if (Math.abs(side) < 1e-4 || Number.isNaN(side)) return null;
  return side > 0 === data.y[k] * gain + shift > 0;
}
