// @ts-check
/** What the plane is painted of: the picture of the function with its line, axes and their names. */

import {compact} from "../../draw/format.js";
import {shortened} from "../../draw/lettering.js";
import {rimmed, ticks} from "../../draw/plot.js";
import {domainOf} from "./plane_scene.js";

/** @typedef {import("./plane_scene.js").Square} Square */
/** @typedef {import("./points.js").Scales} Scales */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/**
 * @param {import("../../draw/plot.js").Sheet} sheet
 * @param {import("./live_field.js").LiveField} live
 * @param {Square} square
 * @param {Palette} palette
 */
export function drawField({ctx: c, width, height}, {picture, line, side}, square, palette) {
  const cell = square.side / side;
  c.clearRect(0, 0, width, height);
  c.imageSmoothingEnabled = true;
  c.drawImage(picture, square.x, square.y, square.side, square.side);
  c.beginPath();
  for (let k = 0; k < line.length; k += 4) {
    c.moveTo(square.x + line[k] * cell, square.y + line[k + 1] * cell);
    c.lineTo(square.x + line[k + 2] * cell, square.y + line[k + 3] * cell);
  }
  c.strokeStyle = palette.text;
  c.lineWidth = 1.2 * palette.stroke;
  c.globalAlpha = 0.75;
  c.stroke();
  c.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {Square} at
 * @param {Scales} to
 * @param {import("../../types").Data} data
 * @param {Palette} palette
 */
export function drawAxes(c, at, to, data, palette) {
  const [[left, right], [low, high]] = domainOf(data);
  const few = at.side / (palette.small * 4.2);
  c.strokeStyle = palette.muted;
  c.lineWidth = palette.stroke;
  c.strokeRect(at.x, at.y, at.side, at.side);
  c.font = `${palette.tiny}px ${palette.font}`;
  c.fillStyle = palette.muted;
  c.textAlign = "center";
  c.textBaseline = "top";
  for (const v of ticks(left, right, few)) {
    c.fillRect(to.x(v) - palette.stroke / 2, at.y + at.side, palette.stroke, 3);
    if (to.x(v) < at.x + at.side - palette.small * 2) c.fillText(compact(v), to.x(v), at.y + at.side + 5);
  }
  c.textAlign = "right";
  c.textBaseline = "middle";
  for (const v of ticks(low, high, few)) {
    c.fillRect(at.x - 3, to.y(v) - palette.stroke / 2, 3, palette.stroke);
    if (to.y(v) > at.y + palette.small * 2) c.fillText(compact(v), at.x - 5, to.y(v));
  }
  nameAxes(c, at, palette, data.plane?.axes ?? ["x₁", "x₂"]);
}

/**
 * Names of the axes: beside the plane while short, else in its corners.
 * @param {CanvasRenderingContext2D} c
 * @param {Square} at
 * @param {Palette} palette
 * @param {[string, string]} axes
 */
function nameAxes(c, at, palette, [across, up]) {
  const {small} = palette;
  c.font = `italic 600 ${small * 1.05}px ${palette.font}`;
  /** @param {string} text @param {number} x @param {number} y @param {CanvasTextAlign} align */
  const write = (text, x, y, align) => {
    c.textAlign = align;
    rimmed(c, palette, shortened(c, text, at.side - 10), x, y, palette.text);
  };
  c.textBaseline = "middle";
  if (c.measureText(up).width <= 2.2 * small) write(up, at.x - 5, at.y + small * 0.6, "right");
  else write(up, at.x + 5, at.y + small * 0.9, "left");
  if (c.measureText(across).width <= 2.2 * small)
    write(across, at.x + at.side, at.y + at.side + 4 + small / 2, "right");
  else write(across, at.x + at.side - 5, at.y + at.side - small * 0.9, "right");
}
