// @ts-check
/** Painting of the loss curves on a sheet: band, lines, ghosts, marks and axes, from folded curves. */

import {compact, integer, tickWords} from "../../draw/format.js";
import {logTicks, ticks} from "../../draw/plot.js";
import {foldOf} from "./fold.js";

/** @typedef {import("./fold.js").Fold} Fold */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** @typedef {object} Chart
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} left of the plot, in CSS pixels
 * @property {number} top
 * @property {number} right
 * @property {number} bottom
 * @property {number} end of the step axis
 * @property {[number, number]} range of the loss axis
 * @property {boolean} log
 * @property {boolean} [powers] whether the step axis goes by powers of ten, from step 1
 * @property {Palette} palette */

/** @param {Chart} chart @param {number} step */
export function xOf({left, right, end, powers}, step) {
  const share = powers ? Math.log(Math.max(1, step)) / Math.log(end) : step / end;
  return left + share * (right - left);
}

/** The step at a place. @param {Chart} chart @param {number} x */
export function stepAt({left, right, end, powers}, x) {
  const share = (x - left) / (right - left);
  return powers ? end ** share : share * end;
}

/** @param {Chart} chart @param {number} loss */
export function yOf({top, bottom, range: [low, high], log}, loss) {
  const share = log ? Math.log(Math.max(loss, low / 1e6) / low) / Math.log(high / low) : (loss - low) / (high - low);
  return bottom - Math.min(1.5, Math.max(-0.5, share)) * (bottom - top);
}

/**
 * The middle of a bucket on the step axis; single steps stand at their own place.
 * @param {Fold} fold
 * @param {number} k
 */
const stepOf = ({width}, k) => k * width + (width - 1) / 2;

/** @param {Pick<Chart, "range" | "log" | "top" | "bottom" | "palette">} chart */
const lossTicks = ({range: [low, high], log, top, bottom, palette}) =>
  (log ? logTicks : ticks)(low, high, Math.max(2, (bottom - top) / Math.max(20, 1.7 * palette.tiny)));

/** px along a curve that nobody sees. */
const FINE = 0.5;

/** The numbers of an axis as it was painted last: it mostly is the same in the next frame. */
let numbers = {of: "", values: /** @type {number[]} */ ([]), texts: /** @type {string[]} */ ([]), room: 0};

/** The numbers of the loss axis, and the room they take. @param {Omit<Chart, "left" | "right" | "end">} chart */
function numbersOf(chart) {
  const {ctx, palette, range, log, top, bottom} = chart;
  const small = palette.tiny;
  const font = `${small}px ${palette.font}`;
  const of = [...range, log, bottom - top, font].join(" ");
  if (numbers.of === of) return numbers;
  const values = lossTicks(chart);
  const texts = tickWords(values);
  ctx.font = font;
  const room = texts.reduce((most, text) => Math.max(most, ctx.measureText(text).width + 9), small * 3.2);
  numbers = {of, values, texts, room};
  return numbers;
}

/**
 * Room for the numbers of the loss axis, in px; never less than the usual, so that the axis rests.
 * @param {Omit<Chart, "left" | "right" | "end">} chart
 */
export const roomForNumbers = chart => numbersOf(chart).room;

/** @param {Chart} chart @param {string} name of the step axis */
export function drawAxes(chart, name) {
  const {ctx, left, top, right, bottom, end, palette} = chart;
  const small = palette.tiny;
  ctx.font = `${small}px ${palette.font}`;
  ctx.lineWidth = palette.stroke;
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.beginPath();
  let above = Infinity;
  const {values, texts} = numbersOf(chart);
  for (const [k, tick] of values.entries()) {
    const y = Math.round(yOf(chart, tick)) + 0.5;
    ctx.moveTo(left, y);
    ctx.lineTo(right, y);
    const written = Math.max(top + small * 0.4, Math.min(bottom - 1, y));
    if (above - written < 1.1 * small) continue; // it would touch the number below it
    ctx.fillText(texts[k], left - 5, written);
    above = written;
  }
  ctx.stroke();
  ctx.strokeStyle = palette.line;
  ctx.beginPath();
  ctx.moveTo(left, bottom + 0.5);
  ctx.lineTo(right, bottom + 0.5);
  ctx.stroke();
  ctx.textBaseline = "top";
  const words = ctx.measureText(name).width;
  ctx.fillText(name, right, bottom + 4);
  const count = (right - left) / 78;
  for (const tick of chart.powers ? logTicks(1, end, count) : ticks(0, end, count)) {
    const text = tick >= 1e6 ? compact(tick) : integer(tick);
    const half = ctx.measureText(text).width / 2;
    const x = xOf(chart, tick);
    ctx.textAlign = "center";
    if (x + half < right - words - 8) ctx.fillText(text, Math.max(left - 4 + half, x), bottom + 4);
  }
}

/** Until the next restore() nothing is drawn beside the plot, but for a line's own width. @param {Chart} chart */
export function clipTo({ctx, left, top, right, bottom}) {
  ctx.beginPath();
  ctx.rect(left, top - 3, right - left + 4, bottom - top + 3);
  ctx.clip();
}

