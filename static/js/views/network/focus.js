// @ts-check
/**
 * What a step under the microscope does to the diagram: the layer that works is bright, with its numbers; the rest is
 * dimmed.
 */

import {plain} from "../../draw/format.js";
import {breadth} from "./layout.js";

/** @typedef {import("../../types").Focus} Focus */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** How much of what is dimmed, pictures only, is taken away, and ms of one sweep of the pulses through a layer. */
const VEIL = 0.82;
const SWEEP = 1300;

/** @param {[number, number] | null} range @param {number} l */
const inside = (range, l) => range !== null && l >= range[0] && l <= range[1];

/**
 * Lay a veil over what is drawn between two x.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 * @param {number} from
 * @param {number} to
 */
function veil(ctx, g, palette, from, to) {
  ctx.save();
  ctx.globalCompositeOperation = "source-atop";
  ctx.globalAlpha = VEIL;
  ctx.fillStyle = palette.panel;
  ctx.fillRect(from, 0, to - from, g.height);
  ctx.restore();
}

/**
 * Dim all weights but those in focus.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 * @param {Focus | null} focus
 */
export function dimEdges(ctx, g, palette, focus) {
  if (!focus) return;
  for (let l = 1; l < g.columns.length; l++)
    if (!inside(focus.weights, l)) veil(ctx, g, palette, g.columns[l - 1].x, g.columns[l].x);
}

/**
 * Dim all neurons but those in focus, and write their numbers on them.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 * @param {Focus | null} focus
 */
export function dimNodes(ctx, g, palette, focus) {
  if (!focus) return;
  g.columns.forEach((column, l) => {
    const half = breadth(column) / 2;
    if (inside(focus.neurons, l) || inside(focus.weights, l) || inside(focus.weights, l + 1)) return;
    veil(ctx, g, palette, column.x - half - 8, column.x + half + 6); // what stands beside them is text
  });
  const [low, high] = focus.neurons ?? [0, 0];
  ring(ctx, g, palette, focus);
  if (focus.values && low === high && !(g.image && low === 0)) writeValues(ctx, g, palette, focus, low);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 * @param {Focus} focus
 * @param {number} l
 */
function writeValues(ctx, g, palette, {values, direction}, l) {
  const {pitch, lanes, size} = g.columns[l];
  const type = Math.max(palette.least, Math.min(palette.small * 1.15, pitch * 0.62));
  const atOutputs = l === g.columns.length - 1;
  if (type < 8 || pitch < type || !values) return;
  ctx.font = `650 ${type}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  const texts = Array.from({length: g.sizes[l]}, (_, j) => plain(values[g.first[l] + j], 2));
  const halves = texts.map(text => ctx.measureText(text).width / 2 + 5);
  if (lanes > 1 && 2 * Math.max(...halves) > pitch) return; // those side by side would lie over each other
  for (const [j, text] of texts.entries()) {
    const u = g.first[l] + j;
    const half = halves[j];
    const y = g.y[u];
    const x = atOutputs && g.bars ? g.x[u] + size / 2 + 3 - half : g.x[u]; // what stands to the right stays in sight
    ctx.beginPath();
    ctx.roundRect(x - half, y - type * 0.78, 2 * half, type * 1.56, type * 0.45);
    ctx.fillStyle = palette.panel;
    ctx.fill();
    ctx.lineWidth = 1.5 * palette.stroke;
    ctx.strokeStyle = direction < 0 ? palette.backward : palette.forward;
    ctx.stroke();
    ctx.fillStyle = palette.text;
    ctx.fillText(text, x, y + 0.5);
  }
}

/**
 * A ring about the neuron that the formulas speak of.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Geometry} g
 * @param {Palette} palette
 * @param {Focus} focus
 */
function ring(ctx, g, palette, {neuron, direction}) {
  if (!neuron || (g.image && neuron.layer === 0)) return;
  const u = g.first[neuron.layer] + neuron.index;
  const side = g.columns[neuron.layer].size + 7;
  ctx.lineWidth = 3 * palette.stroke;
  ctx.strokeStyle = direction < 0 ? palette.backward : direction > 0 ? palette.forward : palette.accent;
  ctx.beginPath();
  ctx.roundRect(g.x[u] - side / 2, g.y[u] - side / 2, side, side, Math.min(9, side / 5));
  ctx.stroke();
}

/**
 * The wave of pulses at a moment, through the weights in focus only.
 * @param {Focus} focus
 * @param {number} now ms
 * @returns {import("./rhythm.js").Wave | null}
 */
export function waveOf({weights, direction}, now) {
  if (!direction || !weights) return null;
  const share = (now % SWEEP) / SWEEP;
  const from = weights[0] - 1;
  const span = weights[1] - from;
  const moved = Math.max(0.001, Math.min(span - 0.001, share * span));
  return {direction, place: direction > 0 ? from + moved : weights[1] - moved};
}
