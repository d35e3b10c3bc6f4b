// @ts-check
/** Where a run is now: a ball, and one with the letter of the lane where there are several. */

import {letter} from "../../draw/lettering.js";
import {colourOf, letterOf} from "../../model/lanes.js";

/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** The present: a ball, with light on it; only its rim where a hill hides it.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {boolean} behind
 * @param {Palette} palette
 * @param {string} colour
 */
export function drawBall(ctx, x, y, behind, palette, colour) {
  const r = 5.4 * Math.sqrt(palette.stroke);
  ctx.beginPath();
  ctx.arc(x, y, r, 0, 7);
  if (behind) {
    ctx.setLineDash([2.5, 2.5]);
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.4 * palette.stroke;
    ctx.stroke();
    ctx.setLineDash([]);
    return;
  }
  ctx.fillStyle = colour;
  ctx.fill();
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = 1.6;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(x - r * 0.32, y - r * 0.36, r * 0.3, 0, 7);
  ctx.fillStyle = "#ffffff";
  ctx.globalAlpha = 0.75;
  ctx.fill();
  ctx.globalAlpha = 1;
}

/**
 * A ball that says whose it is.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {boolean} behind
 * @param {Palette} palette @param {number} id of the lane */
export function letteredBall(ctx, x, y, behind, palette, id) {
  const size = palette.tiny;
  const r = Math.max(7 * Math.sqrt(palette.stroke), 0.62 * size);
  const colour = colourOf(palette, id);
  if (behind) drawBall(ctx, x, y, true, palette, colour);
  else {
    ctx.beginPath();
    ctx.arc(x, y, r, 0, 7);
    ctx.fillStyle = colour;
    ctx.fill();
    ctx.strokeStyle = palette.panel;
    ctx.lineWidth = 1.6;
    ctx.stroke();
  }
  letter(ctx, letterOf(id), x, y, {
    font: `700 ${size}px ${palette.font}`,
    size,
    colour: behind ? colour : palette.panel,
    centred: true,
  });
}
