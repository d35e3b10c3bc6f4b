// @ts-check
/** The names of the inputs, to the left of the first column. */

import {leastOfName, shortened} from "../../draw/lettering.js";
import {MOST_NAMES} from "./layout.js";

/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {string[]} names
 * @param {Palette} palette
 */
export function drawInputNames(ctx, g, names, palette) {
  const {size, pitch} = g.columns[0];
  if (g.image || g.sizes[0] > MOST_NAMES || pitch < palette.small) return;
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  ctx.fillStyle = palette.muted;
  for (let i = 0; i < g.sizes[0]; i++) writeIn(ctx, names[i] ?? "", g.x[i] - size / 2 - 5, g.y[i], pitch, palette);
}

/**
 * As large as fits, on two lines where one would be tiny.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} right
 * @param {number} y
 * @param {number} height
 * @param {Palette} palette
 */
function writeIn(ctx, text, right, y, height, palette) {
  const usual = palette.small * 1.1;
  const width = right - 2;
  ctx.font = `600 ${usual}px ${palette.font}`;
  const alone = width / ctx.measureText(text).width;
  const lines = alone < 0.8 && height > 2.1 * usual ? halves(text) : [text];
  const fitting = usual * Math.min(1, ...lines.map(line => width / ctx.measureText(line).width));
  const size = Math.max(fitting, leastOfName(palette));
  ctx.font = `600 ${size}px ${palette.font}`;
  lines.forEach((line, k) => {
    const words = size > fitting ? shortened(ctx, line, width) : line;
    ctx.fillText(words, right, y + (k - (lines.length - 1) / 2) * size * 1.05);
  });
}

/** A text on two lines, a single word on one. @param {string} text @returns {string[]} */
export function halves(text) {
  const words = text.split(" ");
  const half = Math.ceil(words.length / 2);
  return words.length > 1 ? [words.slice(0, half).join(" "), words.slice(half).join(" ")] : [text];
}
