// @ts-check
/** The descent path: where it is seen, and where a hill hides it. Each frame. */

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
