// @ts-check
/** Paths that can be read again: what a Path2D was made of is not told by the browser. */

/** @typedef {[name: "moveTo" | "lineTo" | "bezierCurveTo" | "rect" | "roundRect", ...numbers: number[]]} Call */

/** @type {WeakMap<Path2D, Call[]>} */
const traces = new WeakMap();

/** A path made of these calls. @param {Call[]} calls */
export function traced(calls) {
  const path = new Path2D();
  for (const [name, ...numbers] of calls) /** @type {any} */ (path)[name](...numbers);
  traces.set(path, calls);
  return path;
}

/** What a path was made of. @param {Path2D} path @returns {Call[]} */
export const callsOf = path => traces.get(path) ?? [];
