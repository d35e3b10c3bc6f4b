// @ts-check
/** The forward pass in the browser: every neuron of the network over many points at once, from the parameters of a frame. */

import {ACTIVATIONS} from "./activations.js";

/** @typedef {Pick<import("./types").Layout, "sizes" | "activations" | "blocks">} Shape */

/** Index of the first neuron of every layer when all are counted through, the inputs first. @param {number[]} sizes @returns {number[]} */
export function firstUnits(sizes) {
  let sum = 0;
  return sizes.map(size => (sum += size) - size);
}

/** Numbers of one neuron between two looks at the clock, in multiplications. */
const CHUNK = 30_000;

/**
 * Room for the activations of all neurons over `points` inputs, and the hands to compute them, at once or in slices of time.
 * @param {Shape} shape @param {number} points
 */
export function createSweep(shape, points) {
  const {sizes, activations, blocks} = shape, first = firstUnits(sizes);
  for (const name of activations) if (name !== "softmax" && !ACTIVATIONS[name]) throw new Error(`forward.js knows no activation "${name}"`);
  const count = sizes.reduce((sum, size) => sum + size, 0), store = new Float32Array(points * count);
  /** activation of every neuron over the points, layer after layer, the inputs first: `rows[firstUnits(sizes)[l] + j][p]` */
  const rows = Array.from({length: count}, (_, u) => store.subarray(u * points, (u + 1) * points));
  /** @type {Float32Array} */
  let parameters = new Float32Array(0);
  let layer = sizes.length, neuron = 0;

  /** One neuron over all points. @param {number} l @param {number} j */
  function compute(l, j) {
    const block = blocks[l - 1], z = rows[first[l] + j];
    weigh(z, rows, first[l - 1], sizes[l - 1], parameters, block, j);
    if (activations[l - 1] !== "softmax") ACTIVATIONS[activations[l - 1]].apply(z);
    else if (j === sizes[l] - 1) softmax(rows, first[l], sizes[l]);
  }

  return {
    points,
    rows,
    /** Begin anew with these parameters, which must not change until the end; the inputs stand in the first rows. @param {Float32Array} P */
    start(P) {
      parameters = P;
      layer = 1;
      neuron = 0;
    },
    /** Go on until all is computed or the clock passes `deadline` (ms of `performance.now()`). @param {number} [deadline] @returns {boolean} whether all is computed */
    advance(deadline = Infinity) {
      let work = 0;
      while (layer < sizes.length) {
        compute(layer, neuron);
        work += points * (sizes[layer - 1] + 8);
        if (++neuron === sizes[layer]) {
          layer++;
          neuron = 0;
        }
        if (work > CHUNK) {
          if (performance.now() > deadline) break;
          work = 0;
        }
      }
      return layer >= sizes.length;
    },
  };
}

/** @typedef {ReturnType<typeof createSweep>} Sweep */

/**
 * z = Σ w·a + b of one neuron over all points, four inputs at a time.
 * @param {Float32Array} z @param {Float32Array[]} rows @param {number} first row of the layer before @param {number} inputs
 * @param {Float32Array} P @param {{offset: number, rows: number, cols: number}} block @param {number} j
 */
function weigh(z, rows, first, inputs, P, {offset, rows: height, cols}, j) {
  z.fill(height > inputs ? P[offset + inputs * cols + j] : 0);
  let i = 0;
  for (; i + 3 < inputs; i += 4) {
    const at = offset + i * cols + j;
    addFour(z, P[at], P[at + cols], P[at + 2 * cols], P[at + 3 * cols], rows[first + i], rows[first + i + 1], rows[first + i + 2], rows[first + i + 3]);
  }
  for (; i < inputs; i++) addOne(z, P[offset + i * cols + j], rows[first + i]);
}

/** @param {Float32Array} z @param {number} u @param {number} v @param {number} w @param {number} x
 * @param {Float32Array} a @param {Float32Array} b @param {Float32Array} c @param {Float32Array} d */
function addFour(z, u, v, w, x, a, b, c, d) {
  for (let p = 0; p < z.length; p++) z[p] += u * a[p] + v * b[p] + w * c[p] + x * d[p];
}

/** @param {Float32Array} z @param {number} w @param {Float32Array} a */
function addOne(z, w, a) {
  for (let p = 0; p < z.length; p++) z[p] += w * a[p];
}

/** exp(z − max) / Σ across the neurons of a layer, point by point. @param {Float32Array[]} rows @param {number} first @param {number} size */
function softmax(rows, first, size) {
  for (let p = 0; p < rows[first].length; p++) {
    let most = -Infinity, sum = 0;
    for (let j = 0; j < size; j++) most = Math.max(most, rows[first + j][p]);
    for (let j = 0; j < size; j++) sum += rows[first + j][p] = Math.exp(rows[first + j][p] - most);
    for (let j = 0; j < size; j++) rows[first + j][p] /= sum;
  }
}

/** Whether the inputs are the coordinates of a plane, so that a grid of points can be put into the network. @param {Pick<import("./types").Data, "inputs" | "domain" | "features">} data */
export function isPlane({inputs, domain, features}) {
  return domain !== null && inputs === 2 && !features.some(name => /[²π]|x₁x₂/.test(name));
}

/**
 * Put the points of a grid over the input plane into the first two rows, row-major from the top left (x₂ falls, x₁ grows), cell centres.
 * @param {Sweep} sweep @param {[[number, number], [number, number]]} domain @param {number} columns @param {number} lines
 * @param {number} [from] first point of the grid to put, for sweeps that hold only a part of it
 */
export function loadGrid({rows: [x1, x2], points}, [[left, right], [low, high]], columns, lines, from = 0) {
  const last = columns * lines - 1;
  for (let p = 0; p < points; p++) {
    const k = Math.min(last, from + p);
    x1[p] = left + (k % columns + 0.5) / columns * (right - left);
    x2[p] = high - (Math.floor(k / columns) + 0.5) / lines * (high - low);
  }
}

/**
 * Put samples into the first rows.
 * @param {Sweep} sweep @param {Float32Array} X (n, inputs) row-major @param {number} inputs
 * @param {number} [from] first sample @param {number} [count]
 */
export function loadSamples({rows, points}, X, inputs, from = 0, count = points) {
  for (let i = 0; i < inputs; i++) for (let p = 0; p < count; p++) rows[i][p] = X[(from + p) * inputs + i];
}
