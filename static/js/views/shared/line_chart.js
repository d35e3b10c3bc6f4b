// @ts-check
/** The chart of a line: axes with numbers, a clip, a curve with gaps, dots. */

import {roomBeside, tickWords} from "../../draw/format.js";
import {logTicks, ticks} from "../../draw/plot.js";

/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../../draw/plot.js").Sheet} Sheet */
/** Where a value is drawn, and the plot's edges on the sheet.
 * @typedef {{left: number, right: number, top: number, bottom: number, x: (value: number) => number, y: (value: number)
 * => number}} Chart */
/** What the axes span. @typedef {{across: [number, number], up: [number, number], log: boolean}} Range */

/**
 * A chart that leaves room for the numbers.
 * @param {Pick<Sheet, "width" | "height">} sheet
 * @param {Range} range
 * @param {Palette} palette
 * @returns {Chart}
 */
export function chartOf({width, height}, {across, up, log}, palette) {
  const small = palette.tiny;
  const top = 8;
  const bottom = height - small * 1.75;
  const left = roomBeside(tickWords(heightsOf(up, log, bottom - top)), small, 3.4);
  const right = width - 12;
  const to = (/** @type {number} */ value) => (log ? Math.log10(Math.max(value, 1e-300)) : value);
  const [low, high] = up.map(to);
  return {
    left,
    right,
    top,
    bottom,
    x: value => left + ((value - across[0]) / (across[1] - across[0] || 1)) * (right - left),
    y: value => bottom - ((to(value) - low) / (high - low || 1)) * (bottom - top),
  };
}

/** Ticks of the upright axis. @param {[number, number]} up @param {boolean} log @param {number} room in px */
const heightsOf = ([low, high], log, room) => (log ? logTicks : ticks)(low, high, room / 34);

/**
 * The axes' lines and numbers.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Chart} chart
 * @param {Range} range
 * @param {Palette} palette
 * @param {string} name of the horizontal axis
 * @param {{at: number, text: string}[]} [stops] what stands along it; else round numbers
 */
export function drawAxes(ctx, {left, right, top, bottom, x, y}, {across, up, log}, palette, name, stops) {
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.lineWidth = 1;
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  const heights = heightsOf(up, log, bottom - top);
  const texts = tickWords(heights);
  for (const [k, tick] of heights.entries()) {
    const at = Math.round(y(tick)) + 0.5;
    if (at < top - 2 || at > bottom + 2) continue;
    ctx.beginPath();
    ctx.moveTo(left, at);
    ctx.lineTo(right, at);
    ctx.stroke();
    ctx.fillText(texts[k], left - 5, Math.max(at, 0.5 * palette.tiny)); // whole, at the sheet's upper edge too
  }
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const room = ctx.measureText(name).width;
  let taken = -Infinity;
  for (const {at, text} of stops ?? numbersAlong(across, (right - left) / 70)) {
    const half = ctx.measureText(text).width / 2;
    if (name && x(at) + half > right - room - 10) continue;
    if (stops && x(at) - half < taken + 6) continue;
    ctx.fillText(text, x(at), bottom + 4);
    taken = x(at) + half;
  }
  ctx.textAlign = "right";
  ctx.fillText(name, right, bottom + 4);
}

/** @param {[number, number]} across @param {number} count about how many */
function numbersAlong([low, high], count) {
  const places = ticks(low, high, count);
  return tickWords(places).map((text, k) => ({at: places[k], text}));
}

/** @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {() => void} draw inside the axes */
export function inside(ctx, {left, right, top, bottom}, draw) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top - 3, right - left + 6, bottom - top + 3);
  ctx.clip();
  draw();
  ctx.restore();
}

/** A curve; where there is no number it is broken.
 * @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {number[]} xs @param {(number|null)[]} ys */
export function drawLine(ctx, chart, xs, ys) {
  let pen = false;
  ctx.beginPath();
  xs.forEach((value, k) => {
    const height = ys[k];
    if (height === null || !Number.isFinite(height)) {
      pen = false;
      return;
    }
    if (pen) ctx.lineTo(chart.x(value), chart.y(height));
    else ctx.moveTo(chart.x(value), chart.y(height));
    pen = true;
  });
  ctx.stroke();
}

/** A dashed line all across. @param {CanvasRenderingContext2D} ctx @param {Chart} chart @param {Palette} palette
 * @param {number} value */
export function drawDashes(ctx, chart, palette, value) {
  const y = chart.y(value);
  ctx.strokeStyle = palette.bad;
  ctx.setLineDash([5, 4]);
  ctx.lineWidth = 1.1 * palette.stroke;
  ctx.beginPath();
  ctx.moveTo(chart.left, y);
  ctx.lineTo(chart.right, y);
  ctx.stroke();
  ctx.setLineDash([]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {{r: number, fill: string, rim: string, wide: number}} look
 */
export function drawDot(ctx, x, y, {r, fill, rim, wide}) {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = fill;
  ctx.fill();
  ctx.strokeStyle = rim;
  ctx.lineWidth = wide;
  ctx.stroke();
}

/** The number of the point that is drawn nearest to a place. @param {Chart} chart @param {number[]} values
 * @param {number} x in pixels */
export function nearest(chart, values, x) {
  const off = (/** @type {number} */ k) => Math.abs(chart.x(values[k]) - x);
  return values.reduce((best, _, k) => (off(k) < off(best) ? k : best), 0);
}
