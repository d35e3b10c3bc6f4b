// @ts-check
/** An activation or a loss of the layout at a sample: the formula that the core serves, in symbols and in numbers. */

import {namesIn, expressionOf, symbolOf} from "../shared/expressions.js";
import {formula, m} from "../shared/symbols.js";
import {addendsOf, copy, factor, fixed, i, lead, n, numberLines, whole} from "./notation.js";
import {at} from "./subject.js";
import {settled, summed} from "./written.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("../../types").Tree} Tree */
/** @typedef {import("../../types").Written} Written */
/** @typedef {"formula" | "derivative"} Which */

/** Numbers of the run that formulas name. @param {Subject} subject @returns {Record<string, number>} */
export const settingsOf = ({layout, huber_delta = 1}) => ({leaky_slope: layout.leaky_slope, huber_delta});

/**
 * Symbol and number of what a formula names besides the sample's own.
 * @param {Written} written
 * @param {Subject} subject
 */
export function furtherOf(written, subject) {
  const known = {...settingsOf(subject), ...written.constants};
  return {
    known,
    symbol: (/** @type {string} */ name) => symbolOf(written.symbols[name] ?? name),
    number: (/** @type {string} */ name) => fixed(known[name] ?? NaN),
  };
}

/**
 * What a formula is printed as: symbols, and lines of numbers where there is anything to reckon, after what symbols
 * have no room on the first line.
 * @param {Tree} tree settled
 * @param {(name: string, index?: string) => Element} symbol
 * @param {(name: string) => Element} number
 * @param {string} index the letter that counts the terms of sums
 * @param {Tree} [reckoned] the same without sums
 */
export function printed(tree, symbol, number, index, reckoned = tree) {
  const parts = addendsOf(tree);
  const drawn = parts.map(({part}) => expressionOf(part, symbol, false, index));
  const further = drawn.slice(1).map((part, k) => formula(lead(parts[k + 1].sign), part));
  const numbers = namesIn(tree).length ? numberLines(reckoned, number) : [];
  return {symbols: drawn[0], numbers: [...further, ...numbers]};
}

/**
 * The activation of a neuron, or its slope.
 * @param {Subject} subject
 * @param {Which} which
 * @param {Element} input what it is taken of
 * @param {Element[]} result what f makes of that
 */
export function activationAt(subject, which, input, result) {
  const {step, layout, layer, index: j} = subject;
  const written = layout.formulas.activations[layout.activations[layer - 1]];
  const {known, symbol, number} = furtherOf(written, subject);
  /** @type {Record<string, Float32Array>} */
  const own = {z: step.sample.U, a: step.sample.A};
  const values = (/** @type {string} */ name, /** @type {number} */ k) =>
    own[name] ? own[name][at(layout, layer, k)] : known[name];
  const place = {values, j, count: layout.sizes[layer]};
  const tree = settled(written[which], place);
  const {tree: reckoned, sums} = summed(tree, place);
  const letter = (/** @type {string} */ name, /** @type {string | undefined} */ k) => {
    if (name !== "z" && name !== "a") return symbol(name);
    if (k) return m("msubsup", i(name), i(k), whole(layer));
    return name === "z" ? copy(input) : m("mrow", ...result.map(copy));
  };
  return printed(
    tree,
    letter,
    name => {
      if (name in sums) return factorOf(sums[name]);
      return own[name] ? factor(values(name, j), "forward") : number(name);
    },
    "k",
    reckoned,
  );
}

/** A sum as a number. @param {number} x */
const factorOf = x => (x < 0 ? factor(x) : n(x));
