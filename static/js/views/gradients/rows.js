// @ts-check
/**
 * Gradients as rows, input side first, for a narrow place: a dot on the log scale, the number, and the history as a
 * heat strip.
 */

import {sequentialTable} from "../../draw/color.js";
import {plain, power} from "../../draw/format.js";
import {decades} from "../../draw/plot.js";
import {labelled, labelStride, standing} from "../shared/gradient_scale.js";
import {paintOthers} from "./lanes.js";

/** @typedef {object} Picture
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} width
 * @property {number} height
 * @property {import("../../draw/plot.js").Palette} palette
 * @property {import("../../types").Theme} theme
 * @property {number} layers
 * @property {import("../shared/gradient_scale.js").Axis} axis
 * @property {{slope: number, start: number}|null} fit log₁₀ ‖δ‖ over the hidden layers
 * @property {Float32Array} delta now
 * @property {Float32Array} gradient now
 * @property {import("./lanes.js").Other[]} others the other lanes
 * @property {{delta: Float32Array[], gradient: Float32Array[]}} history oldest first
 * @property {string[]} names of the layers
 * @property {string} past name of the history
 * @property {number} marked layer, or −1 */

/** @typedef {{layerAt: (x: number, y: number) => number}} Laid −1 for none */

/**
 * Kept between paintings: the strip's pixels and the theme's colours.
 * @type {{canvas: HTMLCanvasElement|null, image: ImageData|null, theme: string, table: Uint32Array}}
 */
const strip = {canvas: null, image: null, theme: "", table: new Uint32Array(0)};

/** @param {Picture} picture @returns {Laid} */
export function paintRows(picture) {
  const {ctx, width, height, palette, layers, names, axis} = picture;
  const small = palette.small - 1;
  const top = 2;
  const bottom = height - small * 1.7;
  const row = (bottom - top) / layers;
  const numbers = row >= small * 1.15 ? small * 4.6 : 0;
  ctx.font = `${small}px ${palette.font}`;
  const left = 14 + Math.max(...names.map(name => ctx.measureText(name).width));
  const heat = Math.max(40, Math.min(110, (width - left - numbers) * 0.3));
  const right = width - numbers - heat - 22;
  const gutter = 16;
  const xOf = (/** @type {number} */ share) =>
    share < 0 ? left + 5 : share > 1 ? right + 5 : left + gutter + share * (right - left - gutter);
  const yOf = (/** @type {number} */ k) => top + (k + 0.5) * row;
  if (picture.marked >= 0) {
    ctx.fillStyle = palette["panel-2"];
    ctx.fillRect(4, top + picture.marked * row, width - 8, row);
  }
  scale(ctx, palette, axis, xOf, top, bottom, left + 24);
  ctx.fillText("0", left + 5, bottom + 3);
  fitLine(picture, share => xOf(share), yOf);
  const r = Math.max(1.2, Math.min(4.2, row * 0.36)) * Math.sqrt(palette.stroke);
  const every = labelStride(layers, row, small * 1.2);
  ctx.textBaseline = "middle";
  for (let k = 0; k < layers; k++) {
    const y = yOf(k);
    ring(ctx, xOf(standing(axis, picture.gradient[k])), y, r * 0.8, picture.gradient[k], palette);
    dot(ctx, xOf(standing(axis, picture.delta[k])), y, r, picture.delta[k], palette);
    paintOthers(ctx, palette, picture.others, k, axis, (share, slot) => [
      xOf(share),
      y + (slot % 2 ? 1 : -1) * Math.min(6, row * 0.3),
      true,
    ]);
    ctx.font = `${small}px ${palette.font}`;
    ctx.textAlign = "right";
    ctx.fillStyle = picture.marked === k ? palette.text : palette.muted;
    if (labelled(k, layers, every)) ctx.fillText(names[k], left - 6, y);
    if (numbers) {
      ctx.fillStyle = palette.text;
      ctx.fillText(plain(picture.delta[k], 2), width - heat - 14, y);
    }
  }
  heatStrip(picture, width - heat - 6, top, heat, row);
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillText(picture.past, width - 6, bottom + 3);
  return {
    layerAt: (x, y) =>
      y >= top && y < bottom && x >= 0 && x <= width ? Math.min(layers - 1, Math.floor((y - top) / row)) : -1,
  };
}

/** Upright lines at powers of ten, which are written below them right of `from`; the font is the caller's.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {import("../shared/gradient_scale.js").Axis} axis
 * @param {(share: number) => number} xOf @param {number} top @param {number} bottom @param {number} [from] */
export function scale(ctx, palette, axis, xOf, top, bottom, from = 0) {
  ctx.strokeStyle = palette.grid;
  ctx.fillStyle = palette.muted;
  ctx.lineWidth = palette.stroke;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.beginPath();
  for (const n of decades(axis.low, axis.high, (xOf(1) - xOf(0)) / 40)) {
    const x = Math.round(xOf((n - axis.low) / (axis.high - axis.low))) + 0.5;
    ctx.moveTo(x, top);
    ctx.lineTo(x, bottom);
    if (x > from) ctx.fillText(power(n), x, bottom + 3);
  }
  ctx.stroke();
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

/** ‖δ‖: a full dot; hollow and grey at zero, a cross where it is no number.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {number} r
 * @param {number} norm
 * @param {import("../../draw/plot.js").Palette} palette
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
 * @param {import("../../draw/plot.js").Palette} palette */
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
 * @param {import("../../draw/plot.js").Palette} palette @returns {boolean} whether it is no number */
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

/** Frames that a history shows; a shorter one fills up from the right. */
export const PAST = 240;
const TALLEST = 13;

/** History of ‖δ‖, a row of pixels per layer, newest at the right, coloured on the same scale as the dots.
 * @param {Picture} picture
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} row height of a layer
 */
function heatStrip({ctx, theme, layers, axis, history: {delta}}, x, y, width, row) {
  const from = PAST - delta.length;
  if (strip.theme !== theme) Object.assign(strip, {theme, table: sequentialTable(theme)});
  strip.canvas ??= document.createElement("canvas");
  if (strip.canvas.width !== PAST || strip.canvas.height !== layers)
    Object.assign(strip.canvas, {width: PAST, height: layers});
  if (strip.image?.height !== layers) strip.image = new ImageData(PAST, layers);
  const {image, table} = strip;
  const pixels = new Uint32Array(image.data.buffer).fill(0);
  for (let j = Math.max(0, -from); j < delta.length; j++) {
    for (let k = 0; k < layers; k++) {
      const share = standing(axis, delta[j][k]);
      if (share >= 0 && share <= 1) pixels[k * PAST + from + j] = table[Math.round(20 + 235 * share)];
    }
  }
  strip.canvas.getContext("2d")?.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  if (row < 5) ctx.drawImage(strip.canvas, x, y, width, row * layers);
  else {
    const tall = Math.min(TALLEST, row - 2);
    for (let k = 0; k < layers; k++)
      ctx.drawImage(strip.canvas, 0, k, PAST, 1, x, y + (k + 0.5) * row - tall / 2, width, tall);
  }
  ctx.imageSmoothingEnabled = true;
}
