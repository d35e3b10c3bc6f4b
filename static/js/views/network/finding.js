// @ts-check
/** What lies under the pointer, what a pick covers, and where the arrow keys lead; pure geometry. */

import {CURVE, endX, startX, startY, STEPS} from "./curves.js";
import {breadth, clamp} from "./layout.js";

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */

/** The neuron under a point. @param {Geometry} g @param {number} px @param {number} py @returns {Pick | null} */
export function neuronAt(g, px, py) {
  for (let l = g.image ? 1 : 0; l < g.columns.length; l++) {
    const {x, size, pitch} = g.columns[l];
    const reach = Math.min(pitch / 2, size / 2 + 4);
    if (Math.abs(px - x) > breadth(g.columns[l]) / 2 + 4) continue;
    for (let j = 0; j < g.sizes[l]; j++) {
      const u = g.first[l] + j;
      if (Math.abs(px - g.x[u]) <= reach && Math.abs(py - g.y[u]) <= reach) return {kind: "neuron", layer: l, index: j};
    }
  }
  return null;
}

/**
 * What the node "1" under a point speaks of: one of its weights, the biases of the next layer; the pinned one if it is
 * of these, else the first.
 * @param {Geometry} g @param {number} px @param {number} py @param {Pick | null} selected @returns {Pick | null}
 */
export function biasAt(g, px, py, selected) {
  const l = g.biases.findIndex(node => node && Math.hypot(px - node.x, py - node.y) <= node.size / 2 + 4);
  if (l < 0) return null;
  const own = selected?.kind === "weight" && selected.layer === l + 1 && selected.from === g.sizes[l];
  return {kind: "weight", layer: l + 1, from: g.sizes[l], to: own ? selected.to : 0};
}

/**
 * The weight whose curve passes nearest to a point, at most `reach` px away; of those nearly as close, the strongest.
 * @param {Geometry} g
 * @param {number} px
 * @param {number} py
 * @param {(layer: number, from: number, to: number) => number} strength 0…1
 * @param {number} [reach] @returns {Pick | null}
 */
export function weightAt(g, px, py, strength, reach = 7) {
  /** @type {Pick | null} */
  let best = null;
  let least = Infinity;
  for (let l = 1; l < g.columns.length; l++) {
    const from = g.columns[l - 1];
    const to = g.columns[l];
    if (px < from.x - breadth(from) / 2 || px > to.x + breadth(to) / 2) continue;
    const inputs = g.sizes[l - 1] + (g.biases[l - 1] ? 1 : 0);
    for (let i = 0; i < inputs; i++) {
      const x0 = startX(g, l, i);
      const y0 = startY(g, l, i);
      for (let j = 0; j < g.sizes[l]; j++) {
        const x1 = endX(g, l, j);
        const share = (px - x0) / (x1 - x0);
        if (share < 0 || share > 1) continue;
        const rise = g.y[g.first[l] + j] - y0;
        const k = (share * STEPS) | 0;
        const slope = ((((CURVE[Math.min(STEPS, k + 1)] - CURVE[Math.max(0, k - 1)]) * STEPS) / 2) * rise) / (x1 - x0);
        const away = Math.abs(py - y0 - rise * CURVE[k]) / Math.sqrt(1 + slope * slope);
        const score = away - 2.5 * strength(l, i, j);
        if (away <= reach && score < least) {
          least = score;
          best = {kind: "weight", layer: l, from: i, to: j};
        }
      }
    }
  }
  return best;
}

/** The layer whose column is nearest. @param {Geometry} g @param {number} px */
export function columnAt(g, px) {
  let best = 0;
  g.columns.forEach((column, l) => {
    if (Math.abs(column.x - px) < Math.abs(g.columns[best].x - px)) best = l;
  });
  return best;
}

/**
 * Where an arrow key leads from a neuron.
 * @param {Geometry} g
 * @param {Pick | null} from
 * @param {string} key "ArrowLeft" … "Home", "End"
 * @returns {Pick | null} null if the key is none of these
 */
export function walk(g, from, key) {
  const start = g.image ? 1 : 0;
  const last = g.sizes.length - 1;
  if (!/^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(key)) return null;
  if (!from) return {kind: "neuron", layer: start, index: 0};
  const layer = from.layer;
  const index = from.kind === "neuron" ? from.index : from.to;
  if (key === "ArrowUp" || key === "ArrowDown")
    return {kind: "neuron", layer, index: clamp(index + (key === "ArrowUp" ? -1 : 1), 0, g.sizes[layer] - 1)};
  const to = key === "Home" ? start : key === "End" ? last : clamp(layer + (key === "ArrowLeft" ? -1 : 1), start, last);
  if (to === layer) return {kind: "neuron", layer, index};
  return {kind: "neuron", layer: to, index: nearest(g, to, g.y[g.first[layer] + index])};
}

