// @ts-check
/**
 * The classic landscapes as small computation graphs: x and y, two or three parts, and f. Pure; the same functions as
 * core/landscapes/functions.py, checked against its numbers.
 */

const {PI, cos, exp, sin, sqrt} = Math;
const TURN = 2 * PI;

/**
 * A quantity between the parameters and f.
 * @typedef {object} Part
 * @property {string} name
 * @property {string} text its formula
 * @property {(x: number, y: number) => number} f
 * @property {((x: number, y: number) => number) | null} dx its slope along x; null where it does not depend on x
 * @property {((x: number, y: number) => number) | null} dy
 */

/**
 * A landscape.
 * @typedef {object} Graph
 * @property {string} text the whole formula
 * @property {string} sum how f is made of the parts
 * @property {Part[]} parts
 * @property {(...parts: number[]) => number} f
 * @property {(...parts: number[]) => number[]} slopes ∂f/∂part of each
 */

/** @type {Part} */
const squareX = {name: "u", text: "x²", f: x => x * x, dx: x => 2 * x, dy: null};
/** @type {Part} */
const squareY = {name: "v", text: "y²", f: (_, y) => y * y, dx: null, dy: (_, y) => 2 * y};
const ripple = (/** @type {number} */ a) => a * a - 10 * cos(TURN * a);
const rippleSlope = (/** @type {number} */ a) => 2 * a + 10 * TURN * sin(TURN * a);
const double = (/** @type {number} */ a) => a ** 4 - 16 * a * a + 5 * a;
const doubleSlope = (/** @type {number} */ a) => 4 * a ** 3 - 32 * a + 5;
const radius = (/** @type {number} */ x, /** @type {number} */ y) => sqrt((x * x + y * y) / 2);
const along = (/** @type {number} */ a, /** @type {number} */ r) => (r > 0 ? a / (2 * r) : 0);
const squares = (/** @type {number[]} */ ...parts) => parts.reduce((sum, u) => sum + u * u, 0);
const twice = (/** @type {number[]} */ ...parts) => parts.map(u => 2 * u);

