// @ts-check
/** The parameters of a step in the order in which its update is told: layer by layer, each with its name. Pure. */

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Block} Block */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Microscope} Microscope */

/** How many parameters of a layer move: its weights, its biases, and where it is normalized γ and β.
 * @param {Layout} layout @param {number} layer from 1 */
export function countOf({blocks, sizes}, layer) {
  const {rows, cols, fixed, gamma} = blocks[layer - 1];
  const own = fixed ? sizes[layer - 1] : rows;
  return (own + (gamma === null ? 0 : 2)) * cols;
}

/** Where the `k`-th parameter of a layer lies in P: neuron by neuron, its weights, its bias, γ and β.
 * @param {Layout} layout @param {number} layer @param {number} k */
export function placeOf({blocks, sizes}, layer, k) {
  const {offset, rows, cols, fixed, gamma, beta} = blocks[layer - 1];
  const own = fixed ? sizes[layer - 1] : rows;
  const each = own + (gamma === null ? 0 : 2);
  const [to, part] = [Math.floor(k / each), k % each];
  if (part < own) return offset + part * cols + to;
  return (part === own ? (gamma ?? 0) : (beta ?? 0)) + to;
}

/** What lies at a place in P. @param {Layout} layout @param {number} p @returns {Pick} */
export function pickAt({blocks}, p) {
  let layer = blocks.length;
  while (layer > 1 && blocks[layer - 1].offset > p) layer--;
  const {offset, cols, gamma, beta} = blocks[layer - 1];
  if (beta !== null && p >= beta) return {kind: "neuron", layer, index: p - beta, of: "beta"};
  if (gamma !== null && p >= gamma) return {kind: "neuron", layer, index: p - gamma, of: "gamma"};
  return {kind: "weight", layer, from: Math.floor((p - offset) / cols), to: (p - offset) % cols};
}

/** Nets with no more parameters are told whole; of larger ones a layer unfolds at a time. */
const MOST_WHOLE = 200;

/** The parameters of one step as rows of a table: a heading for each layer, and below it what is unfolded. */
export class ParameterRows {
  /** @param {Microscope} step @param {Layout} layout */
  constructor({step}, layout) {
    this.layout = layout;
    this.counts = layout.blocks.map((_, k) => countOf(layout, k + 1));
    /** by how much the parameter moves that moves most, per layer */
    this.largest = this.counts.map(() => 0);
    this.chosen = {layer: 1, k: 0};
    let most = -1;
    this.counts.forEach((count, l) => {
      for (let k = 0; k < count; k++) {
        const size = Math.abs(step[placeOf(layout, l + 1, k)]);
        if (size > this.largest[l]) this.largest[l] = size;
        if (size > most) [most, this.chosen] = [size, {layer: l + 1, k}];
      }
    });
    const whole = this.counts.reduce((sum, count) => sum + count, 0) <= MOST_WHOLE;
    /** layers that are unfolded @type {Set<number>} */
    this.open = new Set(whole ? this.counts.map((_, l) => l + 1) : [this.chosen.layer]);
  }

  /** Where the chosen parameter lies in P. */
  get place() {
    return placeOf(this.layout, this.chosen.layer, this.chosen.k);
  }

  /** How many rows there are. */
  get length() {
    return this.counts.reduce((sum, count, l) => sum + 1 + (this.open.has(l + 1) ? count : 0), 0);
  }

  /** What a row tells: a parameter, or with k = −1 the heading of a layer. @param {number} row */
  at(row) {
    let left = row;
    for (let layer = 1; layer <= this.counts.length; layer++) {
      const long = 1 + (this.open.has(layer) ? this.counts[layer - 1] : 0);
      if (left < long) return {layer, k: left - 1};
      left -= long;
    }
    return {layer: this.counts.length, k: -1};
  }

  /** The row of the chosen parameter, of its layer's heading where that is folded. */
  get row() {
    const {layer, k} = this.chosen;
    let row = 0;
    for (let l = 1; l < layer; l++) row += 1 + (this.open.has(l) ? this.counts[l - 1] : 0);
    return this.open.has(layer) ? row + 1 + k : row;
  }

  /** Choose the next or the last parameter that is unfolded; round at the ends. @param {number} way */
  move(way) {
    const {length} = this;
    for (let step = 1; step <= length; step++) {
      const found = this.at((this.row + way * step + length * step) % length);
      if (found.k >= 0) {
        this.chosen = found;
        return;
      }
    }
  }

  /** @param {number} layer */
  toggle(layer) {
    if (!this.open.delete(layer)) this.open.add(layer);
  }
}
