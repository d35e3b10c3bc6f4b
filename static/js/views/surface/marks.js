// @ts-check
/** Marks on the surface: start and minimum, the true loss, arrows, where a step lands, and words beside them. */

import {letter} from "../../draw/lettering.js";

/** @typedef {import("../../draw/plot.js").Palette} Palette */

/**
 * Where the run began: a small ring.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {boolean} behind
 * @param {Palette} palette @param {string} colour */
export function drawStart(ctx, x, y, behind, palette, colour) {
  ctx.globalAlpha = behind ? 0.4 : 1;
  ctx.beginPath();
  ctx.arc(x, y, 3.4 * Math.sqrt(palette.stroke), 0, 7);
  ctx.fillStyle = palette.panel;
  ctx.fill();
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.7 * palette.stroke;
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/**
 * The least loss on the grid: a cross with a rim.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y
 * @param {boolean} behind @param {Palette} palette @param {string} ink */
export function drawLowest(ctx, x, y, behind, palette, ink) {
  const r = 4 * Math.sqrt(palette.stroke);
  ctx.globalAlpha = behind ? 0.45 : 1;
  ctx.lineCap = "round";
  for (const [colour, width] of /** @type {[string, number][]} */ ([
    [palette.panel, 4.2],
    [ink, 1.8],
  ])) {
    ctx.beginPath();
    ctx.moveTo(x - r, y - r);
    ctx.lineTo(x + r, y + r);
    ctx.moveTo(x - r, y + r);
    ctx.lineTo(x + r, y - r);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width * Math.sqrt(palette.stroke);
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}

/** A word beside a mark, readable on any ground.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Palette} palette
 */
export function drawWord(ctx, text, x, y, palette) {
  const size = palette.tiny;
  letter(ctx, text, x, y, {font: `${size}px ${palette.font}`, size, colour: palette.text, rim: palette.panel});
}

/** The true loss above or below the ball: a ring on a stem. Drawn where it lies clearly apart.
 * @param {CanvasRenderingContext2D} ctx
 * @param {number} x
 * @param {number} y of the ball
 * @param {number} trueY
 * @param {Palette} palette
 */
export function drawTruth(ctx, x, y, trueY, palette) {
  if (!(Math.abs(trueY - y) > 7)) return;
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.1 * palette.stroke;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x, trueY + Math.sign(y - trueY) * 3.4);
  ctx.moveTo(x + 3.4, trueY);
  ctx.arc(x, trueY, 3.4, 0, 7);
  ctx.stroke();
}

/** An arrow along (dx, dy) on the sheet. @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y
 * @param {number} dx @param {number} dy @param {Palette} palette @param {string} colour */
export function drawArrow(ctx, x, y, dx, dy, palette, colour) {
  const size = Math.hypot(dx, dy);
  const head = 6.5 * Math.sqrt(palette.stroke);
  if (!(size > 2)) return;
  const ux = dx / size;
  const uy = dy / size;
  const tipX = x + dx;
  const tipY = y + dy;
  for (const [stroke, width] of /** @type {[string, number][]} */ ([
    [palette.panel, 4.6],
    [colour, 2.1],
  ])) {
    ctx.beginPath();
    ctx.moveTo(x, y);
    ctx.lineTo(tipX - ux * head * 0.6, tipY - uy * head * 0.6);
    ctx.moveTo(tipX - ux * head - uy * head * 0.55, tipY - uy * head + ux * head * 0.55);
    ctx.lineTo(tipX, tipY);
    ctx.lineTo(tipX - ux * head + uy * head * 0.55, tipY - uy * head - ux * head * 0.55);
    ctx.strokeStyle = stroke;
    ctx.lineWidth = width * Math.sqrt(palette.stroke);
    ctx.lineJoin = ctx.lineCap = "round";
    ctx.stroke();
  }
}

/**
 * Where the coming step lands: an open ring.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float32Array} from
 * @param {Float32Array} to
 * @param {Palette} palette
 */
export function drawLanding(ctx, from, to, palette) {
  if (!(Math.hypot(to[0] - from[0], to[1] - from[1]) > 7)) return;
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.2 * palette.stroke;
  ctx.setLineDash([2, 3]);
  ctx.beginPath();
  ctx.moveTo(from[0], from[1]);
  ctx.lineTo(to[0], to[1]);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(to[0], to[1], 4.4 * Math.sqrt(palette.stroke), 0, 7);
  ctx.fillStyle = palette.panel;
  ctx.globalAlpha = 0.75;
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.lineWidth = 1.6 * palette.stroke;
  ctx.stroke();
}
