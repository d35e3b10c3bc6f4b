// @ts-check
/**
 * Accuracies against the steps, and the delay between them: from where the training set is known to where the test set
 * follows, which is long where a net first learns by heart (grokking; Power et al. 2022).
 */

import {integer, percent, plain} from "../../draw/format.js";
import {rimmed} from "../../draw/plot.js";
import {leading, rated, tested} from "../../model/measures.js";
import {xOf, yOf} from "../shared/chart.js";
import {extent} from "../shared/fold.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../shared/chart.js").Chart} Chart */
/** @typedef {import("../shared/fold.js").Fold} Fold */
/** Where the training set was known, and where the test set followed; null while it has not. `last` is the newest step.
 * @typedef {{known: number, found: number | null, last: number}} Delay */

/** The share of a set that counts as known. */
export const KNOWN = 0.95;
/** A delay is one from so many times the steps on. */
const LONG = 2;
/** px of an arrow's head. */
const HEAD = 6;

/** Whether accuracies are shown, and not losses. @param {Pick<State, "view" | "data" | "layout">} state */
export const showsShares = ({view, data, layout}) => view.accuracy && rated(data) && !layout?.landscape;

/** What the upright axis spans: from 0, or from below it where an R² is. @param {Fold[]} folds
 * @returns {[number, number]} */
export function shareRange(folds) {
  const low = Math.min(0, ...folds.map(fold => extent(fold).low));
  return [low < 0 ? Math.max(-1, Math.floor(low * 5) / 5) : 0, 1];
}

/**
 * The delay, where there is a long one: only of shares of two sets.
 * @param {Pick<State, "series" | "data">} state
 * @returns {Delay | null}
 */
export function delayOf({series: {metrics}, data}) {
  if (!tested(data) || data?.kind === "regression") return null;
  const at = metrics.accuracy.findIndex(share => share >= KNOWN);
  if (at < 0) return null;
  const behind = metrics.test_accuracy.findIndex(share => share >= KNOWN);
  const known = metrics.step[at];
  const found = behind < 0 ? null : metrics.step[behind];
  const last = metrics.step[metrics.step.length - 1];
  return (found ?? last) >= LONG * Math.max(1, known) ? {known, found, last} : null;
}

/** The delay in words. @param {Delay} delay @param {Translate} t */
export function delayWords({known, found, last}, t) {
  const steps = (found ?? last) - known;
  const times = plain((found ?? last) / Math.max(1, known), 2);
  return t(found === null ? "curves.delay_so_far" : "curves.delay", {steps, times});
}

/**
 * The level that counts as known, the two steps at which sets reach it, and an arrow between them with its words.
 * @param {Chart} chart
 * @param {Delay} delay
 * @param {Translate} t
 */
export function drawDelay(chart, delay, t) {
  const {ctx, palette, left, right, bottom} = chart;
  const level = yOf(chart, KNOWN);
  const [from, to] = [xOf(chart, delay.known), xOf(chart, delay.found ?? delay.last)];
  const y = Math.round((level + bottom) / 2) + 0.5;
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = palette.stroke;
  ctx.setLineDash([2, 3]);
  dash(ctx, left, level, right, level);
  dash(ctx, from, level, from, bottom);
  if (delay.found !== null) dash(ctx, to, level, to, bottom);
  ctx.setLineDash([]);
  ctx.strokeStyle = ctx.fillStyle = palette.text;
  ctx.lineWidth = 1.5 * palette.stroke;
  dash(ctx, from + 1, y, to - 1, y);
  ctx.beginPath();
  ctx.moveTo(to - 1, y);
  ctx.lineTo(to - 1 - HEAD, y - HEAD / 2);
  ctx.lineTo(to - 1 - HEAD, y + HEAD / 2);
  ctx.fill();
  writeDelay(chart, delay, y, [from, to], t);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} toX @param {number} toY */
function dash(ctx, x, y, toX, toY) {
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(toX, toY);
  ctx.stroke();
}

/** @param {Chart} chart @param {Delay} delay @param {number} y of the arrow @param {[number, number]} ends
 * @param {Translate} t */
function writeDelay(chart, delay, y, [from, to], t) {
  const {ctx, palette, left, right} = chart;
  ctx.font = `600 ${palette.small}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "bottom";
  const words = delayWords(delay, t);
  const half = ctx.measureText(words).width / 2;
  const middle = Math.max(left + half + 2, Math.min(right - half - 2, (from + to) / 2));
  rimmed(ctx, palette, words, middle, y - 4, palette.text);
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textBaseline = "top";
  for (const [x, step] of [[from, delay.known], ...(delay.found === null ? [] : [[to, delay.found]])]) {
    const text = integer(step);
    const room = ctx.measureText(text).width / 2 + 2;
    rimmed(ctx, palette, text, Math.max(left + room, Math.min(right - room, x)), y + 5, palette.muted);
  }
  ctx.textAlign = "left";
  rimmed(ctx, palette, percent(KNOWN), left + 3, yOf(chart, KNOWN) + 3, palette.muted);
}

/** Of which set a lane's curve is. @param {State} state @returns {import("../../model/lanes.js").Measure} */
export const laneMeasure = state =>
  showsShares(state) ? /** @type {"accuracy" | "test_accuracy"} */ (leading(state.data)) : "loss";
