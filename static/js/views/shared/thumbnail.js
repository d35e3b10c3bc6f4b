// @ts-check
/** A data set at a glance: its points in the plane, or one of its pictures. */

import {CATEGORIES, css, diverging, sequential} from "../../draw/color.js";
import {h} from "../../draw/dom.js";

/** @typedef {import("../../types").DatasetOption} Entry */

const SIDE = 88;

/** Paint a data set into an image. A canvas that stays in the page would be composed anew in every animation frame.
 * @param {HTMLImageElement} picture @param {Entry} entry @param {import("../../types").Theme} theme */
export function paintThumbnail(picture, entry, theme) {
  const canvas = h("canvas", {width: SIDE, height: SIDE});
  const side = SIDE;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  if (entry.preview_image && entry.image) paintImage(pen, side, entry.preview_image, entry.image, theme);
  else if (entry.preview) paintPoints(pen, side, entry, entry.preview, theme);
  else paintTable(pen, side, entry, theme);
  picture.src = canvas.toDataURL();
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {number[]} image
 * @param {[number, number]} shape
 * @param {import("../../types").Theme} theme
 */
function paintImage(pen, side, image, [rows, columns], theme) {
  const cell = Math.floor((side * 0.84) / Math.max(rows, columns));
  const left = (side - cell * columns) / 2;
  const top = (side - cell * rows) / 2;
  image.forEach((value, i) => {
    pen.fillStyle = css(sequential(value, theme));
    pen.fillRect(left + (i % columns) * cell, top + Math.floor(i / columns) * cell, cell, cell);
  });
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {Entry} entry
 * @param {number[][]} points
 * @param {import("../../types").Theme} theme
 */
function paintPoints(pen, side, entry, points, theme) {
  const reach = Math.max(...points.map(([x, y]) => Math.max(Math.abs(x), Math.abs(y)))) * 1.12;
  const targets = points.map(p => p[2]);
  const low = Math.min(...targets);
  const high = Math.max(...targets);
  for (const [x, y, target] of points) {
    pen.fillStyle =
      entry.kind === "classes"
        ? CATEGORIES[target % CATEGORIES.length]
        : css(diverging((2 * (target - low)) / (high - low || 1) - 1, theme));
    pen.beginPath();
    pen.arc(((x / reach + 1) * side) / 2, ((1 - y / reach) * side) / 2, side * 0.034, 0, 2 * Math.PI);
    pen.fill();
  }
}

/**
 * A small grid that stands for a table: rows of inputs and their targets.
 * @param {CanvasRenderingContext2D} pen
 * @param {number} side
 * @param {Entry} entry
 * @param {import("../../types").Theme} theme
 */
function paintTable(pen, side, entry, theme) {
  const table = entry.table?.slice(0, 4) ?? [];
  const rows = table.length;
  const inputs = Math.min(entry.inputs, 4);
  const columns = inputs + entry.outputs;
  const cell = (side * 0.8) / Math.max(rows, columns);
  const left = (side - cell * columns) / 2;
  const top = (side - cell * rows) / 2;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const target = j >= inputs;
      const value = table[i][target ? entry.inputs + j - inputs : j];
      const colour = target ? diverging(1.8 * value - 0.9, theme) : sequential(0.18 + 0.57 * value, theme);
      pen.fillStyle = css(colour);
      pen.fillRect(left + j * cell + (target ? 3 : 1), top + i * cell + 1, cell - 3, cell - 3);
    }
  }
}
