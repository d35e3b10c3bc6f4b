// @ts-check
/** Marks of norms on a log scale: a dot for ‖δ‖, a ring for ‖∂W‖, the scale they stand on and the colour of heat. */

import {power} from "../../draw/format.js";
import {decades} from "../../draw/plot.js";
import {standing} from "./gradient_scale.js";

/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("./gradient_scale.js").Axis} Axis */

/** px between two powers of ten, at least. */
const APART = 40;
/** The least colour of a table of 256 that is used: what is small stands apart from what is zero. */
const FAINTEST = 20;

/** ‖δ‖: a full dot; grey at zero, a cross where it is no number.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} norm
 * @param {Palette} palette
 */
export function dot(ctx, x, y, r, norm, palette) {
  if (cross(ctx, x, y, r, norm, palette)) return;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = norm === 0 ? palette.muted : palette.backward;
  ctx.fill();
}

/**
 * ‖∂W‖: a ring.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} norm
 * @param {Palette} palette
 */
export function ring(ctx, x, y, r, norm, palette) {
  if (cross(ctx, x, y, r, norm, palette)) return;
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  ctx.fillStyle = palette.panel;
  ctx.fill();
  ctx.strokeStyle = norm === 0 ? palette.muted : palette.backward;
  ctx.lineWidth = 1.4 * Math.sqrt(palette.stroke);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} r @param {number} norm
 * @param {Palette} palette @returns {boolean} whether it is no number */
function cross(ctx, x, y, r, norm, palette) {
  if (norm >= 0 && norm < Infinity) return false;
  ctx.beginPath();
  ctx.moveTo(x - r, y - r);
  ctx.lineTo(x + r, y + r);
  ctx.moveTo(x - r, y + r);
  ctx.lineTo(x + r, y - r);
  ctx.strokeStyle = palette.bad;
  ctx.lineWidth = 1.8 * palette.stroke;
  ctx.stroke();
  return true;
}

/** Upright lines at powers of ten, which are written below them right of `from`; the font is the caller's.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Palette} palette
 * @param {Axis} axis
 * @param {(share: number) => number} xOf @param {number} top @param {number} bottom @param {number} [from] */
export function uprightScale(ctx, palette, axis, xOf, top, bottom, from = 0) {
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.lineWidth = palette.stroke;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.beginPath();
  const widest = Math.max(...[axis.low, axis.high].map(end => ctx.measureText(power(Math.round(end))).width));
  for (const n of decades(axis.low, axis.high, (xOf(1) - xOf(0)) / Math.max(APART, 1.3 * widest))) {
    const x = Math.round(xOf((n - axis.low) / (axis.high - axis.low))) + 0.5;
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    if (x > from) ctx.fillText(power(n), x, bottom + 3);
  }
  ctx.stroke();
}

/** The pixel of a norm in a heat strip; 0, which is clear, for zero and for what is no number.
 * @param {Uint32Array} table 256 colours @param {Axis} axis @param {number} norm */
export function heat(table, axis, norm) {
  const share = standing(axis, norm);
  return share >= 0 && share <= 1 ? table[Math.round(FAINTEST + (255 - FAINTEST) * share)] : 0;
}
