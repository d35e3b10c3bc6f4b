// @ts-check
/**
 * Where everything of the network diagram stands: columns of neurons, bias nodes, the curves between them; pure
 * geometry.
 */

import {firstUnits} from "../../maths/forward.js";

/** @typedef {import("../../types").Pick} Pick */
/** A layer: centre `x`, `lanes` neurons side by side, `lines` one below the other, squares of `size` every `pitch`.
 * @typedef {{x: number, lanes: number, lines: number, size: number, pitch: number}} Column */
/** The constant input 1 of the next layer. @typedef {{x: number, y: number, size: number}} Bias */
/**
 * @typedef {object} Geometry
 * @property {number[]} sizes neurons per layer @property {number[]} first unit of every layer
 * @property {Column[]} columns @property {Float32Array} x centre of every unit @property {Float32Array} y
 * @property {(Bias | null)[]} biases per layer that has a next one
 * @property {{x: number, y: number, side: number} | null} image the picture that takes the place of the first column:
 * left, top, side
 * @property {{x: number, y: number, width: number, height: number}} loss the loss node: left, middle, width, height
 * @property {number} bars room for bars to the right of the outputs
 * @property {number} width of the whole drawing
 * @property {number} height
 * @property {number} gap between columns
 */
/**
 * @typedef {object} Room
 * @property {number[]} sizes
 * @property {boolean} bias
 * @property {boolean[]} [fixed] per layer after the input, whether its biases stay 0: then nothing is drawn for them
 * @property {boolean} image whether the inputs are a picture
 * @property {boolean} bars whether outputs carry names and bars
 * @property {number} names px for the names of the inputs, at the usual type
 * @property {[number, number]} [inner] which columns can stand in several lanes, first and last; all but the outer ones
 * unless said
 * @property {number} [crown] px left free above the columns
 * @property {number} width @property {number} height px to draw in @property {number} scale size of type, 1 at 13 px
 */

/** More inputs than this stand without names. */
export const MOST_NAMES = 16;

const FILL = 0.84;
const BIAS_LINES = 0.8;
const SMALLEST = 5;
const LEGIBLE = 27;

/** Left free above and below the columns, in px: a ring about a neuron is not cut off. */
const RIM = 6;

/** @param {Room} room @returns {Geometry} */
export function arrange({crown = 0, ...room}) {
  const above = Math.max(crown, RIM);
  const g = arrangeBelow({...room, height: room.height - above - RIM});
  for (let u = 0; u < g.y.length; u++) g.y[u] += above;
  for (const thing of [...g.biases, g.image, g.loss]) if (thing) thing.y += above;
  return {...g, height: room.height};
}

/** @param {Omit<Room, "crown">} room @returns {Geometry} */
function arrangeBelow({
  sizes,
  bias,
  fixed = [],
  image,
  bars,
  names,
  width,
  height,
  scale,
  inner = [1, sizes.length - 2],
}) {
  const first = firstUnits(sizes);
  const count = first[first.length - 1] + sizes[sizes.length - 1];
  const last = sizes.length - 1;
  const ones = sizes.map((_, l) => bias && l < last && !fixed[l]);
  const loss = Math.round(clamp(0.17 * width, 74 * scale, 122 * scale));
  const edge = 8 * scale;
  const left = edge + (image ? 0 : Math.min(names, 0.14 * width) * scale);
  const barRoom = bars ? Math.round(clamp(0.13 * width, 34 * scale, 92 * scale)) : 0;
  const room = width - left - edge - loss - barRoom - 20 * scale;
  const side = image ? Math.round(clamp(0.3 * room, 40, Math.min(168 * scale, 0.6 * height))) : 0;
  const columns = sizes.map((size, l) =>
    fit(size, Math.ceil(size / Math.floor(height / SMALLEST - 1)), l, {sizes, ones, height, scale, room, side}),
  );
  if (side) columns[0] = {x: 0, lanes: 1, lines: 1, size: side, pitch: side / FILL};
  widen(columns, {sizes, ones, height, scale, room, side}, inner);
  const gaps = columns.length - 1;
  const taken = columns.reduce((sum, column) => sum + breadth(column), 0);
  const gap = Math.min(Math.max((room - taken) / gaps, gaps > 40 ? 3.5 : 5), 300 * scale);
  const whole = taken + gaps * gap;
  const spare = Math.max(0, room - whole);
  let at = left + spare / 2;
  for (const column of columns) {
    column.x = at + breadth(column) / 2;
    at += breadth(column) + gap;
  }
  const total = Math.max(width, Math.ceil(left + whole + 20 * scale + barRoom + loss + edge));
  const {x, y, biases} = place(columns, {sizes, first, count, ones, height, side});
  const output = columns[last];
  const middle = (y[first[last]] + y[count - 1]) / 2;
  return {
    sizes,
    first,
    columns,
    x,
    y,
    biases,
    gap,
    width: total,
    height,
    bars: barRoom,
    image: side ? {x: columns[0].x - side / 2, y: height / 2 - side / 2 - (ones[0] ? 12 : 0), side} : null,
    loss: {
      x: spare ? output.x + breadth(output) / 2 + barRoom + 20 * scale : total - edge - loss,
      y: middle,
      width: loss,
      height: 90,
    },
  };
}

