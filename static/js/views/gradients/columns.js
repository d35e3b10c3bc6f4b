// @ts-check
/**
 * Gradients as columns, input side left as in the diagram, for a wide and low place: in each the recent history as a
 * line.
 */

import {power} from "../../draw/format.js";
import {decades, rimmed} from "../../draw/plot.js";
import {dot, ring} from "../shared/gradient_marks.js";
import {labelled, labelStride, standing} from "../shared/gradient_scale.js";
import {fitLine, pastLine} from "./history.js";
import {paintOthers} from "./lanes.js";
import {columnsLayout, SLOT} from "./layout.js";
import {normWords} from "./words.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {ReturnType<typeof columnsLayout>} Place */

/** How the past of the two norms is drawn. */
const GRADIENT = {alpha: 0.42, width: 0.9};
const DELTA = {alpha: 0.85, width: 1.3};

/** @param {Picture} picture @returns {import("./layout.js").Laid} */
export function paintColumns(picture) {
  const {ctx, width, height, palette, layers, others, history} = picture;
  const small = palette.tiny;
  const place = columnsLayout({width, height, small, layers}, others.length);
  const {cell, yOf, pastAt, nowAt} = place;
  background(picture, place);
  for (let k = 0; k < layers; k++) {
    const line = {from: pastAt(k), to: nowAt(k), yOf};
    pastLine(picture, history.gradient, k, line, GRADIENT);
    pastLine(picture, history.delta, k, line, DELTA);
  }
  fitLine(picture, yOf, nowAt, true);
  const every = labelStride(layers, cell, small * 2.4);
  for (let k = 0; k < layers; k++) {
    paintMarks(picture, place, k);
    ctx.font = `${small}px ${palette.font}`;
    ctx.textBaseline = "top";
    ctx.textAlign = "center";
    ctx.fillStyle = picture.marked === k ? palette.text : palette.muted;
    if (labelled(k, layers, every)) ctx.fillText(picture.names[k], place.left + (k + 0.5) * cell, place.bottom + 3);
    if (place.numbers) values(picture, place, k);
  }
  return place;
}

/** @param {Picture} picture @param {Place} place @param {number} k */
function paintMarks({ctx, palette, axis, delta, gradient, others}, {cell, radius, yOf, nowAt}, k) {
  const x = nowAt(k);
  const r = radius * Math.sqrt(palette.stroke);
  ring(ctx, x, yOf(standing(axis, gradient[k])), r * 0.85, gradient[k], palette);
  dot(ctx, x, yOf(standing(axis, delta[k])), r, delta[k], palette);
  paintOthers(ctx, palette, others, k, axis, (share, slot) => [
    x + r + (slot + 0.5) * Math.min(SLOT, (cell * 0.4) / others.length),
    yOf(share),
    false,
  ]);
}

/**
 * The two numbers beside their marks, kept apart.
 * @param {Picture} picture
 * @param {Place} place
 * @param {number} k
 */
function values({ctx, palette, axis, delta, gradient, height}, {radius, beside, yOf, nowAt}, k) {
  const small = palette.tiny;
  const x = nowAt(k) + radius * Math.sqrt(palette.stroke) + 4 + beside;
  const need = small * 1.15;
  const inside = (/** @type {number} */ y) => Math.max(small * 1.2, Math.min(height - small * 2.9, y));
  const high = inside(yOf(standing(axis, delta[k])));
  const low = inside(yOf(standing(axis, gradient[k])));
  const apart = Math.max(0, need - Math.abs(high - low)) / 2;
  const sign = high <= low ? -1 : 1;
  ctx.textAlign = "left";
  ctx.textBaseline = "middle";
  rimmed(ctx, palette, normWords(delta[k]), x, high + sign * apart, palette.text);
  rimmed(ctx, palette, normWords(gradient[k]), x, low - sign * apart, palette.muted);
}

/** Lines at powers of ten, columns told apart, the chosen one marked. @param {Picture} picture @param {Place} place */
function background({ctx, palette, axis, layers, marked}, {left, right, top, bottom, cell, yOf}) {
  const small = palette.tiny;
  const tall = bottom - top + 5;
  ctx.fillStyle = palette["panel-2"];
  for (let k = 1; k < layers; k += 2) ctx.fillRect(left + k * cell, top - 5, cell, tall);
  if (marked >= 0) {
    ctx.fillStyle = palette.accent;
    ctx.globalAlpha = 0.13;
    ctx.fillRect(left + marked * cell, top - 5, cell, tall);
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
    if (y < bottom - 4 - 1.1 * small) ctx.fillText(power(n), left - 5, Math.max(y, small * 0.6)); // clear of the zero
  }
  ctx.stroke();
  ctx.fillText("0", left - 5, bottom - 4);
}
