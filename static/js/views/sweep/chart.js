// @ts-check
/** Painting of a sweep's curves: seeds thin, their median thick, the published line upright, and what diverged. */

import {rimmed} from "../../draw/plot.js";
import {chartOf, drawAxes, drawDot, drawLine, inside} from "../shared/line_chart.js";

/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../../draw/plot.js").Sheet} Sheet */
/** @typedef {import("../shared/line_chart.js").Chart} Chart */
/** @typedef {import("./lines.js").Curve} Curve */
/**
 * What is painted; `diverged` says of how many seeds of each column, `cursor` is a column and the number of a seed (−1
 * for their median).
 * @typedef {object} Scene
 * @property {Curve[]} curves
 * @property {number[]} places of the columns
 * @property {string[]} names of the columns
 * @property {boolean} joined whether columns have an order, so that a line between them means something
 * @property {[number, number]} range
 * @property {boolean} log
 * @property {number[]} diverged
 * @property {number | null} threshold
 * @property {{column: number, row: number} | null} cursor
 * @property {string} words of the threshold
 */

/** Room before the first column and behind the last, in parts of the axis. */
const EDGE = 0.03;

/** @param {Palette} palette @param {Curve["set"]} set */
export const colourOf = (palette, set) =>
  set === "train" ? palette.train : set === "test" ? palette.test : palette.accent;

/**
 * @param {Sheet} sheet
 * @param {Scene} scene
 * @param {Palette} palette
 * @returns {Chart}
 */
export function paintSweep({ctx, width, height}, scene, palette) {
  const {curves, places, names, joined, diverged, threshold, words} = scene;
  /** @type {import("../shared/line_chart.js").Range} */
  const range = {across: [-EDGE, 1 + EDGE], up: scene.range, log: scene.log};
  ctx.clearRect(0, 0, width, height);
  const chart = chartOf({width, height}, range, palette);
  drawAxes(
    ctx,
    chart,
    range,
    palette,
    "",
    places.map((at, k) => ({at, text: names[k]})),
  );
  inside(ctx, chart, () => {
    if (threshold !== null) drawUpright(ctx, chart, palette, threshold);
    for (const curve of curves) drawSeeds(ctx, chart, scene, curve, palette);
    for (const {set, median} of curves) {
      ctx.strokeStyle = colourOf(palette, set);
      ctx.lineWidth = 2.6 * palette.stroke;
      if (joined) drawLine(ctx, chart, ...known(places, median));
      else drawBars(ctx, chart, places, median);
    }
  });
  for (const curve of curves) drawMedianDots(ctx, chart, scene, curve, palette);
  drawDiverged(ctx, chart, places, diverged, palette);
  if (threshold !== null) writeThreshold(ctx, chart, palette, threshold, words);
  drawCursor(ctx, chart, scene, palette);
  return chart;
}

/** A line goes on over columns that are not trained yet. @param {number[]} places @param {(number | null)[]} line
 * @returns {[number[], (number | null)[]]} */
function known(places, line) {
  const order = places.map((_, k) => k).sort((a, b) => places[a] - places[b]);
  const there = order.filter(k => line[k] !== null);
  return [there.map(k => places[k]), there.map(k => line[k])];
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Scene} scene @param {Curve} curve
 * @param {Palette} palette */
function drawSeeds(ctx, chart, {places, joined}, {set, seeds}, palette) {
  if (seeds.length < 2) return;
  const colour = colourOf(palette, set);
  for (const line of seeds) {
    ctx.globalAlpha = 0.42;
    ctx.strokeStyle = colour;
    ctx.lineWidth = palette.stroke;
    if (joined) drawLine(ctx, chart, ...known(places, line));
    ctx.globalAlpha = 0.6;
    const look = {r: 1.7 * Math.sqrt(palette.stroke), fill: colour, rim: colour, wide: 0.5};
    line.forEach((value, k) => value !== null && drawDot(ctx, chart.x(places[k]), chart.y(value), look));
  }
  ctx.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Scene} scene @param {Curve} curve
 * @param {Palette} palette */
function drawMedianDots(ctx, chart, {places}, {set, median}, palette) {
  const look = {r: 3.4 * Math.sqrt(palette.stroke), fill: colourOf(palette, set), rim: palette.panel, wide: 1.2};
  median.forEach((value, k) => {
    if (value === null || chart.y(value) < chart.top - 3) return;
    drawDot(ctx, chart.x(places[k]), chart.y(value), look);
  });
}

/** Medians of columns without an order: a short line each. @param {CanvasRenderingContext2D} ctx @param {Chart} chart
 * @param {number[]} places @param {(number | null)[]} median */
function drawBars(ctx, chart, places, median) {
  ctx.beginPath();
  median.forEach((value, k) => {
    if (value === null) return;
    ctx.moveTo(chart.x(places[k]) - 9, chart.y(value));
    ctx.lineTo(chart.x(places[k]) + 9, chart.y(value));
  });
  ctx.stroke();
}

/** Crosses at the top where runs diverged, with their count where it is not one. @param {CanvasRenderingContext2D} ctx
 * @param {Chart} chart @param {number[]} places @param {number[]} diverged @param {Palette} palette */
function drawDiverged(ctx, chart, places, diverged, palette) {
  ctx.font = `600 ${palette.tiny}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  diverged.forEach((count, k) => {
    if (count) rimmed(ctx, palette, count > 1 ? `${count}×` : "×", chart.x(places[k]), chart.top, palette.bad);
  });
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Palette} palette @param {number} place */
function drawUpright(ctx, chart, palette, place) {
  const x = Math.round(chart.x(place)) + 0.5;
  ctx.strokeStyle = palette.bad;
  ctx.setLineDash([5, 4]);
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.beginPath();
  ctx.moveTo(x, chart.top - 3);
  ctx.lineTo(x, chart.bottom);
  ctx.stroke();
  ctx.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Palette} palette @param {number} place
 * @param {string} words */
function writeThreshold(ctx, {x, left, right, top}, palette, place, words) {
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textBaseline = "top";
  const at = x(place);
  const width = ctx.measureText(words).width;
  const after = at + 6 + width <= right;
  ctx.textAlign = after ? "left" : "right";
  const from = after ? at + 6 : Math.max(at - 6, left + width + 4);
  rimmed(ctx, palette, words, from, top + palette.tiny * 1.3, palette.bad);
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Scene} scene @param {Palette} palette */
function drawCursor(ctx, chart, {curves, places, cursor}, palette) {
  if (!cursor) return;
  const x = chart.x(places[cursor.column]);
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = palette.stroke;
  ctx.beginPath();
  ctx.moveTo(Math.round(x) + 0.5, chart.top);
  ctx.lineTo(Math.round(x) + 0.5, chart.bottom);
  ctx.stroke();
  for (const {set, seeds, median} of curves) {
    const value = cursor.row < 0 ? median[cursor.column] : seeds[cursor.row][cursor.column];
    if (value === null) continue;
    const look = {r: 5 * Math.sqrt(palette.stroke), fill: palette.panel, rim: colourOf(palette, set), wide: 2.4};
    drawDot(ctx, x, Math.max(chart.top, chart.y(value)), look);
  }
}
