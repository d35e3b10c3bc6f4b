// @ts-check
/**
 * The computation graph of a landscape as shapes: boxes for x, y, the parts and f in three columns, curves between
 * them, and what flows along each curve. Pure.
 */

import {passThrough} from "../../maths/landscapes.js";

/** @typedef {import("../../maths/landscapes.js").Graph} Graph */
/** @typedef {import("../../maths/landscapes.js").Passes} Passes */
/**
 * From a parameter (0, 1) to a part, or from a part to f (−1).
 * @typedef {{from: number, to: number}} Edge
 */
/** Left and width of a box, and the height of its middle. @typedef {{left: number, width: number, y: number}} Place */
/**
 * An edge as the data of an SVG path, where its factor stands, and between which boxes.
 * @typedef {{d: string, x: number, y: number, between: [number, number]}} Curve
 */

export const NAMES = /** @type {const} */ (["x", "y"]);

/** Below this width of the stage, in px, boxes are narrow; else as wide as this, at the usual type. */
const NARROW = 460;
const [NARROW_BOXES, BOXES] = [
  [82, 120, 82],
  [138, 172, 204],
];
/** What boxes leave to both gaps and the edges where they grow with the letters, px. */
const GAPS = 128;
/** Less room than this, in px, is none. */
const LEAST = 40;

/** What the boxes are called: x, y, the parts, f. @param {Graph} graph */
export const labelsOf = ({parts}) => [...NAMES, ...parts.map(part => part.name), "f"];

/** Who depends on whom. @param {Graph} graph @returns {Edge[]} */
export const edgesOf = ({parts}) =>
  parts.flatMap(({dx, dy}, k) => [
    ...(dx ? [{from: 0, to: k}] : []),
    ...(dy ? [{from: 1, to: k}] : []),
    {from: k, to: -1},
  ]);

/** The derivative that an edge carries. @param {Graph} graph @param {Edge} edge */
export const derivativeOf = ({parts}, {from, to}) =>
  to < 0 ? `∂f/∂${parts[from].name}` : `∂${parts[to].name}/∂${NAMES[from]}`;

/**
 * Places of the boxes of a graph with `parts` parts, and the curves between them.
 * @param {number} parts
 * @param {Edge[]} edges
 * @param {number} width of the stage in px
 * @param {number} height
 * @param {number} [scale] size of type, 1 at 13 px
 * @returns {{places: Place[], curves: Curve[]} | null} null where there is no room
 */
export function arrange(parts, edges, width, height, scale = 1) {
  if (width < LEAST || height < LEAST) return null;
  const places = placesOf(parts, width, height, scale);
  return {places, curves: edges.map(edge => curveOf(edge, parts, places))};
}

/** @param {number} parts @param {number} width @param {number} height @param {number} scale @returns {Place[]} */
function placesOf(parts, width, height, scale) {
  const usual = BOXES[0] + BOXES[1] + BOXES[2];
  const grown = Math.max(1, Math.min(scale, (width - GAPS) / usual));
  const wide = width < NARROW ? NARROW_BOXES : BOXES.map(box => box * grown);
  const gap = (width - wide[0] - wide[1] - wide[2] - 8) / 2;
  const lefts = [4, 4 + wide[0] + gap, 4 + wide[0] + wide[1] + 2 * gap];
  /** The k-th of n boxes one below the other. @param {number} column @param {number} n @param {number} k */
  const place = (column, n, k) => ({left: lefts[column], width: wide[column], y: (height * (k + 0.5)) / n});
  return [
    ...NAMES.map((_, k) => place(0, NAMES.length, k)),
    ...Array.from({length: parts}, (_, k) => place(1, parts, k)),
    place(2, 1, 0),
  ];
}

/** @param {Edge} edge @param {number} parts @param {Place[]} places @returns {Curve} */
function curveOf({from, to}, parts, places) {
  const intoF = to < 0;
  const start = places[intoF ? from + NAMES.length : from];
  const end = places[intoF ? places.length - 1 : to + NAMES.length];
  const x0 = start.left + start.width;
  const x1 = end.left;
  const y0 = start.y;
  const y1 = end.y + (intoF ? (from - (parts - 1) / 2) * 14 : (from - 0.5) * 16);
  const bend = (x1 - x0) * 0.45;
  const share = intoF ? 0.5 : 0.72;
  return {
    d: `M${x0} ${y0}C${x0 + bend} ${y0} ${x1 - bend} ${y1} ${x1} ${y1}`,
    x: bezier(x0, x0 + bend, x1 - bend, x1, share),
    y: bezier(y0, y0, y1, y1, share),
    between: [x0, x1],
  };
}

/** How far a factor may reach over the boxes that it stands between, px. */
export const OVER = 9;

/**
 * Where the middle of a factor stands that is so wide; null where it would lie on what the boxes say.
 * @param {Pick<Curve, "x" | "between">} curve @param {number} wide px
 */
export function middleOf({x, between: [left, right]}, wide) {
  const [least, most] = [left - OVER + wide / 2, right + OVER - wide / 2];
  return least > most ? null : Math.min(most, Math.max(least, x));
}

/**
 * A coordinate of a cubic Bézier curve at the share `s` of its parameter.
 * @param {number} p0 @param {number} p1 @param {number} p2 @param {number} p3 @param {number} s
 */
function bezier(p0, p1, p2, p3, s) {
  const q = 1 - s;
  return q ** 3 * p0 + 3 * q * q * s * p1 + 3 * q * s * s * p2 + s ** 3 * p3;
}

/**
 * The numbers of all boxes and edges at a point.
 * @param {string} name of the landscape
 * @param {Edge[]} edges
 * @param {number} x
 * @param {number} y
 */
export function numbersAt(name, edges, x, y) {
  const found = passThrough(name, x, y);
  return {
    values: [x, y, ...found.parts.map(part => part.value), found.value],
    slopes: [...found.gradient, ...found.parts.map(part => part.slope), 1],
    flows: flowsOf(found, edges),
    value: found.value,
  };
}

/**
 * What each edge multiplies with and its sign, and the share 0…1 of the largest ∂f that comes back through it.
 * @param {Passes} found
 * @param {Edge[]} edges
 * @returns {{factor: number, share: number, sign: "negative" | "positive" | "zero"}[]}
 */
function flowsOf({parts}, edges) {
  const factors = edges.map(({from, to}) =>
    to < 0 ? parts[from].slope : /** @type {number} */ (parts[to][from ? "dy" : "dx"]),
  );
  const backward = edges.map(({to}, k) => (to < 0 ? factors[k] : factors[k] * parts[to].slope));
  const most = Math.max(...backward.map(Math.abs).filter(Number.isFinite), 1e-300);
  return backward.map((flow, k) => ({
    factor: factors[k],
    share: Math.min(1, Math.abs(flow) / most) || 0,
    sign: factors[k] < 0 ? "negative" : factors[k] > 0 ? "positive" : "zero",
  }));
}
