// @ts-check
/** What the table says of a sample: its target, the network's answer, and whether that is right. Pure. */

import {compact, percent, plain} from "../../draw/format.js";
import {classOf, classPerOutput, endName} from "../../model/classes.js";

/** @typedef {import("../../types").Data} Data */

/** A regression of more targets than this shows them as tiles. */
const MANY_TARGETS = 4;

/** Whether the numbers of a line would be too many to be read. @param {Data} data */
export const isTiled = data => data.kind === "regression" && data.outputs > MANY_TARGETS;

/** The targets of a sample. @param {Data} data @param {number} k */
export const targetsOf = ({y, outputs}, k) => y.subarray(k * outputs, (k + 1) * outputs);

/** What a sample is: its class by name, or its number. @param {Data} data @param {number} k @param {number} label */
export function targetWords(data, k, label) {
  if (classPerOutput(data)) return data.class_names[label];
  const targets = targetsOf(data, k);
  return endName(data, targets[0]) || Array.from(targets, compact).join("  ");
}

/** Which output is largest; of a tie the first. @param {number[]} values */
export const largest = values => classOf(j => values[j], {outputs: values.length, target_range: [0, 1]});

/** The network's answer. @param {Data} data @param {number[]} values of its outputs */
export function answerWords(data, values) {
  if (!classPerOutput(data)) return values.map(value => plain(value)).join("  ");
  const best = largest(values);
  return `${data.class_names[best] ?? "–"} ${percent(values[best])}`;
}

/**
 * Whether a sample is classified as its target says; null where there is no number.
 * @param {Data} data
 * @param {number} k
 * @param {number[]} values
 * @returns {boolean | null}
 */
export function isRight(data, k, values) {
  const said = classOf(j => values[j], data);
  return said < 0 ? null : said === classOf(j => data.y[k * data.outputs + j], data);
}
