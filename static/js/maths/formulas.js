// @ts-check
/** Formulas that the core serves as trees, reckoned: see core/ground/expressions.py. */

import {normal} from "./normal.js";

/** @typedef {import("../types").Tree} Tree */
/** @typedef {(name: string, j: number) => number} Values what a name comes to, of output j where it has one for each */

/** @type {Record<string, (...of: number[]) => number>} */
const SIGNS = {
  "+": (a, b) => a + b,
  "-": (a, b) => (b === undefined ? -a : a - b),
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "**": (a, b) => a ** b,
  "<": (a, b) => Number(a < b),
  "<=": (a, b) => Number(a <= b),
  ">": (a, b) => Number(a > b),
  ">=": (a, b) => Number(a >= b),
  sqrt: Math.sqrt,
  abs: Math.abs,
  sign: Math.sign,
  exp: Math.exp,
  ln: Math.log,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  max: Math.max,
  min: Math.min,
  normal,
};

/** What joins the numbers of all outputs. @type {Record<string, (all: number[]) => number>} */
const JOINS = {
  sum: all => all.reduce((sum, x) => sum + x, 0),
  mean: all => all.reduce((sum, x) => sum + x, 0) / all.length,
  largest: all => Math.max(...all),
};

/** Whether a sign joins the numbers of all outputs. @param {string} sign */
export const joins = sign => sign in JOINS;

/** A tree's sign and what it joins. @param {Tree} tree @returns {[string, Tree[]]} a leaf has no sign */
export function partsOf(tree) {
  if (!Array.isArray(tree)) return ["", []];
  const [sign, ...parts] = /** @type {[string, ...Tree[]]} */ (tree);
  return [sign, parts];
}

/**
 * What a tree comes to.
 * @param {Tree} tree
 * @param {Values} values
 * @param {number} [j] the output that it is reckoned of
 * @param {number} [count] of outputs
 * @returns {number}
 */
export function valueOf(tree, values, j = 0, count = 1) {
  if (typeof tree === "number") return tree;
  if (typeof tree === "string") return values(tree, j);
  const [sign, parts] = partsOf(tree);
  if (joins(sign)) return JOINS[sign](Array.from({length: count}, (_, k) => valueOf(parts[0], values, k, count)));
  const of = (/** @type {Tree} */ part) => valueOf(part, values, j, count);
  if (sign === "if") return of(of(parts[0]) ? parts[1] : parts[2]);
  return SIGNS[sign](...parts.map(of));
}

/**
 * A tree of one number as a function of it, for many numbers: no tree is walked again.
 * @param {Tree} tree
 * @param {string} name of the number
 * @param {Record<string, number>} constants
 * @returns {(x: number) => number}
 */
export function compiled(tree, name, constants) {
  if (typeof tree === "number") return () => tree;
  if (typeof tree === "string") {
    const constant = constants[tree];
    return tree === name ? x => x : () => constant;
  }
  const [sign, parts] = partsOf(tree);
  const [one, other, third] = parts.map(part => compiled(part, name, constants));
  const f = SIGNS[sign];
  if (sign === "if") return x => (one(x) ? other(x) : third(x));
  return other ? x => f(one(x), other(x)) : x => f(one(x));
}
