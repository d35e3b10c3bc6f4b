// @ts-check
/** The loss of the sample from its outputs, in symbols and in numbers, and its derivative. */

import {formula, m, sign} from "../shared/symbols.js";
import {furtherOf, printed} from "./functions.js";
import {equals, factor, i, n, op, whole} from "./notation.js";
import {at} from "./subject.js";
import {expanded, hasLogarithms, settled} from "./written.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("../../types").Tree} Tree */

/** What each output has of its own. */
const OWN = ["a", "y"];

/**
 * How outputs and targets are written, and what they come to.
 * @param {Subject} subject
 * @param {NonNullable<import("../../types").Layout["formulas"]["loss"]>} written
 */
function outputsOf(subject, written) {
  const {step, layout, y} = subject;
  const last = layout.sizes.length - 1;
  const count = layout.sizes[last];
  const further = furtherOf(written, subject);
  /** @param {string} name "a", or "a@2" of output 2 @param {number} j */
  const values = (name, j) => {
    const [letter, given] = name.split("@");
    const k = given === undefined ? j : Number(given);
    if (letter === "a") return step.sample.A[at(layout, last, k)];
    return letter === "y" ? y[k] : further.known[name];
  };
  /** @param {string} name @param {number} j @param {string} [index] */
  const symbol = (name, j, index) => {
    if (name === "a") return index ? m("msubsup", i("a"), i(index), whole(last)) : sign("a", last, j + 1);
    if (name !== "y") return further.symbol(name);
    return count > 1 ? m("msub", i("y"), index ? i(index) : whole(j + 1)) : i("y");
  };
  /** @param {string} name @param {number} j */
  const number = (name, j) => {
    const [letter] = name.split("@");
    if (!OWN.includes(letter)) return further.number(name);
    return factor(values(name, j), letter === "a" ? "forward" : undefined);
  };
  return {count, values, symbol, number};
}

/** C of the sample from its outputs. @param {Subject} subject @returns {Element[]} */
export function lossFormula(subject) {
  const {step, layout} = subject;
  const written = layout.formulas.loss;
  const result = equals(n(step.pass_loss.sample));
  if (!written) return [result];
  const {count, values, symbol, number} = outputsOf(subject, written);
  const place = {values, j: 0, count};
  const tree = settled(written.formula, place);
  const terms = expanded(written.formula, place, OWN, "y");
  const reckoned = terms !== null && hasLogarithms(terms, name => values(name, 0)) ? settled(terms, place) : null;
  const {symbols, numbers} = printed(
    tree,
    (name, index) => symbol(name, 0, index),
    name => number(name, 0),
    "j",
    reckoned ?? 0,
  );
  return [
    formula(m("msub", i("C"), i("x")), op("="), symbols),
    ...(reckoned === null || reckoned === 0 ? [] : numbers),
    result,
  ];
}

/** ∂C/∂a of an output, or ∂C/∂z. @param {Subject} subject */
export function lossSlope(subject) {
  const written = subject.layout.formulas.loss;
  if (!written) return null;
  const j = subject.index;
  const {count, values, symbol, number} = outputsOf(subject, written);
  const tree = settled(written.derivative, {values, j, count});
  return {
    from_logits: written.from_logits,
    ...printed(
      tree,
      (name, index) => symbol(name, j, index),
      name => number(name, j),
      "j",
    ),
  };
}
