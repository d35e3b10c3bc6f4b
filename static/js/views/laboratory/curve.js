// @ts-check
/** Where the neurons of a layer sit: a histogram of z under the activation function and its slope. */

import {ACTIVATIONS, activationOf} from "../../maths/activations.js";
import {compact, plain} from "../../draw/format.js";
import {rimmed, ticks} from "../../draw/plot.js";

/** @typedef {import("./laboratory.js").Sheet} Sheet */

const POINTS = 161;
/**
 * Where a bounded function's slope is below this share of its steepest, it is flat: see core/insight/diagnostics.py.
 */
const FLAT = 0.05;

/**
 * A small histogram of one layer, as bars from below.
 * @param {CanvasRenderingContext2D} ctx @param {import("../../types").Laboratory} lab @param {number} layer
 * @param {number} x
 * @param {number} y
 * @param {number} width
 * @param {number} height
 * @param {string} colour
 * @param {Float32Array | null} [counts]
 */
export function paintHistogram(ctx, lab, layer, x, y, width, height, colour, counts = lab.counts) {
  if (!counts || height < 2) return;
  const {bins} = lab;
  const step = width / bins;
  let most = 1;
  for (let b = 0; b < bins; b++) most = Math.max(most, counts[layer * bins + b]);
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.75;
  for (let b = 0; b < bins; b++) {
    const tall = (counts[layer * bins + b] / most) * height;
    if (tall > 0) ctx.fillRect(x + b * step, y + height - tall, Math.max(1, step - 0.5), tall);
  }
  ctx.globalAlpha = 1;
}

/**
 * f over evenly spaced z.
 * @param {string} name
 * @param {number} reach
 * @param {{leaky_slope?: number}} [net]
 * @returns {{z: Float32Array, a: Float32Array, slope: Float32Array} | null}
 */
export function sampled(name, reach, net = {}) {
  const f = activationOf(name, net);
  if (!f) return null;
  const z = Float32Array.from({length: POINTS}, (_, k) => reach * ((2 * k) / (POINTS - 1) - 1));
  const h = Math.max(1e-3 * reach, 1e-6);
  const a = z.slice();
  const above = z.map(x => x + h);
  const below = z.map(x => x - h);
  for (const values of [a, above, below]) f.apply(values);
  return {z, a, slope: above.map((value, k) => (value - below[k]) / (2 * h))};
}

/**
 * The chosen layer: bars where its neurons are, f in violet, f′ in coral, flat ends shaded.
 * @param {Sheet} sheet
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {number} layer
 * @param {number} x @param {number} y @param {number} width @param {number} height
 */
