// @ts-check
/** Where the neurons of a layer sit: a histogram of z under the activation function and its slope. */

import {activationOf, isBounded} from "../../maths/activations.js";
import {compact, plain} from "../../draw/format.js";
import {rimmed, ticks} from "../../draw/plot.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Box} Box */
/** @typedef {import("./sheet.js").Translate} Translate */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {{left: number, right: number, top: number, bottom: number, reach: number, xOf: (z: number) => number}}
 * Frame in which z runs from −reach to reach */

const POINTS = 161;
/** A lower box, in px, has no room for the curve. */
const LOWEST = 50;

/**
 * A small histogram of one layer, as bars from below.
 * @param {CanvasRenderingContext2D} ctx
 * @param {import("../../types").Laboratory} lab
 * @param {number} layer
 * @param {Box} box
 * @param {string} colour
 * @param {Float32Array | null} [counts]
 */
export function paintHistogram(ctx, lab, layer, {x, y, width, height}, colour, counts = lab.counts) {
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
 * @param {import("../../maths/activations.js").Served} [net]
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
 * @param {Translate} t
 * @param {number} layer
 * @param {Box} box
 */
export function paintCurve({ctx, palette, lab, layout}, t, layer, box) {
  if (layer < 0 || layer >= lab.layers - 1 || box.height < LOWEST) return;
  const name = layout.activations[layer];
  const reach = lab.reach[layer];
  const curve = sampled(name, reach, layout);
  const frame = frameOf(box, reach, palette.small);
  const {left, right, top, bottom} = frame;
  const n = layout.sizes[layer + 1];
  paintTitle(ctx, palette, {layer: layer + 1, n, samples: lab.samples, activation: t(`activation.${name}`)}, box, t);
  if (curve && isBounded(name, layout)) paintFlat(ctx, curve, lab.flat_slope, frame, palette.warn);
  paintHistogram(ctx, lab, layer, {x: left, y: top, width: right - left, height: bottom - top}, palette.muted);
  paintAxis(ctx, palette, frame);
  if (!curve) return;
  paintLine(ctx, curve.z, curve.a, frame, {colour: palette.forward, width: 2 * palette.stroke, dash: []});
  paintLine(ctx, curve.z, curve.slope, frame, {colour: palette.backward, width: 1.6 * palette.stroke, dash: [5, 3]});
  paintKey(ctx, palette, frame);
  paintExpected(ctx, palette, lab.expected_spread[layer], frame, t);
}

/** @param {Box} box @param {number} reach @param {number} small @returns {Frame} */
function frameOf({x, y, width, height}, reach, small) {
  const left = x + 6;
  const right = x + width - 6;
  const xOf = (/** @type {number} */ z) => left + ((z / reach + 1) / 2) * (right - left);
  return {left, right, top: y + small * 1.9, bottom: y + height - small * 1.9, reach, xOf};
}

/** What is shown, in fewer words where they have no room. @param {CanvasRenderingContext2D} ctx
 * @param {Palette} palette @param {Record<string, string | number>} about @param {Box} box @param {Translate} t */
function paintTitle(ctx, palette, about, {x, y, width}, t) {
  ctx.font = `600 ${palette.small}px ${palette.font}`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  ctx.fillStyle = palette.text;
  const words = t("lab.curve", about);
  ctx.fillText(ctx.measureText(words).width > width - 12 ? t("lab.curve_short", about) : words, x + 6, y + 2);
}

/** Which line is which. @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {Frame} frame */
function paintKey(ctx, palette, {left, top}) {
  const {small} = palette;
  ctx.font = `italic 600 ${small}px ${palette.font}`;
  ctx.textAlign = "left";
  ctx.textBaseline = "top";
  ctx.fillStyle = palette.forward;
  ctx.fillText("f(z)", left + 4, top + 1);
  ctx.fillStyle = palette.backward;
  ctx.fillText("f′(z)", left + 4 + small * 2.6, top + 1);
}

/**
 * What the spread of z was expected to be: ± one standard deviation as a bracket under the axis.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Palette} palette
 * @param {number} deviation
 * @param {Frame} frame
 * @param {Translate} t
 */
function paintExpected(ctx, palette, deviation, {xOf, bottom, reach}, t) {
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
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textAlign = "right";
  ctx.textBaseline = "bottom";
  rimmed(ctx, palette, t("lab.spread", {z: plain(deviation, 2)}), xOf(reach), bottom - 3, palette.text);
}

/** @param {CanvasRenderingContext2D} ctx @param {Palette} palette @param {Frame} frame */
function paintAxis(ctx, palette, {reach, xOf, bottom}) {
  ctx.font = `${palette.tiny}px ${palette.font}`;
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

/** Flat ends. @param {CanvasRenderingContext2D} ctx @param {{z: Float32Array, slope: Float32Array}} curve
 * @param {number} share of the steepest slope @param {Frame} frame @param {string} colour */
function paintFlat(ctx, {z, slope}, share, {xOf, top, bottom}, colour) {
  const steepest = slope.reduce((a, b) => Math.max(a, b), 0);
  const first = slope.findIndex(s => s >= share * steepest);
  const last = slope.findLastIndex(s => s >= share * steepest);
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
 * @param {Frame} frame
 * @param {{colour: string, width: number, dash: number[]}} look
 */
function paintLine(ctx, z, values, {xOf, top, bottom}, {colour, width, dash}) {
  const low = values.reduce((a, b) => Math.min(a, b), 0);
  const high = values.reduce((a, b) => Math.max(a, b), 1e-9);
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
