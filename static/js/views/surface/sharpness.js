// @ts-check
/** The largest curvature λ of the loss over the steps of the run, with the limit of its rule: its picture and words. */

import {compact, percent, plain} from "../../draw/format.js";
import {chartOf, drawAxes, drawDashes, drawDot, drawLine, inside, nearest} from "../shared/line_chart.js";
import {catapultOf, limitsOf, stateOf} from "./stability.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../../draw/plot.js").Sheet} Sheet */
/** @typedef {import("../shared/line_chart.js").Chart} Chart */
/** @typedef {import("../shared/line_chart.js").Range} Range */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {{step: number[], value: number[]}} Limits */
/** [step, λ, …] of the run; the limit is factor · 2/η, none where the factor is null; `more` are still to be had. Where
 * the rule rescales parameters, λ is that of the rescaled curvature.
 * @typedef {object} Sharpness
 * @property {[number, number|null, boolean][]} points
 * @property {number|null} factor
 * @property {boolean} [rescaled]
 * @property {boolean} more
 */

/**
 * The limit of the curvature at a step; at the present for steps beyond the record.
 * @param {State} state
 * @param {number|null} factor
 * @param {number} step
 */
export function limitAt({series, frame}, factor, step) {
  if (factor === null) return NaN;
  const {step: steps, value} = series.rate;
  let rate = frame?.learning_rate ?? NaN;
  for (let k = steps.length - 1; k >= 0 && steps[k] > step; k--) rate = value[k];
  return (2 * factor) / rate;
}

/** The limit over the steps so far. @param {Sharpness} sharp @param {State} state @returns {Limits} */
function limitsSoFar({factor}, {series, frame}) {
  if (factor === null) return {step: [], value: []};
  return limitsOf(series.rate, frame?.learning_rate ?? NaN, frame?.step ?? 0, factor);
}

/**
 * What the axes span: every curvature, and the limit that holds now.
 * @param {Sharpness} sharp
 * @param {Limits} limits
 * @param {number} now the step
 * @returns {Range}
 */
export function sharpnessRange(sharp, limits, now) {
  const {points} = sharp;
  const steps = points.map(([step]) => step);
  const numbers = [...points.map(([, value]) => value), ...limits.value.slice(-1), catapultOf(sharp, limits)]
    .filter(value => value !== null && Number.isFinite(value))
    .map(Number);
  const positive = numbers.filter(value => value > 0);
  const most = Math.max(...numbers, 1e-9);
  const least = Math.min(...positive);
  const log = positive.length > 1 && most > 25 * least && positive.length === numbers.length;
  return {
    across: [0, Math.max(10, ...steps, now)],
    up: log ? [least / 1.6, most * 1.6] : [Math.min(0, ...numbers), most * 1.18],
    log,
  };
}

/**
 * @param {Sheet} sheet
 * @param {Palette} palette
 * @param {Sharpness} sharp
 * @param {State} state
 * @param {Translate} t
 */
export function paintSharpness(sheet, palette, sharp, state, t) {
  const {ctx} = sheet;
  const now = state.frame?.step ?? 0;
  const limits = limitsSoFar(sharp, state);
  const catapult = catapultOf(sharp, limits);
  const range = sharpnessRange(sharp, limits, now);
  const chart = chartOf(sheet, range, palette);
  drawAxes(ctx, chart, range, palette, t("curves.steps"));
  inside(ctx, chart, () => {
    if (limits.step.length) drawLimits(ctx, chart, palette, limits);
    if (Number.isFinite(catapult)) drawDashes(ctx, chart, palette, catapult);
    drawCurve(ctx, chart, palette, sharp, now);
  });
  const limit = limits.value.at(-1) ?? NaN;
  if (Number.isFinite(limit)) drawLimitWords(ctx, chart, palette, 2 * (sharp.factor ?? 1), limit);
  if (Number.isFinite(catapult)) drawLimitWords(ctx, chart, palette, 4, catapult);
  return chart;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Chart} chart
 * @param {Palette} palette
 * @param {Sharpness} sharp
 * @param {number} now the step, whose dot is larger
 */
