// @ts-check
/**
 * What moves: the descent path, the ball at the present, start and minimum, and the arrow down the slope. Each frame.
 */

import {letter} from "../../draw/lettering.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./field.js").Field} Field */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** Pieces of a path on the sheet: places, and for each whether the piece that leads to it is BREAK, SEEN or HIDDEN.
 * @typedef {{x: Float32Array, y: Float32Array, kind: Uint8Array, count: number}} Trace */

export const BREAK = 0;
export const SEEN = 1;
export const HIDDEN = 2;
const ROOM = 16_384;
/** A straight step over a hill follows the hill: no piece is longer than this many cells. */
const PIECE = 0.8;
const MOST_PIECES = 48;

/** @returns {Trace} */
export function emptyTrace() {
  return {x: new Float32Array(ROOM), y: new Float32Array(ROOM), kind: new Uint8Array(ROOM), count: 0};
}

const spot = new Float32Array(3);

/** Follow a path over the surface. Points nearer than a fraction of a pixel to the last one are passed over.
 * @param {Stage} stage @param {Field} field @param {Float32Array} path rows of (α, β, loss) @param {number} points
 * @param {Trace} trace filled anew */
export function follow(stage, {alpha, beta, resolution}, path, points, trace) {
  const cellA = (alpha[1] - alpha[0]) / (resolution - 1);
  const cellB = (beta[1] - beta[0]) / (resolution - 1);
  const stride = Math.max(1, Math.ceil(points / (ROOM / 3)));
  let a = NaN;
  let b = NaN;
  let broken = true;
  trace.count = 0;
  for (let k = 0; k < points; k += k + stride < points ? stride : Math.max(1, points - 1 - k)) {
    const nextA = path[3 * k];
    const nextB = path[3 * k + 1];
    const far = Math.max(Math.abs(nextA - a) / cellA, Math.abs(nextB - b) / cellB);
    if (far < 0.04 && k < points - 1) continue;
    const pieces = broken || !(far < Infinity) ? 1 : Math.min(MOST_PIECES, Math.ceil(far / PIECE));
    for (let i = 1; i <= pieces; i++) {
      const share = i / pieces;
      const last = i === pieces;
      stage.place(last ? nextA : a + share * (nextA - a), last ? nextB : b + share * (nextB - b), spot);
      broken = !mark(trace, broken);
    }
    a = nextA;
    b = nextB;
  }
}

/**
 * @param {Trace} trace
 * @param {boolean} broken whether the pen is up
 * @returns {boolean} whether the place is on the sheet
 */
function mark(trace, broken) {
  const {count} = trace;
  if (Number.isNaN(spot[0]) || count >= ROOM) return false;
  trace.x[count] = spot[0];
  trace.y[count] = spot[1];
  trace.kind[count] = broken ? BREAK : spot[2] ? HIDDEN : SEEN;
  trace.count = count + 1;
  return true;
}

/** @param {CanvasRenderingContext2D} ctx @param {Trace} trace @param {number} wanted SEEN or HIDDEN */
function outline(ctx, {x, y, kind, count}, wanted) {
  let pen = -1;
  ctx.beginPath();
  for (let k = 1; k < count; k++) {
    if (kind[k] !== wanted) continue;
    if (pen !== k - 1) ctx.moveTo(x[k - 1], y[k - 1]);
    ctx.lineTo(x[k], y[k]);
    pen = k;
  }
}

/** The path: solid with a rim where it is seen, thin and dashed where a hill hides it.
 * @param {CanvasRenderingContext2D} ctx @param {Trace} trace @param {Palette} palette @param {string} colour */
export function drawPath(ctx, trace, palette, colour) {
  const wide = 1.9 * palette.stroke;
  ctx.lineJoin = ctx.lineCap = "round";
  outline(ctx, trace, HIDDEN);
  ctx.setLineDash([2 * wide, 2 * wide]);
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.42;
  ctx.lineWidth = 0.6 * wide;
  ctx.stroke();
  ctx.setLineDash([]);
  outline(ctx, trace, SEEN);
  ctx.globalAlpha = 0.75;
  ctx.strokeStyle = palette.panel;
  ctx.lineWidth = wide + 1.6;
  ctx.stroke();
  ctx.globalAlpha = 1;
  ctx.strokeStyle = colour;
  ctx.lineWidth = wide;
  ctx.stroke();
}

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

/** A word beside a mark, readable on any ground.
 * @param {CanvasRenderingContext2D} ctx
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {Palette} palette
 */
export function drawWord(ctx, text, x, y, palette) {
  const size = palette.small - 1;
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
