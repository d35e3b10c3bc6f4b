// @ts-check
/** A function over the input plane as a picture: what the network, or one of its neurons, answers at every point. */

import {classPerOutput, TIE} from "../../model/classes.js";
import {atZero, isBounded} from "../../maths/activations.js";
import {createSweep, firstUnits, loadGrid} from "../../maths/forward.js";
import {inputReach, level, outputTone} from "../shared/neuron_pictures.js";
import {steadyScale} from "../shared/scale.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../shared/neuron_pictures.js").Tone} Tone */

const BLOCK = 400;
const FINEST = 100;
const COARSE = 24;
const COARSEST = 14;
/** ns of one multiplication and of one activation, about; only to choose a resolution. */
const PRODUCT = 1.4;
const ACTIVATION = 14;

/** Cells along a side that can be computed anew in about `budget` ms. @param {Layout} layout @param {number} budget */
export function affordable({sizes}, budget) {
  const cost = sizes.slice(1).reduce((sum, n, l) => sum + n * (sizes[l] * PRODUCT + ACTIVATION), 0) * 1e-6;
  const least = cost * COARSE ** 2 > 100 ? COARSEST : COARSE;
  return Math.max(least, Math.min(FINEST, Math.floor(Math.sqrt(budget / cost))));
}

/**
 * Values of one unit, or of all outputs where there are several classes, over a grid; computed in slices of time.
 * @param {Layout} layout @param {import("../../maths/forward.js").OverPlane} data
 */
export function createField(layout, data) {
  const {sizes} = layout;
  const first = firstUnits(sizes);
  const last = sizes.length - 1;
  const sweep = createSweep(layout, BLOCK);
  const grids = Array.from({length: sizes[last]}, () => new Float32Array(FINEST * FINEST));
  /** @type {Pick<import("../../types").Frame, "P" | "S">} */
  let model = {P: new Float32Array(0), S: new Float32Array(0)};
  let side = 0;
  let from = 0;
  let units = [0];
  let loaded = false;
  /** What the inputs are over the whole grid: the same for every picture of one size. */
  let inputs = {rows: Array.from({length: sizes[0]}, () => new Float32Array(0)), points: 0};

  return {
    /** finished values, row-major from the top left; one grid, or one per class */
    grids,
    get side() {
      return side;
    },
    /**
     * @param {Pick<import("../../types").Frame, "P" | "S">} frame
     * @param {number} cells along a side
     * @param {{layer: number, index: number} | null} neuron null: the network's output
     */
    begin(frame, cells, neuron) {
      model = frame;
      side = cells;
      if (inputs.points !== side * side) {
        inputs = {rows: Array.from({length: sizes[0]}, () => new Float32Array(side * side)), points: side * side};
        loadGrid(inputs, data, side, side);
      }
      from = 0;
      loaded = false;
      units = neuron
        ? [first[neuron.layer] + neuron.index]
        : Array.from({length: sizes[last]}, (_, j) => first[last] + j);
    },
    /** @param {number} [deadline] @returns {boolean} whether the grid is complete */
    advance(deadline = Infinity) {
      while (from < side * side) {
        if (!loaded) {
          inputs.rows.forEach((row, i) => sweep.rows[i].set(row.subarray(from, from + BLOCK)));
          sweep.start(model.P, model.S);
          loaded = true;
        }
        if (!sweep.advance(deadline)) return false;
        const count = Math.min(BLOCK, side * side - from);
        units.forEach((u, k) => grids[k].set(count < BLOCK ? sweep.rows[u].subarray(0, count) : sweep.rows[u], from));
        from += BLOCK;
        loaded = false;
        if (performance.now() > deadline && from < side * side) return false;
      }
      return true;
    },
  };
}

