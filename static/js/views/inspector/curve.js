// @ts-check
/** An activation function with its tangent where the neuron stands: how much a small change of z changes a. */

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
      const key = `${input} ${curve.z[0]} ${curve.a[3]} ${points.map(p => [p.z, p.a].map(x => x.toPrecision(4)))} ${palette.text} ${devicePixelRatio}`;
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

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {{z: number[], a: number[]}} curve
 * @param {{z: number, a: number, slope: number}[]} points
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {string} input
 */
function paint(ctx, curve, points, palette, input) {
  const {canvas} = ctx;
  const ratio = Math.min(3, devicePixelRatio || 1);
  const {z, a} = curve;
  if (canvas.width !== Math.round(WIDTH * ratio)) {
    canvas.width = Math.round(WIDTH * ratio);
    canvas.height = Math.round(HEIGHT * ratio);
    canvas.style.width = `${WIDTH}px`;
    canvas.style.height = `${HEIGHT}px`;
  }
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, WIDTH, HEIGHT);
  const left = z[0];
  const right = z[z.length - 1];
  let low = Math.min(0, ...a);
  let high = Math.max(0, ...a);
  const margin = 0.08 * (high - low || 1);
  [low, high] = [low - margin, high + margin];
  const x = (/** @type {number} */ v) => EDGE + ((v - left) / (right - left)) * (WIDTH - 2 * EDGE);
  const y = (/** @type {number} */ v) => EDGE + ((high - v) / (high - low)) * (HEIGHT - 2 * EDGE);
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
  ctx.font = `${palette.small * 0.9}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.fillText(input, x(right), Math.min(HEIGHT - 2, y(0) + palette.small));
  ctx.fillText(String(+right.toPrecision(3)), x(right), y(0) - 5);
  ctx.textAlign = "left";
  ctx.fillText("a", x(0) + 4, y(high) + palette.small * 0.8);
  ctx.strokeStyle = palette.muted;
  ctx.lineWidth = 1.6 * palette.stroke;
  ctx.beginPath();
  a.forEach((value, k) => (k ? ctx.lineTo(x(z[k]), y(value)) : ctx.moveTo(x(z[k]), y(value))));
  ctx.stroke();
  ctx.save();
  ctx.beginPath();
  ctx.rect(0, 0, WIDTH, HEIGHT);
  ctx.clip();
  const [first] = points;
  if (points.length === 1 && first && Number.isFinite(first.slope)) {
    const angle = Math.atan2(first.slope * (y(0) - y(1)), x(1) - x(0));
    const dx = 46 * Math.cos(angle);
    const dy = 46 * Math.sin(angle);
    ctx.strokeStyle = palette.forward;
    ctx.lineWidth = 2 * palette.stroke;
    ctx.beginPath();
    ctx.moveTo(x(first.z) - dx, y(first.a) + dy);
    ctx.lineTo(x(first.z) + dx, y(first.a) - dy);
    ctx.stroke();
    ctx.setLineDash([3, 3]);
    ctx.lineWidth = 1;
    ctx.beginPath();
    ctx.moveTo(x(first.z), y(0));
    ctx.lineTo(x(first.z), y(first.a));
    ctx.stroke();
    ctx.setLineDash([]);
  }
  ctx.fillStyle = palette.forward;
  for (const point of points) {
    if (!Number.isFinite(point.z) || !Number.isFinite(point.a)) continue;
    ctx.beginPath();
    ctx.arc(x(point.z), y(point.a), (points.length > 1 ? 2.6 : 4) * palette.stroke, 0, 7);
    ctx.fill();
  }
  ctx.restore();
}
