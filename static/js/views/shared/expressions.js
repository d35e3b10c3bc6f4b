// @ts-check
/** Formulas that the core serves as trees, as MathML: with symbols, or with anything else in their places. */

import {asGiven} from "../../draw/format.js";
import {joins} from "../../maths/formulas.js";
import {m} from "./symbols.js";

/** @typedef {import("../../types").Tree} Tree */
/** @typedef {import("../../types").UpdateRule} UpdateRule */
/** @typedef {(name: string, index?: string) => Element} Leaf what stands in the place of a name; within a sum with the
 * letter that counts its terms */

const op = (/** @type {string} */ text) => m("mo", text);
const row = (/** @type {Element[]} */ ...parts) => m("mrow", ...parts);
const bracketed = (/** @type {Element[]} */ ...inside) => row(op("("), ...inside, op(")"));

/** How signs that compare are written, and which of them holds where one does not. */
/** @type {Record<string, [string, string]>} */
const COMPARED = {"<": ["<", "≥"], "<=": ["≤", ">"], ">": [">", "≤"], ">=": ["≥", "<"]};

/** How tightly a sign binds: what is looser than its surroundings stands in brackets. */
const SUM = 1;
const PRODUCT = 2;
const POWER = 3;
const WHOLE = 4;

/** @param {Tree} tree */
function tightness(tree) {
  if (!Array.isArray(tree)) return WHOLE;
  const [sign] = tree;
  if (sign === "+" || sign === "-") return SUM;
  if (sign === "*" || sign === "/" || sign === "sum") return PRODUCT;
  return sign === "**" || sign === "exp" ? POWER : WHOLE;
}

/** The names in a tree, each once. @param {Tree} tree @returns {string[]} */
export function namesIn(tree) {
  if (!Array.isArray(tree)) return typeof tree === "string" ? [tree] : [];
  return [...new Set(tree.slice(1).flatMap(part => namesIn(part)))];
}

/** How many names and numbers a tree is written with. @param {Tree} tree @returns {number} */
export function lengthOf(tree) {
  if (!Array.isArray(tree)) return 1;
  let length = 0;
  for (const part of tree.slice(1)) length += lengthOf(part);
  return length;
}

/** What a sum adds, with the signs between them. @param {Tree} tree @returns {{sign: "+" | "−", part: Tree}[]} */
export function addends(tree) {
  if (!Array.isArray(tree) || tree.length < 3 || (tree[0] !== "+" && tree[0] !== "-")) return [{sign: "+", part: tree}];
  const [sign, left, right] = /** @type {[string, Tree, Tree]} */ (tree);
  return [...addends(left), {sign: sign === "+" ? "+" : "−", part: right}];
}

/**
 * A tree in which names stand for trees of their own.
 * @param {Tree} tree
 * @param {Record<string, Tree>} by
 * @returns {Tree}
 */
export function replaced(tree, by) {
  if (!Array.isArray(tree)) return typeof tree === "string" && Array.isArray(by[tree]) ? by[tree] : tree;
  return [/** @type {string} */ (tree[0]), ...tree.slice(1).map(part => replaced(part, by))];
}

/**
 * A symbol from its text: a letter, ^ before it for a hat, _ before what is set below it, as in "β_1" or "μ_t+1".
 * @param {string} text
 * @returns {Element}
 */
export function symbolOf(text) {
  const [letter, below] = text.split("_");
  const base = letter.startsWith("^") ? m("mover", m("mi", letter.slice(1)), op("^")) : m("mi", letter);
  if (!below) return base;
  const parts = [...below.matchAll(/\d+|\p{L}+|./gu)].map(([part]) => {
    if (/\d/.test(part)) return m("mn", part);
    return /\p{L}/u.test(part) ? m(part.length > 1 ? "mtext" : "mi", part) : op(part.replace("-", "−"));
  });
  return m("msub", base, parts.length > 1 ? row(...parts) : parts[0]);
}

/**
 * A formula with whatever stands for its names.
 * @param {Tree} tree
 * @param {Leaf} leaf
 * @param {boolean} numbers whether these are numbers, between which a product needs its dot
 * @param {string} index the letter that counts the terms of sums
 * @returns {Element}
 */
export function expressionOf(tree, leaf, numbers = false, index = "j") {
  if (typeof tree === "string") return leaf(tree);
  if (!Array.isArray(tree)) return m("mn", asGiven(tree));
  const [sign, ...parts] = /** @type {[string, ...Tree[]]} */ (tree);
  const draw = (/** @type {Tree} */ part) => expressionOf(part, leaf, numbers, index);
  const within = (/** @type {Tree} */ part, /** @type {number} */ least) =>
    tightness(part) < least ? bracketed(draw(part)) : draw(part);
  const [left, right] = parts;
  if (joins(sign)) return joined(sign, left, leaf, numbers, index);
  switch (sign) {
    case "+":
      return row(draw(left), op("+"), within(right, isNegative(right) ? PRODUCT : SUM));
    case "-":
      return right === undefined
        ? row(op("−"), within(left, PRODUCT))
        : row(draw(left), op("−"), within(right, PRODUCT));
    case "*":
      return row(isNegative(left) ? draw(left) : within(left, PRODUCT), dot(right, numbers), within(right, PRODUCT));
    case "/":
      return m("mfrac", draw(left), draw(right));
    case "**":
      return raised(within(left, WHOLE), draw(right));
    default:
      return sign === "if" ? cases(parts, draw) : call(sign, parts.map(draw), typeof left === "string");
  }
}

