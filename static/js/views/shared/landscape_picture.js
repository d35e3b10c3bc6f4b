// @ts-check
/** A landscape at a glance, from above. */

import {sequentialTable} from "../../draw/color.js";
import {h} from "../../draw/dom.js";
import {GRAPHS, valueOf} from "../../maths/landscapes.js";
import {firstAtLeast} from "../../maths/sorted.js";

const SIDE = 44;

/**
 * Paint a landscape from above into an image; heights are shown by their rank, so that flat and steep ones all show
 * their shape.
 * @param {HTMLImageElement} picture
 * @param {import("../../types").LandscapeOption} entry
 * @param {import("../../types").Theme} theme
 */
export function paintLandscape(picture, {name, domain: [[left, right], [bottom, top]]}, theme) {
  if (!GRAPHS[name]) return;
  const canvas = h("canvas", {width: SIDE, height: SIDE});
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const heights = Float64Array.from({length: SIDE * SIDE}, (_, k) =>
    valueOf(
      name,
      left + (((k % SIDE) + 0.5) / SIDE) * (right - left),
      top - ((Math.floor(k / SIDE) + 0.5) / SIDE) * (top - bottom),
    ),
  );
  const order = heights.slice().sort();
  const image = new ImageData(SIDE, SIDE);
  const pixels = new Uint32Array(image.data.buffer);
  const table = sequentialTable(theme);
  for (let k = 0; k < pixels.length; k++)
    pixels[k] = table[Math.round((245 * firstAtLeast(order, heights[k])) / order.length)];
  pen.putImageData(image, 0, 0);
  picture.src = canvas.toDataURL();
}