/** Whether the weights beside one end in the same neuron or begin in it. @typedef {"in" | "out"} Fan */
/** @typedef {Extract<Pick, {kind: "neuron"}>} Neuron */
/** @typedef {Extract<Pick, {kind: "weight"}>} Weight */

/**
 * Where a key leads among the weights: with Shift an arrow goes from a neuron onto those before or behind it; on a
 * weight arrows up and down go to the one beside it, left and right to the neuron where it begins or ends.
 * @param {Geometry} g
 * @param {Pick | null} from
 * @param {{key: string, shift: boolean, fan: Fan}} press
 * @returns {{pick: Pick, fan: Fan} | null} null if the key does nothing of this
 */
export function walkAlong(g, from, {key, shift, fan}) {
  const across = {ArrowLeft: -1, ArrowRight: 1}[key];
  const down = {ArrowUp: -1, ArrowDown: 1}[key];
  if (from?.kind === "weight") {
    if (across) return {pick: endOf(g, from, across), fan};
    return down ? {pick: beside(g, from, down, fan), fan} : null;
  }
  return from && across && shift ? onto(g, from, across) : null;
}

/** From a neuron onto a weight. @param {Geometry} g @param {Neuron} from @param {number} way */
function onto(g, from, way) {
  const layer = way < 0 ? from.layer : from.layer + 1;
  if (layer < 1 || layer >= g.sizes.length) return null;
  const near = nearest(g, way < 0 ? layer - 1 : layer, g.y[g.first[from.layer] + from.index]);
  const ends = way < 0 ? {from: near, to: from.index} : {from: from.index, to: near};
  const fan = /** @type {Fan} */ (way < 0 ? "in" : "out");
  return {pick: /** @type {Weight} */ ({kind: "weight", layer, ...ends}), fan};
}

/** The neuron where a weight begins or ends; a bias begins in none. @param {Geometry} g @param {Weight} weight
 * @param {number} way @returns {Neuron} */
function endOf(g, {layer, from, to}, way) {
  const ending = way > 0 || from >= g.sizes[layer - 1];
  return {kind: "neuron", ...(ending ? {layer, index: to} : {layer: layer - 1, index: from})};
}

/** The weight beside one, a bias being the last. @param {Geometry} g @param {Weight} weight @param {number} way
 * @param {Fan} fan @returns {Weight} */
function beside(g, weight, way, fan) {
  const {layer} = weight;
  if (fan === "out") return {...weight, to: clamp(weight.to + way, 0, g.sizes[layer] - 1)};
  const last = g.sizes[layer - 1] - (g.biases[layer - 1] ? 0 : 1);
  return {...weight, from: clamp(weight.from + way, 0, last)};
}

/** The neuron of a layer that is nearest to a height; pixels have none. @param {Geometry} g @param {number} l
 * @param {number} height */
function nearest(g, l, height) {
  let best = 0;
  if (g.image && l === 0) return best;
  for (let j = 1; j < g.sizes[l]; j++)
    if (Math.abs(g.y[g.first[l] + j] - height) < Math.abs(g.y[g.first[l] + best] - height)) best = j;
  return best;
}

/**
 * What a pick covers: left, top, right, bottom.
 * @param {Geometry} g
 * @param {Pick} pick
 * @returns {[number, number, number, number]}
 */
export function extent(g, pick) {
  const l = pick.layer;
  if (pick.kind === "neuron" && !(g.image && l === 0)) {
    const u = g.first[l] + pick.index;
    const half = g.columns[l].size / 2 + 6;
    return [g.x[u] - half, g.y[u] - half, g.x[u] + half, g.y[u] + half];
  }
  if (pick.kind === "neuron" && g.image)
    return [g.image.x, g.image.y, g.image.x + g.image.side, g.image.y + g.image.side];
  if (pick.kind === "neuron") return [0, 0, 0, 0];
  const y0 = startY(g, l, pick.from);
  const y1 = g.y[g.first[l] + pick.to];
  const half = g.columns[l].size / 2 + 4;
  return [startX(g, l, pick.from), Math.min(y0, y1) - half, endX(g, l, pick.to), Math.max(y0, y1) + half];
}