/** What joins all outputs. @param {string} sign @param {Tree} tree @param {Leaf} leaf @param {boolean} numbers
 * @param {string} index */
function joined(sign, tree, leaf, numbers, index) {
  if (sign === "largest" && typeof tree === "string") return leaf(tree, "max");
  const each = expressionOf(tree, (name, inner = index) => leaf(name, inner), numbers, index);
  const over = sign === "sum" ? op("∑") : m("mi", "max");
  return row(m("munder", over, m("mi", index)), tightness(tree) < PRODUCT ? bracketed(each) : each);
}

/** One of two formulas, and when. @param {Tree[]} parts @param {(part: Tree) => Element} draw */
function cases([held, yes, no], draw) {
  const [sign, left, right] = /** @type {[string, Tree, Tree]} */ (held);
  const lines = [yes, no].map((part, k) => {
    const when = row(draw(left), op(COMPARED[sign][k]), draw(right));
    return m("mtr", m("mtd", draw(part)), m("mtd", when));
  });
  return row(op("{"), m("mtable", ...lines));
}

/** @param {Tree} tree */
const isNegative = tree => Array.isArray(tree) && tree[0] === "-" && tree.length === 2;

/** What stands between factors: nothing to be seen between symbols. @param {Tree} right @param {boolean} numbers */
function dot(right, numbers) {
  const first = (/** @type {Tree} */ tree) => (Array.isArray(tree) && tree[0] === "**" ? tree[1] : tree);
  return op(numbers || typeof first(right) === "number" ? "·" : "\u2062");
}

/** A number with a power of ten: its own exponent and another one beside it would be read as one. */
const TEN_RAISED = /10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+$/;

/** A power, above what is set below. @param {Element} base @param {Element} power */
function raised(base, power) {
  if (base.localName === "mn" && TEN_RAISED.test(base.textContent ?? "")) return m("msup", bracketed(base), power);
  return base.localName === "msub" ? m("msubsup", ...base.children, power) : m("msup", base, power);
}

/** What stands in brackets of its own without them, as a negative number does. @param {Element} part */
function bare(part) {
  const [first, inside, last, ...more] = part.children ?? [];
  const own = first?.textContent === "(" && last?.textContent === ")" && !more.length;
  return own ? inside : part;
}

/** A function of something. @param {string} name @param {Element[]} parts @param {boolean} short a single name */
function call(name, parts, short) {
  if (name === "sqrt") return m("msqrt", ...parts);
  if (name === "abs") return row(op("|"), ...parts, op("|"));
  if (name === "exp") return m("msup", m("mi", "e"), ...parts.map(bare));
  if (name === "ln" && short) return row(m("mi", name), op("\u2061"), ...parts);
  const written = {normal: "Φ", sigmoid: "σ"}[name] ?? name.replaceAll("_", " ");
  if (parts.length === 1 && bare(parts[0]) !== parts[0]) return row(m("mi", written), op("\u2061"), parts[0]);
  return row(m("mi", written), op("\u2061"), bracketed(...parts.flatMap((part, k) => (k ? [op(","), part] : [part]))));
}

/**
 * The lines of an update rule, ready to be drawn.
 * @param {UpdateRule} rule
 * @param {string} letter of the parameter
 */
export function linesOf(rule, letter = "w") {
  const fixed = new Set(rule.fixed);
  /** @param {string} name @returns {Element} */
  const symbol = name => {
    if (name === "w") return m("mi", letter);
    if (name === "step") return row(m("mi", "Δ"), m("mi", letter));
    const written = rule.symbols[name] ?? name;
    return typeof written === "string" ? symbolOf(written) : expressionOf(written, symbol);
  };
  return rule.lines.map(({name, kind, formula}) => ({
    name,
    kind,
    formula,
    /** "=" or, for what takes the place of what it was, "←" */
    sign: namesIn(formula).includes(name) ? "←" : "=",
    symbol: () => symbol(name),
    symbols: () => expressionOf(replaced(formula, rule.symbols), symbol),
    /** whether it is made of nothing but numbers that were chosen: its formula needs none */
    chosen: fixed.has(name),
    /** whether all its numbers are known: what a memory was before is not, if it goes by the same name */
    reckoned: kind !== "known" && !fixed.has(name) && !namesIn(formula).includes(name),
    /** how many of its numbers are measured */
    measured: namesIn(formula).filter(part => !fixed.has(part)).length,
  }));
}
