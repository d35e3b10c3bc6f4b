// @ts-check
/**
 * Where everything of the network diagram stands: columns of neurons, bias nodes, the curves between them; pure
 * geometry.
 */

import {firstUnits} from "../../maths/forward.js";

/**
 * A layer: centre `x`, `lanes` neurons side by side, `lines` one below the other, squares of `size` every `pitch`.
 * @typedef {{x: number, lanes: number, lines: number, size: number, pitch: number}} Column
 */
/** The constant input 1 of the next layer. @typedef {{x: number, y: number, size: number}} Bias */
/**
 * @typedef {object} Geometry
 * @property {number[]} sizes neurons per layer
 * @property {number[]} first unit of every layer
 * @property {Column[]} columns
 * @property {Float32Array} x centre of every unit
 * @property {Float32Array} y
 * @property {(Bias | null)[]} biases per layer that has a next one
 * @property {{x: number, y: number, side: number} | null} image the picture that takes the place of the first column:
 * left, top, side
 * @property {{x: number, y: number, width: number, height: number}} loss the loss node: left, middle, width, height
 * @property {number} bars room for bars to the right of the outputs
 * @property {number} width of the whole drawing
 * @property {number} height
 * @property {number} gap between columns
 * @property {number} scale size of type, 1 at 13 px
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

/** Least width of the loss node, px at the usual type. Large letters do not shrink where it is narrow. */
const LOSS = 74;
const LOSS_LARGE = 82;
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
function arrangeBelow(room) {
  const measures = measuresOf(room);
  const {sizes, ones, height, side} = measures;
  const columns = columnsOf(measures, room.inner ?? [1, sizes.length - 2]);
  const {gap, width, lossLeft} = spread(columns, measures, room.width);
  const first = firstUnits(sizes);
  const {x, y, biases} = place(columns, first, measures);
  const last = sizes.length - 1;
  return {
    sizes,
    first,
    columns,
    x,
    y,
    biases,
    gap,
    scale: room.scale,
    width,
    height,
    bars: measures.bars,
    image: side ? {x: columns[0].x - side / 2, y: height / 2 - side / 2 - (ones[0] ? 12 : 0), side} : null,
    loss: {x: lossLeft, y: (y[first[last]] + y[y.length - 1]) / 2, width: measures.loss, height: 90},
  };
}

/**
 * What follows from the room before any neuron is placed, in px.
 * @typedef {object} Measures
 * @property {number[]} sizes
 * @property {boolean[]} ones whether a layer has a bias node below it
 * @property {number} height
 * @property {number} scale
 * @property {number} edge left free at both sides
 * @property {number} left of the first column
 * @property {number} bars width of the outputs' bars
 * @property {number} loss width of the loss node
 * @property {number} room width of all columns with the gaps between them
 * @property {number} side of the picture that takes the place of the first column, 0 for none
 */

/** @param {Omit<Room, "crown">} room @returns {Measures} */
function measuresOf({sizes, bias, fixed = [], image, bars: hasBars, names, width, height, scale}) {
  const last = sizes.length - 1;
  const edge = 8 * scale;
  const left = edge + (image ? 0 : Math.min(names * scale, 0.14 * width * Math.min(scale, 1.3)));
  const loss = Math.round(clamp(0.18 * width, (scale > 1 ? LOSS_LARGE : LOSS) * scale, 122 * scale));
  const bars = hasBars ? Math.round(clamp(0.13 * width, 34 * scale, 92 * scale)) : 0;
  const room = width - left - edge - loss - bars - 20 * scale;
  return {
    sizes,
    ones: sizes.map((_, l) => bias && l < last && !fixed[l]),
    height,
    scale,
    edge,
    left,
    bars,
    loss,
    room,
    side: image ? Math.round(clamp(0.3 * room, 40, Math.min(168 * scale, 0.6 * height))) : 0,
  };
}

/**
 * Columns of squares as large as fit, not yet in their places.
 * @param {Measures} measures
 * @param {[number, number]} inner
 * @returns {Column[]}
 */
function columnsOf(measures, inner) {
  const {sizes, height, side} = measures;
  const columns = sizes.map((size, l) => fit(size, Math.ceil(size / Math.floor(height / SMALLEST - 1)), l, measures));
  if (side) columns[0] = {x: 0, lanes: 1, lines: 1, size: side, pitch: side / FILL};
  widen(columns, measures, inner);
  return columns;
}

/**
 * Put the columns side by side.
 * @param {Column[]} columns
 * @param {Measures} measures
 * @param {number} least width of the drawing
 * @returns {{gap: number, width: number, lossLeft: number}} between columns, of the whole drawing, of the loss node
 */
function spread(columns, {left, room, scale, bars, loss, edge}, least) {
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
  const width = Math.max(least, Math.ceil(left + whole + 20 * scale + bars + loss + edge));
  const output = columns[gaps];
  return {gap, width, lossLeft: spare ? output.x + breadth(output) / 2 + bars + 20 * scale : width - edge - loss};
}

/** @param {number} n @param {number} low @param {number} high */
export const clamp = (n, low, high) => Math.min(Math.max(n, low), high);

/** Width of a column from its first neuron's left side to its last one's right side. @param {Column} column */
export const breadth = ({lanes, size, pitch}) => (lanes - 1) * pitch + size;

/** Least distance of neighbouring columns. @param {Geometry} g */
export function pitchOf(g) {
  let least = Infinity;
  for (let l = 1; l < g.columns.length; l++) least = Math.min(least, g.columns[l].x - g.columns[l - 1].x);
  return least;
}

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
 * @param {number[]} first unit of every layer
 * @param {Measures} measures
 * @returns {{x: Float32Array, y: Float32Array, biases: (Bias | null)[]}}
 */
function place(columns, first, measures) {
  const {sizes, ones, height, side} = measures;
  const count = sizes.reduce((sum, size) => sum + size, 0);
  const x = new Float32Array(count);
  const y = new Float32Array(count);
  const biases = columns.map((column, l) => {
    if (side && l === 0) return placePixels(column, x, y, measures);
    const {lanes, lines, size, pitch} = column;
    const below = clamp(0.46 * size, 4, 20);
    const extent = (lines - 1) * pitch + size;
    const drop = ones[l] ? Math.min(BIAS_LINES * pitch, below + 10) : 0;
    const top = Math.max(0, (height - extent - drop) / 2) + size / 2;
    for (let j = 0; j < sizes[l]; j++) {
      x[first[l] + j] = column.x + (Math.floor(j / lines) - (lanes - 1) / 2) * pitch;
      y[first[l] + j] = top + (j % lines) * pitch;
    }
    const foot = top + extent - size / 2 + drop - below / 2;
    return ones[l] ? {x: column.x + ((lanes - 1) * pitch) / 2, y: foot, size: below} : null;
  });
  return {x, y, biases};
}

/**
 * The inputs that are a picture: one below the other along its right side.
 * @param {Column} column
 * @param {Float32Array} x
 * @param {Float32Array} y
 * @param {Measures} measures
 * @returns {Bias | null}
 */
function placePixels(column, x, y, {sizes, ones, height, side}) {
  for (let j = 0; j < sizes[0]; j++) {
    x[j] = column.x + side / 2;
    y[j] = height / 2 - (ones[0] ? 12 : 0) + ((j + 0.5) / sizes[0] - 0.5) * side;
  }
  return ones[0] ? {x: column.x, y: height / 2 + side / 2, size: 16} : null;
}
