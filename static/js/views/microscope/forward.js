// @ts-check
/** Formulas of the forward pass with the numbers of the sample in them: z, its normalization, and a = f(z). */

import {formula, m, sign} from "../shared/symbols.js";
import {activationAt} from "./functions.js";
import {
  applied,
  beginning,
  copy,
  equals,
  factor,
  hat,
  i,
  n,
  op,
  over,
  sumLines,
  sumOver,
  toned,
  whole,
} from "./notation.js";
import {at, dropsOut, hasBias, incoming, passedOn, weightAt} from "./subject.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("./notation.js").Term} Term */

/** z = Σ w a + b @param {Subject} subject @param {(k: number) => string} more @returns {Element[]} */
export function sumFormula(subject, more) {
  const {step, layout, layer, index} = subject;
  const inputs = layout.sizes[layer - 1];
  const bias = hasBias(layout, layer);
  /** @type {Term[]} */
  const terms = Array.from({length: inputs}, (_, k) => ({
    a: step.point[weightAt(layout, layer, k, index)],
    b: incoming(subject, k),
    tones: [undefined, "forward"],
  }));
  if (bias) terms.push({a: step.point[weightAt(layout, layer, inputs, index)]});
  const k = i("k");
  const a = layer > 1 ? m("msubsup", i("a"), k, whole(layer - 1)) : m("msub", i("x"), k);
  return [
    formula(
      sign("z", layer, index + 1),
      op("="),
      sumOver("k"),
      m("msubsup", i("w"), m("mrow", whole(index + 1), i("k")), whole(layer)),
      toned(a, "forward"),
      ...(bias ? [op("+"), sign("b", layer, index + 1)] : []),
    ),
    ...sumLines(terms, more),
    equals(n(step.sample.Z[at(layout, layer, index)], "forward")),
  ];
}

/**
 * ẑ of what is told of it in 24 bits: (z − μ) / σ, or back from u = γ ẑ + β where z and μ are too alike.
 * @param {{z: number, mean: number, spread: number, u: number, gamma: number, beta: number}} told
 */
export function normalized({z, mean, spread, u, gamma, beta}) {
  const forward = Math.max(Math.abs(z), Math.abs(mean)) / spread; // the errors of the two, but for a factor
  const back = Math.max(Math.abs(u), Math.abs(beta)) / Math.abs(gamma);
  return back < forward ? (u - beta) / gamma : (z - mean) / spread;
}

/** ẑ = (z − μ) / σ, u = γ ẑ + β @param {Subject} subject @returns {Element[]} */
export function normalizeFormula({step, layout, layer, index}) {
  const u = at(layout, layer, index);
  const z = step.sample.Z[u];
  const mean = step.centre[u];
  const spread = step.spread[u];
  const block = layout.blocks[layer - 1];
  const gamma = step.point[(block.gamma ?? 0) + index];
  const beta = step.point[(block.beta ?? 0) + index];
  const z_hat = normalized({z, mean, spread, u: step.sample.U[u], gamma, beta});
  const symbols = over(m("mrow", i("z"), op("−"), i("μ")), i("σ"));
  const numbers = over(m("mrow", n(z, "forward"), op("−"), factor(mean)), n(spread));
  const shifted = [i("γ"), hat("z"), op("+"), i("β")];
  const made = [n(gamma), op("·"), factor(z_hat, "forward"), op("+"), factor(beta)];
  return [
    formula(hat("z"), op("="), symbols, op("="), numbers, op("="), n(z_hat, "forward")),
    formula(i("u"), op("="), ...shifted, op("="), ...made),
    equals(n(step.sample.U[u], "forward")),
  ];
}

/** a = f(z), and what of it is passed on. @param {Subject} subject @returns {Element[]} */
export function activateFormula(subject) {
  const {step, layout, layer, index} = subject;
  const f = step.sample.A[at(layout, layer, index)];
  const input = step.normalization[layer - 1] ? i("u") : sign("z", layer, index + 1);
  const more = step.residual[layer - 1] || dropsOut(step, layout, layer);
  const result = more ? applied("f", copy(input)) : [sign("a", layer, index + 1)];
  const lines = [...activationLines(subject, input, result), equals(n(f, "forward"))];
  return more ? [...lines, ...passedOnLines(subject, result.map(copy))] : lines;
}

/**
 * The function with symbols and with numbers.
 * @param {Subject} subject
 * @param {Element} input what f is taken of
 * @param {Element[]} result the left side
 */
function activationLines(subject, input, result) {
  const {symbols, numbers} = activationAt(subject, "formula", input, result);
  return [formula(...result.map(copy), op("="), symbols), ...numbers];
}

/** What dropout and a skip make of f. @param {Subject} subject @param {Element[]} made f of its input, in symbols */
function passedOnLines({step, layout, layer, index}, made) {
  const u = at(layout, layer, index);
  const masked = dropsOut(step, layout, layer);
  const skip = step.residual[layer - 1];
  const below = passedOn(step, at(layout, layer - 1, index));
  const before = sign("a", layer - 1, index + 1);
  const symbols = [...made, ...(masked ? [op("·"), m("mtext", "mask")] : []), ...(skip ? [op("+"), before] : [])];
  return [
    beginning(sign("a", layer, index + 1), op("="), ...symbols),
    equals(
      factor(step.sample.A[u], "forward"),
      ...(masked ? [op("·"), n(step.mask[u])] : []),
      ...(skip ? [op("+"), factor(below, "forward")] : []),
    ),
    equals(n(passedOn(step, u), "forward")),
  ];
}