function drawCurve(ctx, chart, palette, {points}, now) {
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.8 * palette.stroke;
  drawLine(
    ctx,
    chart,
    points.map(([step]) => step),
    points.map(([, value]) => value),
  );
  const present = {r: 4.6, fill: palette.backward, rim: palette.panel, wide: 1.6};
  const past = {r: 2.2, fill: palette.text, rim: palette.panel, wide: 0.8};
  for (const [step, value] of points)
    if (value !== null) drawDot(ctx, chart.x(step), chart.y(value), step === now ? present : past);
}

/** The limit as it was, and as a dashed line what it is now; above it lies what is unstable.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Chart} chart
 * @param {Palette} palette
 * @param {{step: number[], value: number[]}} limits
 */
function drawLimits(ctx, chart, palette, {step, value}) {
  ctx.beginPath();
  step.forEach((at, k) => {
    if (k) ctx.lineTo(chart.x(at), chart.y(value[k - 1]));
    else ctx.moveTo(chart.left, chart.y(value[0]));
    ctx.lineTo(chart.x(at), chart.y(value[k]));
  });
  ctx.lineTo(chart.right + 6, chart.y(value[value.length - 1]));
  ctx.strokeStyle = palette.bad;
  ctx.lineWidth = 1.4 * palette.stroke;
  ctx.stroke();
  ctx.lineTo(chart.right + 6, chart.top - 3);
  ctx.lineTo(chart.left, chart.top - 3);
  ctx.closePath();
  ctx.globalAlpha = 0.08;
  ctx.fillStyle = palette.bad;
  ctx.fill();
  ctx.globalAlpha = 1;
  drawDashes(ctx, chart, palette, value[value.length - 1]);
}

/** A limit in words, at its line: so many times 1/η. @param {CanvasRenderingContext2D} ctx @param {Chart} chart
 * @param {Palette} palette @param {number} times @param {number} limit */
function drawLimitWords(ctx, chart, palette, times, limit) {
  const y = chart.y(limit);
  const above = y > chart.top + palette.small + 2;
  ctx.fillStyle = palette.bad;
  ctx.textAlign = "left";
  ctx.textBaseline = above ? "bottom" : "top";
  ctx.fillText(
    `${compact(times)}/η = ${plain(limit, 3)}`,
    chart.left + 6,
    above ? Math.min(chart.bottom, y) - 3 : Math.max(chart.top, y) + 4,
  );
}

/**
 * What is read at a place.
 * @param {Sharpness} sharp
 * @param {State} state
 * @param {Chart} chart
 * @param {number} x in pixels
 * @param {Translate} t
 */
export function sharpnessTip({points, factor}, state, chart, x, t) {
  const steps = points.map(([step]) => step);
  const [step, value] = points[nearest(chart, steps, x)];
  const limit = limitAt(state, factor, step);
  return t("surface.sharp_tip", {
    n: step,
    value: plain(value ?? NaN, 4),
    limit: Number.isFinite(limit) ? plain(limit, 4) : "–",
  });
}

/** Names and values below the picture. @param {Sharpness | null} sharp @param {State | null} state
 * @returns {[string, string][]} */
export function sharpnessFigures(sharp, state) {
  const value = sharp?.points.at(-1)?.[1] ?? NaN;
  const limit = state && sharp ? limitAt(state, sharp.factor, Infinity) : NaN;
  return [
    [sharp?.rescaled ? "sharp_rescaled" : "sharp_value", Number.isNaN(value) ? "–" : plain(value, 3)],
    ["sharp_limit", Number.isFinite(limit) ? plain(limit, 3) : "–"],
    ["sharp_share", Number.isFinite(value / limit) ? percent(value / limit) : "–"],
  ];
}

/** What curvature and limit mean for the run. @param {Sharpness} sharp @param {State} state @param {Translate} t */
export function sharpnessWords({points, factor, rescaled = false}, state, t) {
  const [step, value] = points.at(-1) ?? [0, null];
  const penalized = Boolean(state.config?.l1 || state.config?.l2);
  const how = {rescaled, step, penalized};
  const kind = stateOf(value ?? NaN, limitAt(state, factor, Infinity), factor, how);
  return t(`surface.sharp_${kind}`, {optimizer: t(`optimizer.${state.config?.optimizer.name}`)});
}
