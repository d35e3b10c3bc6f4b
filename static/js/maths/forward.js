// @ts-check
/**
 * The forward pass in the browser: every neuron of the network over many points at once, from the parameters of a
 * frame. It is the network as it predicts: batch normalization takes the running statistics that the frame brings, so
 * that a point's answer does not depend on the points beside it. A layer with a skip passes on f(z) + a of the layer
 * before.
 */

import {activationOf} from "./activations.js";
import {inputsOf} from "./features.js";

/** @typedef {import("../types").Layout} Layout */
/** @typedef {import("../types").Block} Block */
/**
 * @typedef {Pick<Layout, "sizes" | "activations" | "blocks"> & Partial<Pick<Layout, "normalization" | "residual" |
 * "leaky_slope" | "formulas">>} Shape
 */

/** Beside every variance, as in the core. */
const EPSILON = 1e-5;

/**
 * Index of the first neuron of every layer when all are counted through, the inputs first.
 * @param {number[]} sizes
 * @returns {number[]}
 */
export function firstUnits(sizes) {
  let sum = 0;
  return sizes.map(size => (sum += size) - size);
}

/** Numbers of one neuron between two looks at the clock, in multiplications. */
const CHUNK = 30_000;

/** Room for the activations of all neurons over many inputs, computed at once or in slices of time. */
export class Sweep {
  /** @param {Shape} shape @param {number} points */
  constructor(shape, points) {
    const {sizes, activations, normalization = [], residual = []} = shape;
    for (const name of activations)
      if (name !== "softmax" && !activationOf(name, shape)) throw new Error(`forward.js knows no activation "${name}"`);
    const count = sizes.reduce((sum, size) => sum + size, 0);
    const store = new Float32Array(points * count);
    this.points = points;
    /**
     * activation of every neuron over the points, layer after layer, the inputs first: `rows[firstUnits(sizes)[l] +
     * j][p]`
     */
    this.rows = Array.from({length: count}, (_, u) => store.subarray(u * points, (u + 1) * points));
    this.shape = {...shape, normalization, residual};
    this.first = firstUnits(sizes);
    this.functions = activations.map(name => activationOf(name, shape));
    /** @type {Float32Array} */
    this.parameters = new Float32Array(0);
    /** @type {Float32Array} */
    this.statistics = new Float32Array(0);
    /** the neuron that is computed next, and its layer */
    this.layer = sizes.length;
    this.neuron = 0;
  }

  /**
   * Begin anew with the parameters and statistics of a frame, which must not change until the end; the inputs stand
   * in the first rows.
   * @param {Float32Array} P
   * @param {Float32Array} [S] needed with batch normalization
   */
  start(P, S = new Float32Array(0)) {
    this.parameters = P;
    this.statistics = S;
    this.layer = 1;
    this.neuron = 0;
  }

  /**
   * Go on until all is computed or the clock passes `deadline` (ms of `performance.now()`).
   * @param {number} [deadline]
   * @returns {boolean} whether all is computed
   */
  advance(deadline = Infinity) {
    const {sizes} = this.shape;
    let work = 0;
    while (this.layer < sizes.length) {
      this.compute(this.layer, this.neuron);
      work += this.points * (sizes[this.layer - 1] + 8);
      if (++this.neuron === sizes[this.layer]) {
        this.layer++;
        this.neuron = 0;
      }
      if (work > CHUNK) {
        if (performance.now() > deadline) break;
        work = 0;
      }
    }
    return this.layer >= sizes.length;
  }

  /** One neuron over all points. @param {number} l @param {number} j */
  compute(l, j) {
    const {first, rows, parameters} = this;
    const {sizes, activations, blocks, normalization} = this.shape;
    const block = blocks[l - 1];
    const z = rows[first[l] + j];
    weigh(z, rows, first[l - 1], sizes[l - 1], parameters, block, j);
    if (normalization[l - 1] === "batch") normalizeOne(z, parameters, this.statistics, block, j);
    if (normalization[l - 1] === "layer") {
      if (j < sizes[l] - 1) return;
      normalizeLayer(rows, first[l], parameters, block);
      for (let k = 0; k <= j; k++) this.activate(l, k);
    } else if (activations[l - 1] !== "softmax") this.activate(l, j);
    else if (j === sizes[l] - 1) softmax(rows, first[l], sizes[l]);
  }

  /** The activation of a neuron, and what its skip adds. @param {number} l @param {number} j */
  activate(l, j) {
    const {first, rows, functions} = this;
    functions[l - 1]?.apply(rows[first[l] + j]);
    if (this.shape.residual[l - 1]) addOne(rows[first[l] + j], 1, rows[first[l - 1] + j]);
  }
}

/** @param {Shape} shape @param {number} points */
export const createSweep = (shape, points) => new Sweep(shape, points);

/**
 * z = Σ w·a + b of one neuron over all points, four inputs at a time.
 * @param {Float32Array} z
 * @param {Float32Array[]} rows
 * @param {number} first row of the layer before
 * @param {number} inputs
 * @param {Float32Array} P @param {Pick<Block, "offset" | "rows" | "cols">} block @param {number} j
 */
