// @ts-check
/**
 * The classic landscapes as small computation graphs: x and y, two or three parts, and f. Pure; the same functions as
 * core/landscapes/functions.py,
 * checked against its numbers. */

const {PI, cos, exp, sin, sqrt} = Math;
const TURN = 2 * PI;

/** A quantity between the parameters and f, with its slopes along x and y; null where it does not depend on one.
 * @typedef {{name: string, text: string, f: (x: number, y: number) => number, dx: ((x: number, y: number) => number) |
 * null, dy: ((x: number, y: number) => number) | null}} Part
 */

/** `text` is the whole formula, `sum` how f is made of the parts; `slopes` are ∂f/∂part.
 * @typedef {{text: string, sum: string, parts: Part[], f: (...parts: number[]) => number, slopes: (...parts: number[])
 * => number[]}} Graph
 */

/**
 * @param {string} name
 * @param {string} text
 * @param {Part["f"]} f
 * @param {Part["dx"]} dx
 * @param {Part["dy"]} dy
 * @returns {Part}
 */
const part = (name, text, f, dx, dy) => ({name, text, f, dx, dy});

const squareX = part(
  "u",
  "x²",
  x => x * x,
  x => 2 * x,
  null,
);
const squareY = part(
  "v",
  "y²",
  (_, y) => y * y,
  null,
  (_, y) => 2 * y,
);
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
      part(
        "u",
        "x³",
        x => x ** 3,
        x => 3 * x * x,
        null,
      ),
      part(
        "v",
        "xy²",
        (x, y) => x * y * y,
        (_, y) => y * y,
        (x, y) => 2 * x * y,
      ),
    ],
    f: (u, v) => u - 3 * v,
    slopes: () => [1, -3],
  },
  rosenbrock: {
    text: "(1 − x)² + 100(y − x²)²",
    sum: "u² + 100v²",
    parts: [
      part(
        "u",
        "1 − x",
        x => 1 - x,
        () => -1,
        null,
      ),
      part(
        "v",
        "y − x²",
        (x, y) => y - x * x,
        x => -2 * x,
        () => 1,
      ),
    ],
    f: (u, v) => u * u + 100 * v * v,
    slopes: (u, v) => [2 * u, 200 * v],
  },
  beale: {
    text: "(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
    sum: "u² + v² + w²",
    parts: [
      part(
        "u",
        "1.5 − x + xy",
        (x, y) => 1.5 - x + x * y,
        (_, y) => y - 1,
        x => x,
      ),
      part(
        "v",
        "2.25 − x + xy²",
        (x, y) => 2.25 - x + x * y * y,
        (_, y) => y * y - 1,
        (x, y) => 2 * x * y,
      ),
      part(
        "w",
        "2.625 − x + xy³",
        (x, y) => 2.625 - x + x * y ** 3,
        (_, y) => y ** 3 - 1,
        (x, y) => 3 * x * y * y,
      ),
    ],
    f: squares,
    slopes: twice,
  },
  booth: {
    text: "(x + 2y − 7)² + (2x + y − 5)²",
    sum: "u² + v²",
    parts: [
      part(
        "u",
        "x + 2y − 7",
        (x, y) => x + 2 * y - 7,
        () => 1,
        () => 2,
      ),
      part(
        "v",
        "2x + y − 5",
        (x, y) => 2 * x + y - 5,
        () => 2,
        () => 1,
      ),
    ],
    f: squares,
    slopes: twice,
  },
  himmelblau: {
    text: "(x² + y − 11)² + (x + y² − 7)²",
    sum: "u² + v²",
    parts: [
      part(
        "u",
        "x² + y − 11",
        (x, y) => x * x + y - 11,
        x => 2 * x,
        () => 1,
      ),
      part(
        "v",
        "x + y² − 7",
        (x, y) => x + y * y - 7,
        () => 1,
        (_, y) => 2 * y,
      ),
    ],
    f: squares,
    slopes: twice,
  },
  rastrigin: {
    text: "20 + x² + y² − 10(cos 2πx + cos 2πy)",
    sum: "20 + u + v",
    parts: [
      part(
        "u",
        "x² − 10 cos 2πx",
        x => ripple(x),
        x => rippleSlope(x),
        null,
      ),
      part(
        "v",
        "y² − 10 cos 2πy",
        (_, y) => ripple(y),
        null,
        (_, y) => rippleSlope(y),
      ),
    ],
    f: (u, v) => 20 + u + v,
    slopes: () => [1, 1],
  },
  ackley: {
    text: "20 + e − 20 exp(−0.2√(½x² + ½y²)) − exp(½ cos 2πx + ½ cos 2πy)",
    sum: "20 + e − 20 exp(−0.2u) − exp(v)",
    parts: [
      part(
        "u",
        "√(½x² + ½y²)",
        radius,
        (x, y) => along(x, radius(x, y)),
        (x, y) => along(y, radius(x, y)),
      ),
      part(
        "v",
        "½ cos 2πx + ½ cos 2πy",
        (x, y) => (cos(TURN * x) + cos(TURN * y)) / 2,
        x => -PI * sin(TURN * x),
        (_, y) => -PI * sin(TURN * y),
      ),
    ],
    f: (u, v) => -20 * Math.expm1(-0.2 * u) - exp(v) + Math.E,
    slopes: (u, v) => [4 * exp(-0.2 * u), -exp(v)],
  },
  three_hump_camel: {
    text: "2x² − 1.05x⁴ + ⅙x⁶ + xy + y²",
    sum: "u + v + w",
    parts: [
      part(
        "u",
        "2x² − 1.05x⁴ + ⅙x⁶",
        x => 2 * x * x - 1.05 * x ** 4 + x ** 6 / 6,
        x => 4 * x - 4.2 * x ** 3 + x ** 5,
        null,
      ),
      part(
        "v",
        "xy",
        (x, y) => x * y,
        (_, y) => y,
        x => x,
      ),
      {...squareY, name: "w"},
    ],
    f: (u, v, w) => u + v + w,
    slopes: () => [1, 1, 1],
  },
  styblinski_tang: {
    text: "½(x⁴ − 16x² + 5x) + ½(y⁴ − 16y² + 5y)",
    sum: "½u + ½v",
    parts: [
      part(
        "u",
        "x⁴ − 16x² + 5x",
        x => double(x),
        x => doubleSlope(x),
        null,
      ),
      part(
        "v",
        "y⁴ − 16y² + 5y",
        (_, y) => double(y),
        null,
        (_, y) => doubleSlope(y),
      ),
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

/** Forward and backward through the graph.
 * @param {string} name @param {number} x @param {number} y
 * @returns {{value: number, parts: {value: number, slope: number, dx: number | null, dy: number | null}[], gradient:
 * [number, number]}}
 *   of each part its value, ∂f/∂part and its own slopes; the gradient adds up what comes through the parts */
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
