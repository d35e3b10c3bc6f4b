// @ts-check
/** Served formulas of activations and losses made ready to be printed: what is left of them at a sample. Pure. */

import {joins, partsOf, valueOf} from "../../maths/formulas.js";

/** @typedef {import("../../types").Tree} Tree */
/** @typedef {import("../../maths/formulas.js").Values} Values */
/**
 * What a formula is taken at.
 * @typedef {object} Place
 * @property {Values} values
 * @property {number} j the output
 * @property {number} count of outputs
 */

/**
 * A formula in which the case that holds stands alone, one output is joined with nothing, and a mean is a share of a
 * sum.
 * @param {Tree} tree
 * @param {Place} place
 * @returns {Tree}
 */
export function settled(tree, {values, j, count}) {
  const place = {values, j, count};
  if (tree === "outputs") return count;
  if (!Array.isArray(tree)) return tree;
  const [sign, parts] = partsOf(tree);
  const within = (/** @type {Tree} */ part) => settled(part, place);
  if (joins(sign)) {
    if (count === 1) return within(parts[0]);
    return sign === "mean" ? ["*", ["/", 1, count], ["sum", parts[0]]] : tree;
  }
  if (sign === "if") return within(valueOf(parts[0], values, j, count) ? parts[1] : parts[2]);
  const [left, right] = parts.map(within);
  if (sign === "/" && right === 1) return left;
  return right === undefined ? [sign, left] : [sign, left, right];
}

/**
 * A settled formula with a single number in the place of each sum.
 * @param {Tree} tree
 * @param {Place} place
 * @returns {{tree: Tree, sums: Record<string, number>}} sums by the names that stand for them
 */
export function summed(tree, {values, j, count}) {
  /** @type {Record<string, number>} */
  const sums = {};
  /** @param {Tree} part @returns {Tree} */
  const within = part => {
    if (!Array.isArray(part)) return part;
    const [sign, parts] = partsOf(part);
    if (!joins(sign)) return [sign, ...parts.map(within)];
    const name = `∑${Object.keys(sums).length}`;
    sums[name] = valueOf(part, values, j, count);
    return name;
  };
  return {tree: within(tree), sums};
}

/**
 * A formula over outputs as one without sums, where no more than one term is left of each: what a target of 0 takes
 * with it, and the factor 1 that another target makes, are not written. Names of outputs end in @ and their number.
 * @param {Tree} tree
 * @param {Place} place
 * @param {string[]} own names that each output has one of
 * @param {string} target that is a factor
 * @returns {Tree | null} null where more terms are left
 */
export function expanded(tree, place, own, target) {
  if (!Array.isArray(tree)) return tree;
  const {values, count} = place;
  const [sign, parts] = partsOf(tree);
  if (!joins(sign)) {
    const made = parts.map(part => expanded(part, place, own, target));
    return made.includes(null) ? null : [sign, .../** @type {Tree[]} */ (made)];
  }
  const known = (/** @type {Tree} */ part) => constant(part, values, target);
  const terms = Array.from({length: count}, (_, j) => {
    const chosen = settled(parts[0], {values, j, count: 1});
    return withoutNothing(indexed(chosen, j, own), known);
  });
  const left = terms.filter(term => term !== 0);
  return left.length > 1 || sign === "largest" ? null : (left[0] ?? 0);
}

/** @param {Tree} tree @param {number} j @param {string[]} own @returns {Tree} */
function indexed(tree, j, own) {
  if (typeof tree === "string") return own.includes(tree) ? `${tree}@${j}` : tree;
  if (!Array.isArray(tree)) return tree;
  const [sign, parts] = partsOf(tree);
  return [sign, ...parts.map(part => indexed(part, j, own))];
}

/** What a tree of numbers and targets comes to; NaN of others. @param {Tree} tree @param {Values} values
 * @param {string} target @returns {number} */
function constant(tree, values, target) {
  return valueOf(tree, name => (name.startsWith(`${target}@`) ? values(name, 0) : NaN));
}

/** A tree without products with 0 and factors of 1. @param {Tree} tree @param {(part: Tree) => number} known
 * @returns {Tree} */
function withoutNothing(tree, known) {
  if (!Array.isArray(tree)) return tree;
  const [sign, parts] = partsOf(tree);
  const [left, right] = parts.map(part => withoutNothing(part, known));
  if (sign === "*") {
    if (known(left) === 0 || known(right) === 0) return 0;
    if (known(left) === 1) return right;
    return known(right) === 1 ? left : [sign, left, right];
  }
  if (sign === "+" && left === 0) return right;
  if ((sign === "+" || sign === "-") && right === 0) return left;
  return right === undefined ? [sign, left] : [sign, left, right];
}

/** Whether no logarithm in a tree is one of 0. @param {Tree} tree @param {Values} values
 * @returns {boolean} */
export function hasLogarithms(tree, values) {
  const [sign, parts] = partsOf(tree);
  if (sign === "ln" && valueOf(parts[0], values) === 0) return false;
  return parts.every(part => hasLogarithms(part, values));
}