function weigh(z, rows, first, inputs, P, {offset, rows: height, cols}, j) {
  z.fill(height > inputs ? P[offset + inputs * cols + j] : 0);
  let i = 0;
  for (; i + 3 < inputs; i += 4) {
    const at = offset + i * cols + j;
    addFour(
      z,
      P[at],
      P[at + cols],
      P[at + 2 * cols],
      P[at + 3 * cols],
      rows[first + i],
      rows[first + i + 1],
      rows[first + i + 2],
      rows[first + i + 3],
    );
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

/** u = γ (z − mean) / √(variance + ε) + β over z of one neuron, by given statistics.
 * @param {Float32Array} z @param {Float32Array} P @param {Float32Array} S @param {Block} block @param {number} j */
function normalizeOne(z, P, S, {gamma, beta, statistics, cols}, j) {
  const at = Number(statistics) + j;
  const scale = P[Number(gamma) + j] / Math.sqrt(S[at + cols] + EPSILON);
  const mean = S[at];
  const shift = P[Number(beta) + j];
  for (let p = 0; p < z.length; p++) z[p] = (z[p] - mean) * scale + shift;
}

/**
 * The same with mean and variance of each point over the neurons of a layer.
 * @param {Float32Array[]} rows
 * @param {number} first
 * @param {Float32Array} P
 * @param {Block} block
 */
function normalizeLayer(rows, first, P, {gamma, beta, cols}) {
  for (let p = 0; p < rows[first].length; p++) {
    let mean = 0;
    let square = 0;
    for (let j = 0; j < cols; j++) mean += rows[first + j][p] / cols;
    for (let j = 0; j < cols; j++) square += (rows[first + j][p] - mean) ** 2;
    const inverse = 1 / Math.sqrt(square / cols + EPSILON);
    for (let j = 0; j < cols; j++)
      rows[first + j][p] = (rows[first + j][p] - mean) * inverse * P[Number(gamma) + j] + P[Number(beta) + j];
  }
}

/**
 * exp(z − max) / Σ across the neurons of a layer, point by point.
 * @param {Float32Array[]} rows
 * @param {number} first
 * @param {number} size
 */
function softmax(rows, first, size) {
  for (let p = 0; p < rows[first].length; p++) {
    let most = -Infinity;
    let sum = 0;
    for (let j = 0; j < size; j++) most = Math.max(most, rows[first + j][p]);
    for (let j = 0; j < size; j++) sum += rows[first + j][p] = Math.exp(rows[first + j][p] - most);
    for (let j = 0; j < size; j++) rows[first + j][p] /= sum;
  }
}

/**
 * Where a sample is a point of a plane.
 * @typedef {{domain: NonNullable<import("../types").Data["domain"]>, plane: import("../types").Plane}} OverPlane
 */

/**
 * Whether inputs come from points of a plane, so that a grid of points can be put into the network.
 * @template {Pick<import("../types").Data, "domain" | "plane">} D @param {D} data @returns {data is D & OverPlane}
 */
export function isPlane(data) {
  return data.domain !== null && data.plane !== null;
}

/**
 * Put the points of a grid over the plane into the first rows, row-major from the top left (x₂ falls, x₁ grows), cell
 * centres.
 * @param {Pick<Sweep, "rows" | "points">} sweep @param {OverPlane} data @param {number} columns @param {number} lines
 */
export function loadGrid({rows, points}, {domain: [[left, right], [low, high]], plane}, columns, lines) {
  inputsOf(plane).forEach((f, i) => {
    for (let p = 0; p < points; p++)
      rows[i][p] = f(
        left + (((p % columns) + 0.5) / columns) * (right - left),
        high - ((Math.floor(p / columns) + 0.5) / lines) * (high - low),
      );
  });
}

/**
 * Put samples into the first rows.
 * @param {Sweep} sweep @param {Float32Array} X (n, inputs) row-major @param {number} inputs
 * @param {number} [from] first sample @param {number} [count]
 */
export function loadSamples({rows, points}, X, inputs, from = 0, count = points) {
  for (let i = 0; i < inputs; i++) for (let p = 0; p < count; p++) rows[i][p] = X[(from + p) * inputs + i];
}

/**
 * Weighted inputs, what activations are taken of, and activations of all neurons for one input, as the frame of a
 * sample has them.
 * @param {Shape & Pick<Layout, "units">} shape @param {Float32Array} P @param {ArrayLike<number>} x
 * @param {Float32Array} [S] needed with batch normalization
 * @returns {{A: Float32Array, Z: Float32Array, I: Float32Array}} the inputs' Z and I are 0
 */
export function trace(
  {sizes, activations, blocks, units, normalization = [], residual = [], leaky_slope, formulas},
  P,
  x,
  S = new Float32Array(0),
) {
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const A = new Float32Array(count);
  const Z = new Float32Array(count);
  const I = new Float32Array(count);
  A.set(x);
  blocks.forEach((block, k) => {
    const {offset, rows, cols} = block;
    const before = units[k].offset;
    const inputs = sizes[k];
    const at = units[k + 1].offset;
    const z = Z.subarray(at, at + cols);
    const a = A.subarray(at, at + cols);
    if (rows > inputs) z.set(P.subarray(offset + inputs * cols, offset + (inputs + 1) * cols));
    for (let i = 0; i < inputs; i++) for (let j = 0; j < cols; j++) z[j] += P[offset + i * cols + j] * A[before + i];
    a.set(z);
    const each = Array.from(a, (_, j) => a.subarray(j, j + 1));
    if (normalization[k] === "layer") normalizeLayer(each, 0, P, block);
    if (normalization[k] === "batch") each.forEach((one, j) => normalizeOne(one, P, S, block, j));
    I.set(a, at);
    if (activations[k] === "softmax") softmax(each, 0, cols);
    else activationOf(activations[k], {leaky_slope, formulas})?.apply(a);
    if (residual[k]) for (let j = 0; j < cols; j++) a[j] += A[before + j];
  });
  return {A, Z, I};
}
