// @ts-check
/** Equal-loss lines: which losses to draw, and where they run (marching squares, joined to polylines). Pure. */

import {ticks} from "../../draw/plot.js";

/** @typedef {import("./field.js").Scale} Scale */

/** Losses for equal-loss lines inside the scale: spaced evenly in the logarithm at 1, 2, 5 where losses are positive
 * and differ by more than a factor of three, else evenly; about `count`, ascending, ends left out.
 * @param {Scale} scale @param {number} count @returns {number[]} */
export function levelsOf({low, high}, count) {
  const inside = (/** @type {number[]} */ values) => values.filter(value => value > low && value < high);
  if (!(low > 0) || high / low < 3) return inside(ticks(low, high, count));
  const span = Math.log10(high) - Math.log10(low);
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const ladder = [[1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8], [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].find(
    mantissas => mantissas.length * span <= count * 1.2,
  ) ?? [1];
  const stride = ladder.length > 1 ? 1 : Math.max(1, Math.ceil(span / count));
  const values = [];
  for (let n = first; n <= last; n += stride)
    for (const mantissa of ladder) values.push(+(mantissa * 10 ** n).toPrecision(3));
  return inside(values);
}

/** Where the values equal `level`: polylines of grid coordinates, flat (u, v, u, v, …); a closed one ends where it
 * begins. Cells with a corner that is no number are left out, saddles are decided by the mean of their corners.
 * @param {Float32Array} values (n, n) row-major @param {number} n @param {number} level @returns {Float32Array[]} */
export function isolines(values, n, level) {
  const links = new Map();
  const link = (/** @type {number} */ a, /** @type {number} */ b) => {
    (links.get(a) ?? links.set(a, []).get(a)).push(b);
    (links.get(b) ?? links.set(b, []).get(b)).push(a);
  };
  for (let i = 0; i < n - 1; i++) {
    for (let j = 0; j < n - 1; j++) cell(values, n, level, i * n + j, link);
  }
  return joined(links, edge => crossing(values, n, level, edge));
}

/** The sides of a cell. */
const [SOUTH, EAST, NORTH, WEST] = [0, 1, 2, 3];
/**
 * Which two sides a line crosses, by the corners that lie above it: south-west 1, south-east 2, north-east 4,
 * north-west 8. None where all agree; opposite corners are a saddle with two lines.
 * @type {([number, number] | null)[]}
 */
const CROSSED = [
  null,
  [SOUTH, WEST],
  [SOUTH, EAST],
  [WEST, EAST],
  [NORTH, EAST],
  null,
  [SOUTH, NORTH],
  [NORTH, WEST],
  [NORTH, WEST],
  [SOUTH, NORTH],
  null,
  [NORTH, EAST],
  [WEST, EAST],
  [SOUTH, EAST],
  [SOUTH, WEST],
  null,
];

/** An edge is named by the grid point it starts from: twice its index eastward, twice plus one northward.
 * @param {number} k south-west corner of the cell @param {number} n @param {number} side */
function edgeOf(k, n, side) {
  if (side === SOUTH) return 2 * k;
  if (side === NORTH) return 2 * (k + n);
  return side === WEST ? 2 * k + 1 : 2 * (k + 1) + 1;
}

/**
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} level
 * @param {number} k south-west corner
 * @param {(a: number, b: number) => void} link
 */
function cell(values, n, level, k, link) {
  const a = values[k];
  const b = values[k + 1];
  const c = values[k + n];
  const d = values[k + n + 1];
  const above = (a >= level ? 1 : 0) | (b >= level ? 2 : 0) | (d >= level ? 4 : 0) | (c >= level ? 8 : 0);
  if (above === 0 || above === 15 || !Number.isFinite(a + b + c + d)) return;
  const sides = CROSSED[above];
  if (sides) {
    link(edgeOf(k, n, sides[0]), edgeOf(k, n, sides[1]));
    return;
  }
  const joinsSouthWest = (a + b + c + d) / 4 >= level ? above === 10 : above === 5;
  link(edgeOf(k, n, SOUTH), edgeOf(k, n, joinsSouthWest ? WEST : EAST));
  link(edgeOf(k, n, NORTH), edgeOf(k, n, joinsSouthWest ? EAST : WEST));
}

/**
 * @param {Float32Array} values
 * @param {number} n
 * @param {number} level
 * @param {number} edge
 * @returns {[number, number]}
 */
function crossing(values, n, level, edge) {
  const k = edge >> 1;
  const other = edge & 1 ? k + n : k + 1;
  const share = (level - values[k]) / (values[other] - values[k]);
  const u = k % n;
  const v = Math.floor(k / n);
  return edge & 1 ? [u, v + share] : [u + share, v];
}

/**
 * Links joined to polylines, open ones first.
 * @param {Map<number, number[]>} links
 * @param {(edge: number) => [number, number]} where
 */
function joined(links, where) {
  /** @type {Float32Array[]} */
  const lines = [];
  const follow = (/** @type {number} */ start) => {
    const points = [...where(start)];
    for (let here = start, next = links.get(start)?.[0]; next !== undefined;) {
      take(links, here, next);
      points.push(...where(next));
      here = next;
      next = links.get(here)?.[0];
    }
    lines.push(Float32Array.from(points));
  };
  for (const [edge, neighbours] of links) if (neighbours.length === 1) follow(edge);
  for (const [edge, neighbours] of links) if (neighbours.length > 0) follow(edge);
  return lines;
}

/** Use up a link, in both directions. @param {Map<number, number[]>} links @param {number} a @param {number} b */
function take(links, a, b) {
  for (const [from, to] of [
    [a, b],
    [b, a],
  ]) {
    const neighbours = links.get(from) ?? [];
    neighbours.splice(neighbours.indexOf(to), 1);
  }
}
