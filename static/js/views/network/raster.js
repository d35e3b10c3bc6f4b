// @ts-check
/**
 * Thousands of edges between two columns as one picture: curves are summed up, positive and negative apart, then toned.
 */

import {CURVE} from "./curves.js";

const LEVELS = 1024;
const DENSEST = 6;
/** Opacity 0…255 of a summed-up density 0…DENSEST. */
const OPACITY = Uint8Array.from({length: LEVELS}, (_, k) => Math.round(255 * (1 - Math.exp((-k / LEVELS) * DENSEST))));

/**
 * Where a curve stands in every pixel column between its ends: first column, and the share of its rise at the columns'
 * borders.
 * @typedef {{from: number, shares: Float32Array}} Profile
 */

/** @param {number} x0 @param {number} x1 ends of a curve, in pixels of the picture @returns {Profile} */
export function profileOf(x0, x1) {
  const from = Math.max(1, Math.round(x0));
  const to = Math.max(from, Math.round(x1));
  const last = CURVE.length - 1;
  return {
    from,
    shares: Float32Array.from({length: to - from + 1}, (_, k) => {
      const at = Math.min(last, Math.max(0, ((from + k - x0) / (x1 - x0)) * last));
      const i = Math.min(last - 1, at | 0);
      return CURVE[i] + (CURVE[i + 1] - CURVE[i]) * (at - i);
    }),
  };
}

/** A picture in the making: the densities of its pixels, of positive and of negative curves. */
export class Raster {
  /** @param {number} width @param {number} height px of the picture */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.positive = new Float32Array(width * height);
    this.negative = new Float32Array(width * height);
  }

  /**
   * Add one curve, one pixel thick.
   * @param {Profile} profile
   * @param {number} y0
   * @param {number} y1 height of its ends, in pixels, at least 1 from the picture's border
   * @param {number} strength density along the curve; its sign chooses the sum
   */
  add({from, shares}, y0, y1, strength) {
    const {width} = this;
    const sum = strength < 0 ? this.negative : this.positive;
    const amount = strength < 0 ? -strength : strength;
    const rise = y1 - y0;
    let before = y0 + rise * shares[0];
    let x = from;
    for (let k = 1; k < shares.length; k++, x++) {
      const after = y0 + rise * shares[k];
      const fall = after - before;
      if (fall <= 1 && fall >= -1) {
        const middle = (before + after) * 0.5 - 0.5;
        const row = middle | 0;
        const part = amount * (middle - row);
        const p = row * width + x;
        sum[p] += amount - part;
        sum[p + width] += part;
      } else addSteep(sum, width, x, before, after, amount);
      before = after;
    }
  }

  /**
   * Colour what was added, and begin anew.
   * @param {Uint32Array} pixels (width × height), little-endian RGBA
   * @param {Uint32Array} table diverging
   */
  tone(pixels, table) {
    const {positive, negative} = this;
    for (let p = 0; p < pixels.length; p++) {
      const plus = positive[p];
      const minus = negative[p];
      const density = plus + minus;
      if (density === 0) {
        pixels[p] = 0;
        continue;
      }
      const alpha = OPACITY[Math.min(LEVELS - 1, (density * (LEVELS / DENSEST)) | 0)];
      const share = ((plus - minus) / density) * (0.5 + alpha / 510);
      pixels[p] = ((table[(127.5 + 127.5 * share) | 0] & 0xffffff) | (alpha << 24)) >>> 0;
    }
    positive.fill(0);
    negative.fill(0);
  }
}

/**
 * A stretch within column `x` that crosses several rows.
 * @param {Float32Array} sum
 * @param {number} width of the picture
 * @param {number} x
 * @param {number} before
 * @param {number} after
 * @param {number} amount
 */
function addSteep(sum, width, x, before, after, amount) {
  const low = before < after ? before : after;
  const high = before < after ? after : before;
  const pace = 1 / (after - before);
  const end = high | 0;
  for (let row = low | 0, p = row * width + x; row <= end; row++, p += width) {
    const part = amount * ((row + 1 < high ? row + 1 : high) - (row > low ? row : low));
    let across = (row + 0.5 - before) * pace - 0.5;
    if (across < -0.5) across = -0.5;
    else if (across > 0.5) across = 0.5;
    if (across < 0) {
      sum[p] += part * (1 + across);
      sum[p - 1] -= part * across;
    } else {
      sum[p] += part * (1 - across);
      sum[p + 1] += part * across;
    }
  }
}
