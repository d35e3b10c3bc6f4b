// @ts-check
/** The past of norms and the line fitted through them, painted alike over rows and over columns. */

import {standing} from "../shared/gradient_scale.js";

/** @typedef {import("./picture.js").Picture} Picture */

/** Frames that a history shows; a shorter one fills up from the right. */
export const PAST = 240;

/**
 * One layer's norm over the frames as a line; zeros run along the floor, gaps where it was no number.
 * @param {Picture} picture
 * @param {Float32Array[]} rows of the norm
 * @param {number} k layer
 * @param {{from: number, to: number, yOf: (share: number) => number}} place
 * @param {{alpha: number, width: number}} look
 */
export function pastLine({ctx, axis, palette}, rows, k, {from, to, yOf}, {alpha, width}) {
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
  ctx.strokeStyle = palette.backward;
  ctx.lineWidth = width * palette.stroke;
  ctx.lineJoin = "round";
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** The fitted line over the hidden layers. @param {Picture} picture @param {(share: number) => number} along the scale
 * @param {(k: number) => number} across the layers @param {boolean} [columns] */
export function fitLine({ctx, palette, axis, fit, layers}, along, across, columns = false) {
  if (!fit) return;
  const share = (/** @type {number} */ k) =>
    Math.min(1, Math.max(0, (fit.start + fit.slope * k - axis.low) / (axis.high - axis.low)));
  ctx.beginPath();
  for (const k of [0, layers - 2]) {
    if (columns) ctx.lineTo(across(k), along(share(k)));
    else ctx.lineTo(along(share(k)), across(k));
  }
  ctx.setLineDash([5, 4]);
  ctx.strokeStyle = palette.text;
  ctx.globalAlpha = 0.55;
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.globalAlpha = 1;
}
