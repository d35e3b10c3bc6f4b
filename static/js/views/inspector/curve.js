// @ts-check
/** An activation function with its tangent where the neuron stands: how much a small change of z changes a. */

import {compact} from "../../draw/format.js";
import {h} from "../../draw/dom.js";
import {ticks} from "../../draw/plot.js";

const WIDTH = 168;
const HEIGHT = 118;
const EDGE = 6;

/** @param {{t: (key: string) => string}} context */
export function createCurve({t}) {
  const canvas = h("canvas", {class: "inspector-curve", role: "img"});
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  let drawn = "";

  return {
    element: canvas,
    /**
     * @param {{z: number[], a: number[]}} curve
     * @param {{z: number, a: number, slope: number}[]} points the first with its tangent
     * @param {import("../../draw/plot.js").Palette} palette
     * @param {string} input what f is taken of: z, or u behind a normalization
     */
    update(curve, points, palette, input) {
      const places = points.map(p => [p.z, p.a].map(x => x.toPrecision(4)));
      const key = `${input} ${curve.z[0]} ${curve.a[3]} ${places} ${palette.text} ${devicePixelRatio}`;
      if (key === drawn) return;
      drawn = key;
      canvas.setAttribute("aria-label", t("inspector.curve"));
      paint(ctx, curve, points, palette, input);
    },
    clear() {
      drawn = "";
    },
  };
}

/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {{z: number, a: number, slope: number}} Point */
/** @typedef {ReturnType<typeof scaleOf>} Scale */

/** Half the length of the tangent, px. */
const REACH = 46;

/** Where z and a stand: 0 is in the picture. @param {{z: number[], a: number[]}} curve */
function scaleOf({z, a}) {
  const left = z[0];
  const right = z[z.length - 1];
  const least = Math.min(0, ...a);
  const most = Math.max(0, ...a);
  const margin = 0.08 * (most - least || 1);
  const [low, high] = [least - margin, most + margin];
  return {
    left,
    right,
    low,
    high,
    x: (/** @type {number} */ v) => EDGE + ((v - left) / (right - left)) * (WIDTH - 2 * EDGE),
    y: (/** @type {number} */ v) => EDGE + ((high - v) / (high - low)) * (HEIGHT - 2 * EDGE),
  };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {{z: number[], a: number[]}} curve
 * @param {Point[]} points
 * @param {Palette} palette
 * @param {string} input
 */
function paint(ctx, curve, points, palette, input) {
  const scale = scaleOf(curve);
  fit(ctx);
  paintAxes(ctx, palette, scale, input);
  paintCurve(ctx, palette, scale, curve);
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, WIDTH, HEIGHT);
  ctx.clip();
  const [first] = points;
  if (points.length === 1 && first && Number.isFinite(first.slope)) paintTangent(ctx, palette, scale, first);
  paintPoints(ctx, palette, scale, points);
  ctx.restore();
}

/** Sharp at the screen's own pixels, and empty. @param {CanvasRenderingContext2D} ctx */
function fit(ctx) {
  const {canvas} = ctx;
  const ratio = Math.min(3, devicePixelRatio || 1);
  if (canvas.width !== Math.round(WIDTH * ratio)) {
    canvas.width = Math.round(WIDTH * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    canvas.style.width = `${WIDTH}px`;
    canvas.style.height = `${HEIGHT}px`;
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, WIDTH, HEIGHT);
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {Scale} scale @param {string} input */
function paintAxes(ctx, palette, {left, right, low, high, x, y}, input) {
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x(left), y(0));
  ctx.lineTo(x(right), y(0));
  ctx.moveTo(x(0), y(low));
  ctx.lineTo(x(0), y(high));
  for (const tick of ticks(left, right, 4)) {
    ctx.moveTo(x(tick), y(0) - 2);
    ctx.lineTo(x(tick), y(0) + 2);
  }
  ctx.stroke();
  ctx.fillStyle = palette.muted;
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.fillText(input, x(right), Math.min(HEIGHT - 2, y(0) + palette.small));
  ctx.fillText(compact(right), x(right), y(0) - 5);
  ctx.textAlign = "left";
  ctx.fillText("a", x(0) + 4, y(high) + palette.small * 0.8);
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {Scale} scale
 * @param {{z: number[], a: number[]}} curve */
function paintCurve(ctx, palette, {x, y}, {z, a}) {
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1.6 * palette.stroke;
  ctx.beginPath();
  a.forEach((value, k) => (k ? ctx.lineTo(x(z[k]), y(value)) : ctx.moveTo(x(z[k]), y(value))));
  ctx.stroke();
}

/** The slope where the neuron stands, and a dashed line down to its z.
 * @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {Scale} scale @param {Point} point */
function paintTangent(ctx, palette, {x, y}, {z, a, slope}) {
  const angle = Math.atan2(slope * (y(0) - y(1)), x(1) - x(0));
  const dx = REACH * Math.cos(angle);
  const dy = REACH * Math.sin(angle);
  ctx.strokeStyle = palette.forward;
  ctx.lineWidth = 2 * palette.stroke;
  ctx.beginPath();
  ctx.moveTo(x(z) - dx, y(a) + dy);
  ctx.lineTo(x(z) + dx, y(a) - dy);
  ctx.stroke();
  ctx.setLineDash([3, 3]);
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.moveTo(x(z), y(0));
  ctx.lineTo(x(z), y(a));
  ctx.stroke();
  ctx.setLineDash([]);
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {Scale} scale @param {Point[]} points */
function paintPoints(ctx, palette, {x, y}, points) {
  ctx.fillStyle = palette.forward;
  for (const {z, a} of points) {
    if (!Number.isFinite(z) || !Number.isFinite(a)) continue;
    ctx.beginPath();
    ctx.arc(x(z), y(a), (points.length > 1 ? 2.6 : 4) * palette.stroke, 0, 7);
    ctx.fill();
  }
}
