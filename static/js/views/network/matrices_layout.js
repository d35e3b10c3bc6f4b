// @ts-check
/**
 * Where everything stands when a deep net is drawn as weight matrices: one square per layer in reading order; pure
 * geometry.
 */

import {firstUnits} from "../../maths/forward.js";

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */
/**
 * A layer: the square of its weights at left and top, then a strip of its activations at `a` and one of its errors at
 * `d`.
 * @typedef {{x: number, y: number, side: number, a: number, d: number, strip: number}} Cell
 */
/** @typedef {Geometry & {cells: Cell[], across: number, margin: [number, number]}} Grid */

/**
 * Above so many weights, or where columns would be wider than their room, a net is drawn as matrices unless the user
 * wants columns.
 */
const MOST_EDGES = 40_000;
const GAP = 9;
const LABEL = 15;
const LARGEST = 190;

/** Whether columns of neurons do not fit. @param {Geometry} g as columns @param {number} width of the room */
export function crowded(g, width) {
  let edges = 0;
  for (let l = 1; l < g.sizes.length; l++) edges += g.sizes[l - 1] * g.sizes[l];
  return g.width > width || edges > MOST_EDGES;
}

/**
 * @typedef {{sizes: number[], image: boolean, width: number, height: number, scale: number}} Room as that of `arrange`
 */

/** @param {Room} room @returns {Grid} */
export function arrangeMatrices(room) {
  const {sizes, image, width, height, scale} = room;
  const edge = 8 * scale;
  const loss = Math.round(Math.min(Math.max(0.17 * width, 74 * scale), 122 * scale));
  const {cells, across, pitchX, margin} = cellsOf(room, edge, width - loss - 3 * edge, height - 2);
  const {side, strip} = cells[0];
  const first = firstUnits(sizes);
  const {x, y} = placeUnits(sizes, cells);
  return {
    sizes,
    first,
    cells,
    across,
    margin,
    x,
    y,
    width,
    height,
    gap: pitchX - side,
    scale,
    bars: 0,
    biases: sizes.map(() => null),
    columns: sizes.map((size, l) => ({
      x: cells[l].a + strip / 2,
      lanes: 1,
      lines: size,
      size: side / size,
      pitch: side / size,
    })),
    image: image ? {x: cells[0].x, y: cells[0].y, side} : null,
    loss: {x: width - edge - loss, y: height / 2, width: loss, height: 90},
  };
}

/**
 * Squares with their strips, in reading order.
 * @param {Room} room
 * @param {number} edge left free at the sides
 * @param {number} wide px for all of them
 * @param {number} tall
 */
function cellsOf({sizes, scale}, edge, wide, tall) {
  const strip = Math.max(4, Math.round(5 * scale));
  const strips = 2 * strip + 4;
  const label = LABEL * scale;
  const {across, side} = largestSquares(sizes.length, wide, tall, strips, scale);
  const lines = Math.ceil(sizes.length / across);
  const pitchX = wide / across;
  const pitchY = Math.min(tall / lines, 1.35 * (side + label));
  const top = Math.max(0, (tall - lines * pitchY) / 2);
  const cells = sizes.map((_, l) => {
    const x = Math.round(edge + (l % across) * pitchX + (pitchX - side - strips) / 2);
    const y = Math.round(top + Math.floor(l / across) * pitchY + label);
    return {x, y, side, a: x + side + 2, d: x + side + strip + 3, strip};
  });
  /** @type {[number, number]} */
  const margin = [Math.max(2, (pitchX - side - strips) / 2), Math.max(2, pitchY - side - label)];
  return {cells, across, pitchX, margin};
}

/**
 * How many squares stand side by side so that they are as large as possible.
 * @param {number} count
 * @param {number} wide
 * @param {number} tall
 * @param {number} strips width of the strips beside a square
 * @param {number} scale
 */
function largestSquares(count, wide, tall, strips, scale) {
  let across = 1;
  let side = 0;
  for (let c = 1; c <= count; c++) {
    const fits = Math.min(
      wide / c - strips - GAP * scale,
      tall / Math.ceil(count / c) - LABEL * scale - 4,
      LARGEST * scale,
    );
    if (fits > side) [across, side] = [c, fits];
  }
  return {across, side: Math.max(6, Math.floor(side))};
}

/** Where each neuron stands in the strip of its layer. @param {number[]} sizes @param {Cell[]} cells */
function placeUnits(sizes, cells) {
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  let u = 0;
  sizes.forEach((size, l) => {
    const {a, strip, y: top, side} = cells[l];
    for (let j = 0; j < size; j++, u++) {
      x[u] = a + strip / 2;
      y[u] = top + ((j + 0.5) * side) / size;
    }
  });
  return {x, y};
}

/**
 * Numbers of a layer's inputs, and 1 for its biases where they are not fixed at 0.
 * @param {import("../../types").Layout} layout
 */
export const rowsOf = layout => layout.blocks.map(({rows, fixed}, k) => (fixed ? layout.sizes[k] : rows));

/**
 * The layer whose square, strips or room about them are under a point, −1 for none.
 * @param {Grid} g
 * @param {number} px
 * @param {number} py
 */
export function cellAt(g, px, py) {
  const [wide, tall] = g.margin;
  return g.cells.findIndex(
    ({x, y, side, d, strip}) => px >= x - wide && px < d + strip + wide && py >= y - LABEL && py < y + side + tall,
  );
}

/** The weight or neuron under a point. Row j of a square is neuron j, column i its input i, the last one its bias.
 * @param {Grid} g
 * @param {number[]} rows per layer after the input: inputs, and 1 for a bias
 * @param {number} px
 * @param {number} py
 * @returns {Pick | null}
 */
export function pickAt(g, rows, px, py) {
  const l = cellAt(g, px, py);
  if (l < 0) return null;
  const {x, y, side} = g.cells[l];
  const j = Math.floor(((py - y) / side) * g.sizes[l]);
  if (j < 0 || j >= g.sizes[l] || px < x) return null;
  if (l === 0 || px > x + side) return g.image && l === 0 ? null : {kind: "neuron", layer: l, index: j};
  return {
    kind: "weight",
    layer: l,
    from: Math.min(rows[l - 1] - 1, Math.max(0, Math.floor(((px - x) / side) * rows[l - 1]))),
    to: j,
  };
}

/**
 * What a pick covers: left, top, right, bottom.
 * @param {Grid} g
 * @param {number[]} rows
 * @param {Pick} pick
 * @returns {[number, number, number, number]}
 */
export function boxOf(g, rows, pick) {
  const {x, y, side, a, d, strip} = g.cells[pick.layer];
  if (pick.kind === "neuron") {
    const tall = side / g.sizes[pick.layer];
    const top = y + pick.index * tall;
    return g.image && pick.layer === 0 ? [x, y, x + side, y + side] : [a, top, d + strip, top + tall];
  }
  const wide = side / rows[pick.layer - 1];
  const tall = side / g.sizes[pick.layer];
  const left = x + pick.from * wide;
  const top = y + pick.to * tall;
  return [left, top, left + wide, top + tall];
}
