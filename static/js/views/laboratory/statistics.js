// @ts-check
/** Every neuron's mean ± standard deviation: in the last batch, and as the net will predict with. */

import {compact} from "../../draw/format.js";
import {ticks} from "../../draw/plot.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Box} Box */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {[mean: number, deviation: number][]} Span of a neuron each */
/** @typedef {ReturnType<typeof scaleOf>} Scale */

/** A lower box, in px, has no room for them. */
const LOWEST = 60;

/**
 * Spans of a layer's neurons: in the last batch, and of the running statistics; null where there are none.
 * @param {Float32Array | null} statistics (4, n): mean and variance of the batch, then the running ones
 * @param {number | null | undefined} place of the layer's running statistics among those of all layers
 * @param {number} n neurons
 * @returns {[Span, Span] | null}
 */
export function spansOf(statistics, place, n) {
  if (place === null || place === undefined || !statistics) return null;
  const total = statistics.length / 4;
  const span = (/** @type {number} */ first) =>
    Array.from({length: n}, (_, j) => {
      const at = place / 2 + j;
      const variance = statistics[(first + 1) * total + at];
      return /** @type {[number, number]} */ ([statistics[first * total + at], Math.sqrt(Math.max(0, variance))]);
    });
  return [span(0), span(2)];
}

/** Where neurons and numbers stand: 0 is in the picture. @param {[Span, Span]} spans @param {Box} box
 * @param {number} small */
function scaleOf(spans, {x, y, width, height}, small) {
  const ends = spans
    .flat()
    .flatMap(([mean, deviation]) => [mean - deviation, mean + deviation])
    .filter(Number.isFinite);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const room = 0.06 * (high - low || 1);
  const left = x + small * 3.6;
  const right = x + width - 6;
  const from = y + small * 3.4;
  const to = y + height - 6;
  return {
    low,
    high,
    left,
    right,
    tall: to - from,
    /** width of a neuron's column */
    cell: (right - left) / spans[0].length,
    yOf: (/** @type {number} */ z) => to - ((z - low + room) / (high - low + 2 * room)) * (to - from),
  };
}

/** @param {Sheet} sheet @param {Box} box @param {Translate} t */
export function paintStatistics({ctx, palette, lab, layout, chosen}, box, t) {
  if (box.height < LOWEST) return;
  const {x, y} = box;
  const {small} = palette;
  const spans = spansOf(lab.statistics, layout.blocks[chosen]?.statistics, layout.sizes[chosen + 1]);
  ctx.font = `600 ${small}px ${palette.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillStyle = palette.text;
  ctx.fillText(spans ? t("lab.statistics", {layer: chosen + 1}) : t("lab.statistics_none"), x, y);
  if (!spans) return;
  const scale = scaleOf(spans, box, small);
  paintKey(ctx, palette, x, y + small * 1.75, t);
  paintScale(ctx, palette, scale);
  paintSpan(ctx, palette.muted, spans[0], scale, -0.17);
  paintSpan(ctx, palette.forward, spans[1], scale, 0.17);
}

/** @param {CanvasRenderingContext2D} ctx @param {Sheet["palette"]} palette @param {Scale} scale */
function paintScale(ctx, palette, {low, high, left, right, tall, yOf}) {
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.lineWidth = palette.stroke;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.beginPath();
  for (const z of ticks(low, high, Math.max(2, tall / (palette.small * 2.4)))) {
    ctx.moveTo(left, Math.round(yOf(z)) + 0.5);
    ctx.lineTo(right, Math.round(yOf(z)) + 0.5);
    ctx.fillText(compact(z), left - 5, yOf(z));
  }
  ctx.stroke();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} colour
 * @param {Span} span
 * @param {Scale} scale
 * @param {number} aside from the middle of a column, as a share of it
 */
function paintSpan(ctx, colour, span, {left, cell, yOf}, aside) {
  ctx.strokeStyle = ctx.fillStyle = colour;
  ctx.lineWidth = Math.max(1, Math.min(5, cell * 0.26));
  span.forEach(([mean, deviation], j) => {
    if (!Number.isFinite(mean)) return;
    const x = left + (j + 0.5) * cell + aside * Math.min(cell, 24);
    ctx.globalAlpha = 0.45;
    ctx.beginPath();
    ctx.moveTo(x, yOf(mean - deviation));
    ctx.lineTo(x, yOf(mean + deviation));
    ctx.stroke();
    ctx.globalAlpha = 1;
    ctx.beginPath();
    ctx.arc(x, yOf(mean), Math.max(1.2, Math.min(3.4, cell * 0.2)), 0, 7);
    ctx.fill();
  });
}

/** Which colour is which. @param {CanvasRenderingContext2D} ctx @param {Sheet["palette"]} palette
 * @param {number} x @param {number} y @param {Translate} t */
function paintKey(ctx, palette, x, y, t) {
  const small = palette.tiny;
  ctx.font = `${small}px ${palette.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  for (const [name, colour] of [
    ["batch", palette.muted],
    ["running", palette.forward],
  ]) {
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(x + 5, y + small / 2, 3.4, 0, 7);
    ctx.fill();
    ctx.fillStyle = palette.muted;
    ctx.fillText(t(`lab.stat_${name}`), x + 13, y);
    x += 30 + ctx.measureText(t(`lab.stat_${name}`)).width;
  }
}
