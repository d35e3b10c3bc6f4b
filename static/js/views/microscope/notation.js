// @ts-check
/** Signs, numbers and lines that the formulas are written with, as MathML. */

import {chosen, integer, plain} from "../../draw/format.js";
import {addends, expressionOf, lengthOf} from "../shared/expressions.js";
import {formula, m} from "../shared/symbols.js";

/** @typedef {import("../../types").Tree} Tree */

/** @typedef {"forward" | "backward"} Tone the colour of what flows */
/** A term of a sum: a number, or a product of two, each in its colour.
 * @typedef {{a: number, b?: number, tones?: [Tone | undefined, Tone | undefined]}} Term */

/** Terms of a sum that are written out, and signs on a line. */
const MOST_TERMS = 6;
const ON_A_LINE = 34;

/** @param {string} text */
export const op = text => m("mo", text);
/** @param {string} letter */
export const i = letter => m("mi", letter);
/** A number that belongs to the formula itself. @param {number} count */
export const whole = count => m("mn", integer(count));

/** @param {Element} element @param {Tone} [tone] */
export function toned(element, tone) {
  if (tone) element.setAttribute("class", `tone-${tone}`);
  return element;
}
/** @param {number} x @param {Tone} [tone] */
export const n = (x, tone) => toned(m("mn", plain(x)), tone);
/** A number as a factor: in brackets below zero. @param {number} x @param {Tone} [tone] */
export const factor = (x, tone) => (x < 0 ? m("mrow", op("("), n(x, tone), op(")")) : n(x, tone));

/** A sign at the beginning of a line, as wide as between two numbers. @param {string} text */
export function lead(text) {
  const element = op(text);
  element.setAttribute("form", "infix");
  element.setAttribute("lspace", "0.28em");
  element.setAttribute("rspace", "0.28em");
  return element;
}

/** @param {Element[]} inside */
export const bracketed = (...inside) => [op("("), ...inside, op(")")];
/** f of something. @param {string} f @param {Element} of */
export const applied = (f, of) => [i(f), ...bracketed(of)];
/** @param {string} letter */
export const hat = letter => m("mover", i(letter), op("^"));
/** @param {string} letter */
export const sumOver = letter => m("munder", op("∑"), i(letter));
/** @param {Element} above @param {Element} below */
export const over = (above, below) => m("mfrac", above, below);
/** The same again, to stand elsewhere. @param {Element} element */
export const copy = element => /** @type {Element} */ (element.cloneNode(true));

/** A number as it was chosen. @param {number} x */
export const fixed = x => m("mn", chosen(x));

/** Numbers that a line has room for: a longer sum goes over several. */
const ON_ONE = 7;

/** What stands on a line each: a short formula, or the addends of a long one. @param {Tree} tree */
export const addendsOf = tree =>
  lengthOf(tree) <= ON_ONE ? [{sign: /** @type {"+" | "−"} */ ("+"), part: tree}] : addends(tree);

/**
 * A formula with its numbers, on one line or an addend to a line.
 * @param {Tree} tree
 * @param {(name: string) => Element} number as a factor
 */
export function numberLines(tree, number) {
  return addendsOf(tree).map(({sign: first, part}, k) =>
    formula(lead(k ? first : "="), expressionOf(part, number, true)),
  );
}

/** What a line comes to. @param {Element[]} parts */
export const equals = (...parts) => formula(lead("="), ...parts);

/** A formula below others that has a left side of its own. @param {Element[]} parts */
export function beginning(...parts) {
  const element = formula(...parts);
  element.setAttribute("class", "begins");
  return element;
}

/**
 * A sum of products with its numbers, a few to a line; the smallest of many are summed up.
 * @param {Term[]} terms
 * @param {(k: number) => string} more words for `k` further terms
 * @returns {Element[]} lines
 */
export function sumLines(terms, more) {
  const kept = largest(terms);
  const rest = terms.filter(term => !kept.includes(term));
  const lines = /** @type {Element[]} */ ([]);
  let room = 0;
  kept.forEach((term, k) => {
    const long = widthOf(term);
    room -= long;
    if (k === 0 || room < 0) {
      lines.push(m("mrow", lead(k ? "+" : "="), ...written(term)));
      room = ON_A_LINE - long;
    } else lines[lines.length - 1].append(op("+"), ...written(term));
  });
  if (rest.length) lines.push(m("mrow", lead("+"), factor(valueOf(rest)), m("mtext", `\u2002${more(rest.length)}`)));
  return lines.map(line => formula(line));
}

/** What terms come to. @param {Term[]} terms */
export const valueOf = terms => terms.reduce((sum, {a, b = 1}) => sum + a * b, 0);

/** The terms that are written out, in their order. @param {Term[]} terms */
function largest(terms) {
  if (terms.length <= MOST_TERMS) return terms;
  const size = (/** @type {Term} */ {a, b = 1}) => Math.abs(a * b);
  const larger = (/** @type {Term} */ than) => terms.filter(other => size(other) > size(than)).length;
  return terms.filter(term => larger(term) < MOST_TERMS - 1).slice(0, MOST_TERMS - 1);
}

/** @param {Term} term */
const written = ({a, b, tones = [undefined, undefined]}) =>
  b === undefined ? [factor(a, tones[0])] : [factor(a, tones[0]), op("·"), factor(b, tones[1])];

/** Signs of a term with the one before it. @param {Term} term */
function widthOf({a, b}) {
  const signs = (/** @type {number | undefined} */ x) => (x === undefined ? 0 : plain(x).length + (x < 0 ? 2 : 1));
  return signs(a) + signs(b);
}