/** @type {Record<string, Graph>} */
export const GRAPHS = {
  bowl: {
    text: "½x² + ½y²",
    sum: "½u + ½v",
    parts: [squareX, squareY],
    f: (u, v) => (u + v) / 2,
    slopes: () => [0.5, 0.5],
  },
  valley: {
    text: "½x² + 12.5y²",
    sum: "½u + 12.5v",
    parts: [squareX, squareY],
    f: (u, v) => (u + 25 * v) / 2,
    slopes: () => [0.5, 12.5],
  },
  saddle: {text: "x² − y²", sum: "u − v", parts: [squareX, squareY], f: (u, v) => u - v, slopes: () => [1, -1]},
  monkey_saddle: {
    text: "x³ − 3xy²",
    sum: "u − 3v",
    parts: [
      {name: "u", text: "x³", f: x => x ** 3, dx: x => 3 * x * x, dy: null},
      {name: "v", text: "xy²", f: (x, y) => x * y * y, dx: (_, y) => y * y, dy: (x, y) => 2 * x * y},
    ],
    f: (u, v) => u - 3 * v,
    slopes: () => [1, -3],
  },
  rosenbrock: {
    text: "(1 − x)² + 100(y − x²)²",
    sum: "u² + 100v²",
    parts: [
      {name: "u", text: "1 − x", f: x => 1 - x, dx: () => -1, dy: null},
      {name: "v", text: "y − x²", f: (x, y) => y - x * x, dx: x => -2 * x, dy: () => 1},
    ],
    f: (u, v) => u * u + 100 * v * v,
    slopes: (u, v) => [2 * u, 200 * v],
  },
  beale: {
    text: "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    sum: "u² + v² + w²",
    parts: [
      {name: "u", text: "1.5 − x + xy", f: (x, y) => 1.5 - x + x * y, dx: (_, y) => y - 1, dy: x => x},
      {
        name: "v",
        text: "2.25 − x + xy²",
        f: (x, y) => 2.25 - x + x * y * y,
        dx: (_, y) => y * y - 1,
        dy: (x, y) => 2 * x * y,
      },
      {
        name: "w",
        text: "2.625 − x + xy³",
        f: (x, y) => 2.625 - x + x * y ** 3,
        dx: (_, y) => y ** 3 - 1,
        dy: (x, y) => 3 * x * y * y,
      },
    ],
    f: squares,
    slopes: twice,
  },
  booth: {
    text: "(x + 2y − 7)² + (2x + y − 5)²",
    sum: "u² + v²",
    parts: [
      {name: "u", text: "x + 2y − 7", f: (x, y) => x + 2 * y - 7, dx: () => 1, dy: () => 2},
      {name: "v", text: "2x + y − 5", f: (x, y) => 2 * x + y - 5, dx: () => 2, dy: () => 1},
    ],
    f: squares,
    slopes: twice,
  },
  himmelblau: {
    text: "(x² + y − 11)² + (x + y² − 7)²",
    sum: "u² + v²",
    parts: [
      {name: "u", text: "x² + y − 11", f: (x, y) => x * x + y - 11, dx: x => 2 * x, dy: () => 1},
      {name: "v", text: "x + y² − 7", f: (x, y) => x + y * y - 7, dx: () => 1, dy: (_, y) => 2 * y},
    ],
    f: squares,
    slopes: twice,
  },
  rastrigin: {
    text: "20 + x² + y² − 10(cos 2πx + cos 2πy)",
    sum: "20 + u + v",
    parts: [
      {name: "u", text: "x² − 10 cos 2πx", f: x => ripple(x), dx: x => rippleSlope(x), dy: null},
      {name: "v", text: "y² − 10 cos 2πy", f: (_, y) => ripple(y), dx: null, dy: (_, y) => rippleSlope(y)},
    ],
    f: (u, v) => 20 + u + v,
    slopes: () => [1, 1],
  },
  ackley: {
    text: "20 + e − 20 exp(−0.2√(½x² + ½y²)) − exp(½ cos 2πx + ½ cos 2πy)",
    sum: "20 + e − 20 exp(−0.2u) − exp(v)",
    parts: [
      {
        name: "u",
        text: "√(½x² + ½y²)",
        f: radius,
        dx: (x, y) => along(x, radius(x, y)),
        dy: (x, y) => along(y, radius(x, y)),
      },
      {
        name: "v",
        text: "½ cos 2πx + ½ cos 2πy",
        f: (x, y) => (cos(TURN * x) + cos(TURN * y)) / 2,
        dx: x => -PI * sin(TURN * x),
        dy: (_, y) => -PI * sin(TURN * y),
      },
    ],
    f: (u, v) => -20 * Math.expm1(-0.2 * u) - exp(v) + Math.E,
    slopes: (u, v) => [4 * exp(-0.2 * u), -exp(v)],
  },
  three_hump_camel: {
    text: "2x² − 1.05x⁴ + ⅙x⁶ + xy + y²",
    sum: "u + v + w",
    parts: [
      {
        name: "u",
        text: "2x² − 1.05x⁴ + ⅙x⁶",
        f: x => 2 * x * x - 1.05 * x ** 4 + x ** 6 / 6,
        dx: x => 4 * x - 4.2 * x ** 3 + x ** 5,
        dy: null,
      },
      {name: "v", text: "xy", f: (x, y) => x * y, dx: (_, y) => y, dy: x => x},
      {...squareY, name: "w"},
    ],
    f: (u, v, w) => u + v + w,
    slopes: () => [1, 1, 1],
  },
  styblinski_tang: {
    text: "½(x⁴ − 16x² + 5x) + ½(y⁴ − 16y² + 5y)",
    sum: "½u + ½v",
    parts: [
      {name: "u", text: "x⁴ − 16x² + 5x", f: x => double(x), dx: x => doubleSlope(x), dy: null},
      {name: "v", text: "y⁴ − 16y² + 5y", f: (_, y) => double(y), dx: null, dy: (_, y) => doubleSlope(y)},
    ],
    f: (u, v) => (u + v) / 2,
    slopes: () => [0.5, 0.5],
  },
};

/** The value of a landscape. @param {string} name @param {number} x @param {number} y @returns {number} */
export function valueOf(name, x, y) {
  const {parts, f} = GRAPHS[name];
  return f(...parts.map(p => p.f(x, y)));
}

/**
 * What the passes through a graph find: of each part its value, ∂f/∂part and its own slopes; the gradient adds up what
 * comes through the parts.
 * @typedef {object} Passes
 * @property {number} value of f
 * @property {{value: number, slope: number, dx: number | null, dy: number | null}[]} parts
 * @property {[number, number]} gradient
 */

/**
 * Forward and backward through the graph.
 * @param {string} name
 * @param {number} x
 * @param {number} y
 * @returns {Passes}
 */
export function passThrough(name, x, y) {
  const graph = GRAPHS[name];
  const values = graph.parts.map(p => p.f(x, y));
  const slopes = graph.slopes(...values);
  const parts = graph.parts.map((p, k) => ({
    value: values[k],
    slope: slopes[k],
    dx: p.dx?.(x, y) ?? null,
    dy: p.dy?.(x, y) ?? null,
  }));
  const through = (/** @type {"dx" | "dy"} */ way) => parts.reduce((sum, p) => sum + p.slope * (p[way] ?? 0), 0);
  return {value: graph.f(...values), parts, gradient: [through("dx"), through("dy")]};
}

/**
 * The known minimum nearest to a point, and how far it is.
 * @param {number[][]} minima
 * @param {number} x
 * @param {number} y
 * @returns {{x: number, y: number, distance: number} | null} */
export function nearest(minima, x, y) {
  let found = null;
  for (const [a, b] of minima) {
    const distance = Math.hypot(a - x, b - y);
    if (!found || distance < found.distance) found = {x: a, y: b, distance};
  }
  return found;
}