export function paintCurve({ctx, palette, lab, layout}, t, layer, x, y, width, height) {
  if (layer < 0 || layer >= lab.layers - 1 || height < 50) return;
  const small = palette.small;
  const name = layout.activations[layer];
  const reach = lab.reach[layer];
  const curve = sampled(name, reach, layout);
  const left = x + 6;
  const right = x + width - 6;
  const top = y + small * 1.9;
  const bottom = y + height - small * 1.9;
  const xOf = (/** @type {number} */ z) => left + ((z / reach + 1) / 2) * (right - left);
  ctx.font = `600 ${small}px ${palette.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillStyle = palette.text;
  const told = {
    layer: layer + 1,
    n: layout.sizes[layer + 1],
    samples: lab.samples,
    activation: t(`activation.${name}`),
  };
  const words = t("lab.curve", told);
  ctx.fillText(ctx.measureText(words).width > width - 12 ? t("lab.curve_short", told) : words, left, y + 2);
  if (curve && ACTIVATIONS[name].bounded) shade(ctx, curve, xOf, top, bottom, palette.warn);
  paintHistogram(ctx, lab, layer, left, top, right - left, bottom - top, palette.muted);
  axis(ctx, palette, reach, xOf, bottom);
  if (!curve) return;
  line(ctx, curve.z, curve.a, xOf, top, bottom, palette.forward, 2 * palette.stroke);
  line(ctx, curve.z, curve.slope, xOf, top, bottom, palette.backward, 1.6 * palette.stroke, [5, 3]);
  legend(ctx, palette, left, right, top);
  spread(ctx, palette, lab.expected_spread[layer], t, xOf, bottom, reach);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {number} left
 * @param {number} right
 * @param {number} top
 */
function legend(ctx, palette, left, right, top) {
  const small = palette.small;
  ctx.font = `italic 600 ${small}px ${palette.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillStyle = palette.forward;
  ctx.fillText("f(z)", left + 4, top + 1);
  ctx.fillStyle = palette.backward;
  ctx.fillText("f′(z)", left + 4 + small * 2.6, top + 1);
}

/** What the spread of z was expected to be: ± one standard deviation as a bracket under the axis.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {number} deviation
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {(z: number) => number} xOf @param {number} bottom @param {number} reach */
function spread(ctx, palette, deviation, t, xOf, bottom, reach) {
  if (!(deviation > 0) || deviation > reach) return;
  const y = bottom - 3;
  ctx.strokeStyle = palette.text;
  ctx.lineWidth = 1.4 * palette.stroke;
  ctx.beginPath();
  ctx.moveTo(xOf(-deviation), y - 4);
  ctx.lineTo(xOf(-deviation), y);
  ctx.lineTo(xOf(deviation), y);
  ctx.lineTo(xOf(deviation), y - 4);
  ctx.stroke();
  ctx.font = `${palette.small * 0.92}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  rimmed(ctx, palette, t("lab.spread", {z: plain(deviation, 2)}), xOf(reach), bottom - 3, palette.text);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {number} reach
 * @param {(z: number) => number} xOf
 * @param {number} bottom
 */
function axis(ctx, palette, reach, xOf, bottom) {
  const small = palette.small * 0.95;
  ctx.font = `${small}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  ctx.fillStyle = palette.muted;
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = palette.stroke;
  ctx.beginPath();
  ctx.moveTo(xOf(-reach), bottom + 0.5);
  ctx.lineTo(xOf(reach), bottom + 0.5);
  for (const z of ticks(-0.95 * reach, 0.95 * reach, 7)) {
    ctx.moveTo(xOf(z), bottom);
    ctx.lineTo(xOf(z), bottom + 3);
    ctx.fillText(compact(z), xOf(z), bottom + 4);
  }
  ctx.stroke();
}

/**
 * Flat ends.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{z: Float32Array, slope: Float32Array}} curve
 * @param {(z: number) => number} xOf
 * @param {number} top @param {number} bottom @param {string} colour */
function shade(ctx, {z, slope}, xOf, top, bottom, colour) {
  const steepest = slope.reduce((a, b) => Math.max(a, b), 0);
  const first = slope.findIndex(s => s >= FLAT * steepest);
  const last = slope.findLastIndex(s => s >= FLAT * steepest);
  if (first < 0) return;
  ctx.fillStyle = colour;
  ctx.globalAlpha = 0.1;
  ctx.fillRect(xOf(z[0]), top, xOf(z[first]) - xOf(z[0]), bottom - top);
  ctx.fillRect(xOf(z[last]), top, xOf(z[z.length - 1]) - xOf(z[last]), bottom - top);
  ctx.globalAlpha = 1;
}

/**
 * A curve over its own range, so that f and f′ each fill the height.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Float32Array} z
 * @param {Float32Array} values
 * @param {(z: number) => number} xOf
 * @param {number} top
 * @param {number} bottom
 * @param {string} colour
 * @param {number} width
 * @param {number[]} [dash]
 */
function line(ctx, z, values, xOf, top, bottom, colour, width, dash = []) {
  const low = Math.min(
    0,
    values.reduce((a, b) => Math.min(a, b)),
  );
  const high = Math.max(
    1e-9,
    values.reduce((a, b) => Math.max(a, b)),
  );
  ctx.beginPath();
  values.forEach((value, k) => {
    const y = bottom - 2 - ((value - low) / (high - low)) * (bottom - top - 4);
    if (k) ctx.lineTo(xOf(z[k]), y);
    else ctx.moveTo(xOf(z[k]), y);
  });
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.setLineDash(dash);
  ctx.stroke();
  ctx.setLineDash([]);
}
