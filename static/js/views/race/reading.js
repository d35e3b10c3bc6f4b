// @ts-check
/** What is read off the race's chart: the value at a height, and the lanes' numbers at a step. Pure. */

import {integer, percent, plain} from "../../draw/format.js";
import {letterOf} from "../../model/lanes.js";
import {lastAtMost} from "../../maths/sorted.js";

/** @typedef {import("../../model/lanes.js").Measure} Measure */
/** @typedef {import("../../model/lanes.js").Runner} Runner */

/** Above this ratio of greatest to least loss the axis turns logarithmic by itself. */
const WIDE = 30;

/** Whether the losses lie so far apart that the axis turns logarithmic. @param {Runner[]} runners
 * @param {Measure} measure */
export function wide(runners, measure) {
  const values = runners.map(runner => runner[measure]).filter(value => value > 0 && Number.isFinite(value));
  const first = runners[0].series.metrics[measure][0];
  return values.length > 0 && first > WIDE * Math.min(...values);
}

/** The value at a height of the chart, to two digits. @param {import("../shared/chart.js").Chart} chart
 * @param {number} y */
export function valueAt({top, bottom, range: [low, high], log}, y) {
  const share = Math.min(1, Math.max(0, (bottom - y) / (bottom - top)));
  return Number((log ? low * (high / low) ** share : low + share * (high - low)).toPrecision(2));
}

/**
 * Each lane's number nearest to a step, in lines below that of the step.
 * @param {number} wanted
 * @param {Runner[]} runners
 * @param {Measure} measure
 * @param {boolean} inPercent
 * @param {import("../../types").ViewContext["t"]} t
 */
export function numbersAt(wanted, runners, measure, inPercent, t) {
  const places = runners.map(({series: {metrics}}) => lastAtMost(metrics.step, wanted));
  const step = Math.max(...runners.map(({series: {metrics}}, k) => metrics.step[places[k]] ?? 0));
  const show = (/** @type {number} */ value) => (inPercent ? percent(value) : plain(value, 3));
  const lines = runners.map(
    ({id, series: {metrics}}, k) => `${letterOf(id)} ${show(metrics[measure][places[k]] ?? NaN)}`,
  );
  return {step, lines: [t("curves.step", {n: integer(step)}), ...lines]};
}