/** @param {number} n @param {number} low @param {number} high */
const clamp = (n, low, high) => Math.min(Math.max(n, low), high);

/** Width of a column from its first neuron's left side to its last one's right side. @param {Column} column */
export const breadth = ({lanes, size, pitch}) => (lanes - 1) * pitch + size;

/**
 * `ones`: whether a layer has a bias node below it.
 * @typedef {{sizes: number[], ones: boolean[], height: number, scale: number, room: number, side: number}} Measures
 */

/**
 * The largest squares with which `size` neurons stand in `lanes` lanes.
 * @param {number} size
 * @param {number} lanes
 * @param {number} l
 * @param {Measures} measures
 * @returns {Column}
 */
function fit(size, lanes, l, {sizes, ones, height, scale, room, side}) {
  const last = sizes.length - 1;
  const lines = Math.ceil(size / lanes);
  const slots = lines + (ones[l] ? BIAS_LINES : 0);
  const tall = (FILL * height) / slots;
  const broad = (room - side) / (sizes.length - (side ? 1 : 0) + 0.95 * last);
  const most = clamp(0.14 * height, 34 * scale, 86 * scale) * (l === last && !side ? 1.15 : 1);
  const square = Math.max(Math.min(tall, lanes > 1 ? Infinity : broad, most), SMALLEST * FILL);
  const loose = clamp(
    (0.8 * height) / (Math.max(...sizes.slice(side ? 1 : 0)) * square),
    1.3,
    clamp(26 / square, 1.8, 4),
  );
  const pitch = Math.min(height / slots, Math.max(square / FILL, square * loose));
  return {x: 0, lanes, lines, size: Math.floor(2 * square) / 2, pitch: lanes > 1 ? square / FILL : pitch};
}

/**
 * Give crowded layers a second and third lane while there is room between the columns.
 * @param {Column[]} columns
 * @param {Measures} measures
 * @param {[number, number]} inner
 */
function widen(columns, measures, [from, to]) {
  const least = clamp(0.1 * measures.room, 28, 62) * measures.scale;
  const gaps = columns.length - 1;
  for (let turn = 0; turn < 40; turn++) {
    let at = -1;
    for (let l = from; l <= to; l++)
      if (columns[l].size < LEGIBLE * measures.scale && (at < 0 || columns[l].size < columns[at].size)) at = l;
    if (at < 0) return;
    const wider = fit(measures.sizes[at], columns[at].lanes + 1, at, measures);
    const taken = columns.reduce((sum, column, l) => sum + breadth(l === at ? wider : column), 0);
    if (wider.size <= columns[at].size || (measures.room - taken) / gaps < least) return;
    columns[at] = wider;
  }
}

/**
 * Centres of all units and of the bias nodes below each column.
 * @param {Column[]} columns
 * @param {{sizes: number[], first: number[], count: number, ones: boolean[], height: number, side: number}} measures
 */
function place(columns, {sizes, first, count, ones, height, side}) {
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  /** @type {(Bias | null)[]} */
  const biases = [];
  columns.forEach((column, l) => {
    const {lanes, lines, size, pitch} = column;
    const has = ones[l];
    const below = clamp(0.46 * size, 4, 20);
    const extent = (lines - 1) * pitch + size;
    const drop = has ? Math.min(BIAS_LINES * pitch, below + 10) : 0;
    const top = Math.max(0, (height - extent - drop) / 2) + size / 2;
    for (let j = 0; j < sizes[l]; j++) {
      const pixels = side && l === 0;
      x[first[l] + j] = pixels ? column.x + side / 2 : column.x + (Math.floor(j / lines) - (lanes - 1) / 2) * pitch;
      y[first[l] + j] = pixels
        ? height / 2 - (ones[0] ? 12 : 0) + ((j + 0.5) / sizes[0] - 0.5) * side
        : top + (j % lines) * pitch;
    }
    const foot = side && l === 0 ? height / 2 - 12 + side / 2 + 12 : top + extent - size / 2 + drop - below / 2;
    biases.push(has ? {x: column.x + ((lanes - 1) * pitch) / 2, y: foot, size: side && l === 0 ? 16 : below} : null);
  });
  return {x, y, biases};
}

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

const STEPS = 256;
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
  const height = g.y[g.first[layer] + index];
  let best = 0;
  for (let j = 1; j < g.sizes[to]; j++)
    if (Math.abs(g.y[g.first[to] + j] - height) < Math.abs(g.y[g.first[to] + best] - height)) best = j;
  return {kind: "neuron", layer: to, index: best};
}
