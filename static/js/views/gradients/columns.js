// @ts-check
/**
 * Gradients as columns, input side left as in the diagram, for a wide and low place: in each the recent history as a
 * line.
 */

import {plain, power} from "../../draw/format.js";
import {decades, rimmed} from "../../draw/plot.js";
import {labelled, labelStride, standing} from "../shared/gradient_scale.js";
import {paintOthers, SLOT} from "./lanes.js";
import {dot, fitLine, PAST, ring} from "./rows.js";

/** @typedef {import("./rows.js").Picture} Picture */

/** @param {Picture} picture @returns {import("./rows.js").Laid} */
export function paintColumns(picture) {
  const {ctx, width, height, palette, layers, names, axis, delta, gradient, history, others} = picture;
  const small = palette.small - 1;
  const left = small * 3.2;
  const right = width - 10;
  const bottom = height - small * 1.7;
  const top = 8;
  const gutter = small * 1.35;
  const cell = (right - left) / layers;
  const yOf = (/** @type {number} */ share) =>
    share < 0 ? bottom - 4 : share > 1 ? top - 3 : bottom - gutter - share * (bottom - gutter - top);
  const r = Math.max(1.7, Math.min(4.4, cell * 0.2)) * Math.sqrt(palette.stroke);
  const beside = others.length * SLOT;
  const numbers = cell >= small * 8 + beside;
  // The present stands at the right of its column, the past runs towards it.
  const nowAt = (/** @type {number} */ k) =>
    left + (k + 1) * cell - (numbers ? Math.min(cell * 0.3, small * 5) + beside : cell * (others.length ? 0.45 : 0.3));
  background(picture, left, right, top, bottom, cell, yOf);
  for (let k = 0; k < layers; k++) {
    const from = left + k * cell + Math.min(8, cell * 0.12);
    const to = nowAt(k);
    past(ctx, history.gradient, k, from, to, axis, yOf, palette.backward, 0.42, 0.9 * palette.stroke);
    past(ctx, history.delta, k, from, to, axis, yOf, palette.backward, 0.85, 1.3 * palette.stroke);
  }
  fitLine(picture, yOf, nowAt, true);
  const every = labelStride(layers, cell, small * 2.4);
  for (let k = 0; k < layers; k++) {
    const x = nowAt(k);
    const y = yOf(standing(axis, delta[k]));
    ring(ctx, x, yOf(standing(axis, gradient[k])), r * 0.85, gradient[k], palette);
    dot(ctx, x, y, r, delta[k], palette);
    paintOthers(ctx, palette, others, k, axis, (share, slot) => [
      x + r + (slot + 0.5) * Math.min(SLOT, (cell * 0.4) / others.length),
      yOf(share),
      false,
    ]);
    ctx.font = `${small}px ${palette.font}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "center";
    ctx.fillStyle = picture.marked === k ? palette.text : palette.muted;
    if (labelled(k, layers, every)) ctx.fillText(names[k], left + (k + 0.5) * cell, bottom + 3);
    if (numbers) values(picture, k, x + r + 4 + beside, yOf);
  }
  return {
    layerAt: (x, y) =>
      x >= left && x < right && y >= 0 && y <= height ? Math.min(layers - 1, Math.floor((x - left) / cell)) : -1,
  };
}

/**
 * The two numbers beside their marks, kept apart.
 * @param {Picture} picture
 * @param {number} k
 * @param {number} x
 * @param {(share: number) => number} yOf
 */
function values({ctx, palette, axis, delta, gradient, height}, k, x, yOf) {
  const small = palette.small - 1;
  const need = small * 1.15;
  const inside = (/** @type {number} */ y) => Math.min(height - small * 2.9, Math.max(small * 1.2, y));
  const high = inside(yOf(standing(axis, delta[k])));
  const low = inside(yOf(standing(axis, gradient[k])));
  const apart = Math.max(0, need - Math.abs(high - low)) / 2;
  const sign = high <= low ? -1 : 1;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  rimmed(ctx, palette, plain(delta[k], 2), x, high + sign * apart, palette.text);
  rimmed(ctx, palette, plain(gradient[k], 2), x, low - sign * apart, palette.muted);
}

/** Lines at powers of ten, columns told apart, the chosen one marked.
 * @param {Picture} picture
 * @param {number} left
 * @param {number} right
 * @param {number} top
 * @param {number} bottom
 * @param {number} cell
 * @param {(share: number) => number} yOf */
function background({ctx, palette, axis, layers, marked}, left, right, top, bottom, cell, yOf) {
  const small = palette.small - 1;
  ctx.fillStyle = palette["panel-2"];
  for (let k = 1; k < layers; k += 2) ctx.fillRect(left + k * cell, top - 5, cell, bottom - top + 5);
  if (marked >= 0) {
    ctx.fillStyle = palette.accent;
    ctx.globalAlpha = 0.13;
    ctx.fillRect(left + marked * cell, top - 5, cell, bottom - top + 5);
    ctx.globalAlpha = 1;
  }
  ctx.font = `${small}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.fillStyle = palette.muted;
  ctx.strokeStyle = palette.grid;
  ctx.lineWidth = palette.stroke;
  ctx.beginPath();
  for (const n of decades(axis.low, axis.high, (yOf(0) - yOf(1)) / (small * 1.5))) {
    const y = Math.round(yOf((n - axis.low) / (axis.high - axis.low))) + 0.5;
    ctx.moveTo(left, y);
    ctx.lineTo(right, y);
    ctx.fillText(power(n), left - 5, y);
  }
  ctx.stroke();
  ctx.fillText("0", left - 5, bottom - 4);
}

/** One norm's history as a line; zeros run along the floor, gaps where it was no number.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float32Array[]} rows
 * @param {number} k
 * @param {number} from
 * @param {number} to
 * @param {import("../shared/gradient_scale.js").Axis} axis
 * @param {(share: number) => number} yOf
 * @param {string} colour
 * @param {number} alpha
 * @param {number} width
 */
function past(ctx, rows, k, from, to, axis, yOf, colour, alpha, width) {
  const n = rows.length;
  const stride = Math.max(1, Math.floor(n / Math.max(8, (to - from) * 1.5)));
  let pen = false;
  ctx.beginPath();
  // Counted from the newest row, so that thinned points do not hop as rows come in at one end and leave at the other.
  for (let j = (n - 1) % stride; j < n; j += stride) {
    const share = standing(axis, rows[j][k]);
    if (share > 1) {
      pen = false;
      continue;
    }
    const x = to - ((n - 1 - j) / (PAST - 1)) * (to - from);
    const y = yOf(share);
    if (pen) ctx.lineTo(x, y);
    else ctx.moveTo(x, y);
    pen = true;
  }
  ctx.globalAlpha = alpha;
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.lineJoin = "round";
  ctx.stroke();
  ctx.globalAlpha = 1;
}
