// @ts-check
/**
 * Gradients as rows, input side first, for a narrow place: a dot on the log scale, the number, and the history as a
 * heat strip.
 */

import {sequentialTable} from "../../draw/color.js";
import {dot, heat, ring, uprightScale} from "../shared/gradient_marks.js";
import {labelled, labelStride, standing} from "../shared/gradient_scale.js";
import {fitLine, PAST} from "./history.js";
import {paintOthers} from "./lanes.js";
import {rowsLayout} from "./layout.js";
import {normWords} from "./words.js";

/** @typedef {import("./picture.js").Picture} Picture */
/** @typedef {ReturnType<typeof rowsLayout>} Place */

/** px that a row of the heat strip is high, at most. */
const TALLEST = 13;
/** Rows below this height have no gaps between them. */
const LOW = 5;

/** @param {Picture} picture @returns {import("./layout.js").Laid} */
export function paintRows(picture) {
  const {ctx, width, height, palette, layers, names, axis} = picture;
  const small = palette.tiny;
  ctx.font = `${small}px ${palette.font}`;
  const nameWidth = Math.max(...names.map(name => ctx.measureText(name).width));
  const place = rowsLayout({width, height, small, layers}, nameWidth);
  const {top, bottom, left, row, xOf, yOf} = place;
  if (picture.marked >= 0) {
    ctx.fillStyle = palette["panel-2"];
    ctx.fillRect(4, top + picture.marked * row, width - 8, row);
  }
  uprightScale(ctx, palette, axis, xOf, top, bottom, left + 24);
  ctx.fillText("0", left + 5, bottom + 3);
  fitLine(picture, xOf, yOf);
  const every = labelStride(layers, row, small * 1.2);
  ctx.textBaseline = "middle";
  for (let k = 0; k < layers; k++) {
    paintMarks(picture, place, k);
    paintWords(picture, place, k, labelled(k, layers, every));
  }
  heatStrip(picture, place);
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "right";
  ctx.textBaseline = "top";
  ctx.fillText(picture.past, width - 6, bottom + 3);
  return place;
}

/** @param {Picture} picture @param {Place} place @param {number} k */
function paintMarks({ctx, palette, axis, delta, gradient, others}, {row, xOf, yOf, radius}, k) {
  const y = yOf(k);
  const r = radius * Math.sqrt(palette.stroke);
  ring(ctx, xOf(standing(axis, gradient[k])), y, r * 0.8, gradient[k], palette);
  dot(ctx, xOf(standing(axis, delta[k])), y, r, delta[k], palette);
  paintOthers(ctx, palette, others, k, axis, (share, slot) => [
    xOf(share),
    y + (slot % 2 ? 1 : -1) * Math.min(6, row * 0.3),
    true,
  ]);
}

/** @param {Picture} picture @param {Place} place @param {number} k @param {boolean} named */
function paintWords({ctx, palette, width, names, marked, delta}, {left, yOf, heat: strip, numbers}, k, named) {
  const y = yOf(k);
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.fillStyle = marked === k ? palette.text : palette.muted;
  if (named) ctx.fillText(names[k], left - 6, y);
  if (!numbers) return;
  ctx.fillStyle = palette.text;
  ctx.fillText(normWords(delta[k]), width - strip - 14, y);
}

/**
 * Kept between paintings: the strip's pixels and the theme's colours.
 * @type {{canvas: HTMLCanvasElement|null, image: ImageData|null, theme: string, table: Uint32Array}}
 */
const kept = {canvas: null, image: null, theme: "", table: new Uint32Array(0)};

/** History of ‖δ‖, a row of pixels per layer, newest at the right, coloured on the same scale as the dots.
 * @param {Picture} picture
 * @param {Place} place
 */
function heatStrip({ctx, theme, width, layers, axis, history: {delta}}, {top, row, heat: wide}) {
  const x = width - wide - 6;
  const from = PAST - delta.length;
  if (kept.theme !== theme) Object.assign(kept, {theme, table: sequentialTable(theme)});
  kept.canvas ??= document.createElement("canvas");
  if (kept.canvas.width !== PAST || kept.canvas.height !== layers)
    Object.assign(kept.canvas, {width: PAST, height: layers});
  if (kept.image?.height !== layers) kept.image = new ImageData(PAST, layers);
  const {image, table} = kept;
  const pixels = new Uint32Array(image.data.buffer).fill(0);
  for (let j = Math.max(0, -from); j < delta.length; j++)
    for (let k = 0; k < layers; k++) pixels[k * PAST + from + j] = heat(table, axis, delta[j][k]);
  kept.canvas.getContext("2d")?.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  if (row < LOW) ctx.drawImage(kept.canvas, x, top, wide, row * layers);
  else {
    const tall = Math.min(TALLEST, row - 2);
    for (let k = 0; k < layers; k++)
      ctx.drawImage(kept.canvas, 0, k, PAST, 1, x, top + (k + 0.5) * row - tall / 2, wide, tall);
  }
  ctx.imageSmoothingEnabled = true;
}
