// @ts-check
/** A map and the losses of one of its runs, painted. */

import {divergingTable} from "../../draw/color.js";
import {integer, power} from "../../draw/format.js";
import {equalized, shownAt} from "./grid.js";

/** @typedef {import("../../types").Theme} Theme */

/**
 * Paint a map into a canvas of its own size, a pixel for each.
 * @param {HTMLCanvasElement} canvas
 * @param {Float64Array} measures
 * @param {number} size
 * @param {Theme} theme
 */
export function paintMap(canvas, measures, size, theme) {
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const picture = ctx.createImageData(size, size);
  const inks = new Uint32Array(picture.data.buffer);
  const table = divergingTable(theme);
  const toScale = equalized(measures);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const value = shownAt(measures, size, row, column);
      if (Number.isNaN(value)) continue;
      inks[(size - 1 - row) * size + column] = table[Math.round(127.5 * (toScale(value) + 1))];
    }
  }
  ctx.putImageData(picture, 0, 0);
}

/**
 * Paint the losses of a run, divided by the first, on a logarithmic scale; `share` of them.
 * @param {HTMLCanvasElement} canvas
 * @param {(number | null)[]} losses null is no number
 * @param {import("../../draw/plot.js").Palette} colours
 * @param {number} share 0…1
 */
export function paintRun(canvas, losses, colours, share) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const {width, height} = canvas;
  const [left, bottom] = [44, height - 18];
  const logs = losses.map(loss => (loss === null ? NaN : Math.log10(Math.max(loss / (losses[0] ?? 1), 1e-16))));
  const finite = logs.filter(Number.isFinite);
  const low = Math.floor(Math.min(-1, ...finite));
  const high = Math.min(12, Math.ceil(Math.max(1, ...finite)));
  const y = (/** @type {number} */ log) => bottom - ((Math.min(log, high) - low) / (high - low)) * (bottom - 8);
  const x = (/** @type {number} */ k) => left + (k / Math.max(1, losses.length - 1)) * (width - left - 6);
  ctx.clearRect(0, 0, width, height);
  ctx.font = `${colours.small}px ${colours.font}`;
  ctx.fillStyle = colours.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const log of new Set([low, 0, high])) {
    ctx.fillText(power(log), left - 6, y(log));
    ctx.fillRect(left, y(log), width - left - 6, log === 0 ? 1 : 0.5);
  }
  ctx.textBaseline = "top";
  ctx.fillText(integer(losses.length), width - 6, bottom + 4);
  ctx.beginPath();
  const count = Math.ceil(share * logs.length);
  for (let k = 0; k < count; k++) if (Number.isFinite(logs[k])) ctx.lineTo(x(k), y(logs[k]));
  ctx.strokeStyle = colours.text;
  ctx.lineWidth = 1.5 * colours.stroke;
  ctx.stroke();
}
