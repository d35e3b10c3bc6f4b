// @ts-check
/** The curves between the columns: where they start and end, and how they rise; pure geometry. */

import {traced} from "../../draw/traced.js";

/** @typedef {import("./layout.js").Geometry} Geometry */

/**
 * Start of the edge from unit `i` of layer l − 1 into layer l; i = size of the layer before means the bias node.
 * @param {Geometry} g
 * @param {number} l
 * @param {number} i
 */
export function startX(g, l, i) {
  const bias = g.biases[l - 1];
  if (i === g.sizes[l - 1] && bias) return bias.x + bias.size / 2;
  return g.x[g.first[l - 1] + i] + (g.image && l === 1 ? 0 : g.columns[l - 1].size / 2);
}

/** @param {Geometry} g @param {number} l @param {number} i */
export function startY(g, l, i) {
  const bias = g.biases[l - 1];
  return i === g.sizes[l - 1] && bias ? bias.y : g.y[g.first[l - 1] + i];
}

/** End of the edges into unit `j` of layer l. @param {Geometry} g @param {number} l @param {number} j */
export const endX = (g, l, j) => g.x[g.first[l] + j] - g.columns[l].size / 2;

/** Pieces of the table. */
export const STEPS = 256;
/**
 * Height of the curve, 0…1, at every share of its width: the Bézier curve with both handles half way, solved for y(x).
 */
export const CURVE = curveTable();

function curveTable() {
  const table = new Float32Array(STEPS + 1);
  for (let k = 0; k <= STEPS; k++) {
    let low = 0;
    let high = 1;
    for (let turn = 0; turn < 30; turn++) {
      const t = (low + high) / 2;
      if (1.5 * t - 1.5 * t * t + t ** 3 < k / STEPS) low = t;
      else high = t;
    }
    table[k] = low * low * (3 - 2 * low);
  }
  return table;
}

/**
 * The edge from unit `i` into unit `j` of layer l as a path.
 * @param {Geometry} g
 * @param {number} l
 * @param {number} i
 * @param {number} j
 */
export function curve(g, l, i, j) {
  const x0 = startX(g, l, i);
  const y0 = startY(g, l, i);
  const x1 = endX(g, l, j);
  const y1 = g.y[g.first[l] + j];
  const half = (x0 + x1) / 2;
  return traced([
    ["moveTo", x0, y0],
    ["bezierCurveTo", half, y0, half, y1, x1, y1],
  ]);
}