/** How a unit is toned, and the value at which its line is drawn. @param {Layout} layout @param {Data} data */
export function createToning(layout, data) {
  const {sizes, activations, residual} = layout;
  const last = sizes.length - 1;
  const scale = steadyScale(0.1);
  const far = inputReach(data);
  return {
    /**
     * @param {{layer: number, index: number} | null} neuron
     * @param {Float32Array} grid
     * @param {number} count
     * @returns {Tone & {line: number}}
     */
    of(neuron, grid, count) {
      const l = neuron?.layer ?? last;
      if (l === 0) return {gain: 1 / far, shift: 0, line: 0};
      const name = activations[l - 1];
      const line = atZero(name, layout) + 1e-6;
      if (l === last) {
        const tone = outputTone(data);
        return {...tone, line: classPerOutput(data) ? 0.5 : -tone.shift / tone.gain};
      }
      if (isBounded(name, layout) && !residual[l - 1]) return {gain: 1, shift: 0, line};
      let most = 0;
      for (let p = 0; p < count; p += 3) most = Math.max(most, Math.abs(grid[p]));
      return {gain: 1 / scale.follow(most), shift: 0, line};
    },
  };
}

/**
 * Paint one grid through the diverging table.
 * @param {Uint32Array} pixels
 * @param {Float32Array} grid
 * @param {number} count
 * @param {Uint32Array} table @param {Tone} tone @param {boolean} discrete only which side of the middle */
export function paintValues(pixels, grid, count, table, {gain, shift}, discrete) {
  for (let p = 0; p < count; p++) {
    const x = grid[p] * gain + shift;
    pixels[p] = table[level(discrete ? (x > gain * TIE ? 0.75 : Number.isNaN(x) ? NaN : -0.75) : x)];
  }
}

/**
 * Paint the most probable class in its colour, fuller the surer; a tie as in `classOf`.
 * @param {Uint32Array} pixels
 * @param {Float32Array[]} grids
 * @param {number} count
 * @param {Uint32Array[]} tables of the classes @param {boolean} discrete */
export function paintClasses(pixels, grids, count, tables, discrete) {
  for (let p = 0; p < count; p++) {
    let most = grids[0][p];
    for (let k = 1; k < tables.length; k++) if (grids[k][p] > most) most = grids[k][p];
    let best = 0;
    while (grids[best][p] < most - TIE) best++;
    pixels[p] = tables[best][level(discrete ? 0.75 : grids[best][p] * 0.9)];
  }
}

/** The sides of a cell. */
const [TOP, RIGHT, BOTTOM, LEFT] = [0, 1, 2, 3];
/**
 * Which sides the line crosses, by the corners that lie above: top left 1, top right 2, bottom right 4, bottom left 8.
 * @type {number[][]}
 */
const CROSSED = [
  [],
  [LEFT, TOP],
  [TOP, RIGHT],
  [LEFT, RIGHT],
  [RIGHT, BOTTOM],
  [LEFT, TOP, RIGHT, BOTTOM],
  [TOP, BOTTOM],
  [BOTTOM, LEFT],
  [BOTTOM, LEFT],
  [TOP, BOTTOM],
  [TOP, RIGHT, BOTTOM, LEFT],
  [RIGHT, BOTTOM],
  [LEFT, RIGHT],
  [TOP, RIGHT],
  [LEFT, TOP],
  [],
];

/**
 * The line along which a grid takes a value, as pairs of points in cells (marching squares).
 * @param {Float32Array} grid
 * @param {number} side
 * @param {number} value
 * @returns {number[]} x0, y0, x1, y1, … in units of cells from the top left corner
 */
export function lineAt(grid, side, value) {
  const points = /** @type {number[]} */ ([]);
  for (let y = 0; y + 1 < side; y++) {
    for (let x = 0, p = y * side; x + 1 < side; x++, p++) {
      const a = grid[p] - value;
      const b = grid[p + 1] - value;
      const c = grid[p + side + 1] - value;
      const d = grid[p + side] - value;
      const kind = (a > 0 ? 1 : 0) | (b > 0 ? 2 : 0) | (c > 0 ? 4 : 0) | (d > 0 ? 8 : 0);
      if (kind === 0 || kind === 15) continue;
      for (const crossed of CROSSED[kind]) {
        if (crossed === TOP) points.push(x + 0.5 + a / (a - b), y + 0.5);
        else if (crossed === RIGHT) points.push(x + 1.5, y + 0.5 + b / (b - c));
        else if (crossed === BOTTOM) points.push(x + 0.5 + d / (d - c), y + 1.5);
        else points.push(x + 0.5, y + 0.5 + a / (a - d));
      }
    }
  }
  return points;
}