/** Lowest to highest batch loss as a band, the newest as a hairline. @param {Chart} chart @param {Fold} fold */
export function drawBand(chart, fold) {
  const {ctx, palette} = chart;
  const {low, high, last, count, broken, used} = fold;
  ctx.fillStyle = palette.train;
  ctx.strokeStyle = palette.train;
  ctx.beginPath();
  for (let from = 0; from < used;) {
    let to = from;
    while (to < used && !broken[to]) to++;
    let pen = false;
    for (let k = from; k < to; k++)
      if (count[k]) {
        trail(ctx, chart, fold, k, high[k], pen);
        pen = true;
      }
    for (let k = to - 1; k >= from; k--) if (count[k]) ctx.lineTo(xOf(chart, stepOf(fold, k)), yOf(chart, low[k]));
    from = to + 1;
  }
  ctx.globalAlpha = 0.14;
  ctx.fill();
  line(chart, fold, last);
  ctx.globalAlpha = 0.3;
  ctx.lineWidth = 0.7 * palette.stroke;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Chart} chart
 * @param {Fold} fold
 * @param {number} k
 * @param {number} value
 * @param {boolean} pen whether it is down
 */
function trail(ctx, chart, fold, k, value, pen) {
  const x = xOf(chart, stepOf(fold, k));
  const y = yOf(chart, value);
  if (pen) ctx.lineTo(x, y);
  else ctx.moveTo(x, y);
}

/**
 * A path through one value per bucket, broken where there is no number.
 * @param {Chart} chart
 * @param {Fold} fold
 * @param {Float64Array} values
 */
function line(chart, fold, values) {
  const {ctx} = chart;
  const {count, broken, used} = fold;
  let pen = false;
  let before = -Infinity;
  ctx.beginPath();
  for (let k = 0; k < used; k++) {
    if (broken[k]) pen = false;
    if (!count[k]) continue;
    const x = xOf(chart, stepOf(fold, k));
    if (pen && k < used - 1 && x - before < FINE) continue;
    trail(ctx, chart, fold, k, values[k], pen);
    before = x;
    pen = true;
  }
}

/**
 * @param {Chart} chart
 * @param {Fold} fold
 * @param {string} colour
 * @param {number} width
 * @param {number} [alpha]
 * @param {number[]} [dash]
 */
export function drawLine(chart, fold, colour, width, alpha = 1, dash = []) {
  const {ctx} = chart;
  line(chart, fold, fold.last);
  ctx.lineJoin = "round";
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.globalAlpha = alpha;
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}

/** Runs left behind, pale. @param {Chart} chart @param {import("./fold.js").Ghost[]} ghosts */
export function drawGhosts(chart, ghosts) {
  const {muted, stroke} = chart.palette;
  for (const ghost of ghosts) drawLine(chart, foldOf(ghost), muted, 1.2 * stroke, 0.6, [5, 4]);
}

/** @typedef {{step: number, text: string, colour: string, strong: boolean}} Mark */

/** Upright lines with words at their heads; words that would run into each other are left out, strong ones last.
 * @param {Chart} chart @param {Mark[]} marks */
export function drawMarks(chart, marks) {
  const {ctx, top, bottom, right, palette} = chart;
  const small = palette.tiny;
  /** @type {[number, number][]} */
  const taken = [];
  ctx.font = `${small}px ${palette.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  const placed = [...marks]
    .sort((a, b) => +b.strong - +a.strong || a.step - b.step)
    .map(mark => ({...mark, x: Math.round(xOf(chart, mark.step)) + 0.5}));
  ctx.lineWidth = palette.stroke;
  for (const {x, colour, strong} of placed) {
    ctx.strokeStyle = colour;
    ctx.globalAlpha = strong ? 0.9 : 0.6;
    ctx.setLineDash(strong ? [] : [2, 3]);
    ctx.beginPath();
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    ctx.stroke();
  }
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
  for (const {x, text, colour} of placed) {
    const width = ctx.measureText(text).width;
    const at = [x + 4, x - 4 - width].find(
      from => from + width <= right && from > chart.left && taken.every(([a, b]) => from > b || from + width < a),
    );
    if (at === undefined) continue;
    taken.push([at - 5, at + width + 5]);
    ctx.fillStyle = palette.panel; // lines of other marks end below the words
    ctx.fillRect(at - 2, top, width + 4, small + 3);
    ctx.fillStyle = colour;
    ctx.fillText(text, at, top + 1);
  }
}

/** Everything after `step` fades: it is a future that may not come again. @param {Chart} chart @param {number} step */
export function dimAfter(chart, step) {
  const {ctx, top, bottom, right, palette} = chart;
  const x = Math.min(right, xOf(chart, step));
  ctx.globalAlpha = 0.72;
  ctx.fillStyle = palette.panel;
  ctx.fillRect(x, top - 2, right - x + 3, bottom - top + 2);
  ctx.globalAlpha = 1;
}

/** The newest value as a dot. @param {Chart} chart @param {number} step @param {number} loss @param {string} colour */
export function drawDot(chart, step, loss, colour) {
  if (!Number.isFinite(loss)) return;
  const {ctx, palette} = chart;
  const x = xOf(chart, step);
  const y = yOf(chart, loss);
  ctx.beginPath();
  ctx.arc(x, y, 2.8 * Math.sqrt(palette.stroke), 0, 7);
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 1.2;
  ctx.stroke();
}
