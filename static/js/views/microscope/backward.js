// @ts-check
/** Formulas of the backward pass with the numbers of the sample in them: δ, and from it the gradient of a weight. */

import {derivative, formula, m, sign} from "../shared/symbols.js";
import {bracketed, equals, factor, i, n, op, sumLines, sumOver, toned, valueOf, whole} from "./notation.js";
import {at, incoming, weightAt} from "./subject.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("./subject.js").Layout} Layout */
/** @typedef {import("./notation.js").Term} Term */

/** Losses whose δ is a − y, because they are taken with the activation that they belong to. */
const TOGETHER = new Set(["bce", "cross_entropy"]);

/** δ of a layer. @param {number} layer @param {number} j from 1 */
const deltaSign = (layer, j) => toned(sign("δ", layer, j), "backward");

/**
 * δ = ∂C/∂z of an output or of a hidden neuron.
 * @param {Subject} subject
 * @param {(k: number) => string} more
 * @returns {Element[]}
 */
export function errorFormula(subject, more) {
  return subject.layer === subject.layout.sizes.length - 1 ? outputError(subject) : hiddenError(subject, more);
}

/** @param {Subject} subject */
function outputError({step, layout, y, layer, index, huber_delta}) {
  const u = at(layout, layer, index);
  const j = index + 1;
  const {A, D, F} = step.sample;
  const [a, delta, slope] = [A[u], D[u], F[u]];
  const z = () => sign("z", layer, j);
  if (TOGETHER.has(layout.loss)) {
    const target = layout.sizes[layer] > 1 ? m("msub", i("y"), whole(j)) : i("y");
    return [
      formula(deltaSign(layer, j), op("="), derivative(z()), op("="), sign("a", layer, j), op("−"), target),
      equals(n(a, "forward"), op("−"), factor(y[index])),
      equals(n(delta, "backward")),
    ];
  }
  const outer = slope ? delta / slope : outputSlope(layout, a, y[index], huber_delta);
  const product = [derivative(sign("a", layer, j)), op("·"), i("f′"), ...bracketed(z())];
  return [
    formula(deltaSign(layer, j), op("="), ...product),
    equals(factor(outer, "backward"), op("·"), factor(slope)),
    equals(n(delta, "backward")),
  ];
}

/** @param {Subject} subject @param {(k: number) => string} more */
function hiddenError(subject, more) {
  const {step, layout, layer, index} = subject;
  const u = at(layout, layer, index);
  const {D, F} = step.sample;
  const normal = Boolean(step.normalization[layer - 1]);
  const terms = errorTerms(subject);
  const sum = valueOf(terms);
  const product = equals(factor(sum, "backward"), op("·"), factor(F[u]));
  const lines = [errorSymbols(subject), ...sumLines(terms, more), product];
  if (!normal) return [...lines, equals(n(D[u], "backward"))];
  const z = derivative(sign("z", layer, index + 1));
  return [
    ...lines,
    equals(n(sum * F[u], "backward")),
    formula(deltaSign(layer, index + 1), op("="), z, op("="), n(D[u], "backward")),
  ];
}

/** What comes back to a hidden neuron: over each weight, and past the layer above where there is a skip.
 * @param {Subject} subject @returns {Term[]} */
function errorTerms({step, layout, layer, index}) {
  const {D, E} = step.sample;
  /** @type {Term[]} */
  const terms = Array.from({length: layout.sizes[layer + 1]}, (_, to) => ({
    a: step.P[weightAt(layout, layer + 1, index, to)],
    b: D[at(layout, layer + 1, to)],
    tones: [undefined, "backward"],
  }));
  if (step.residual[layer]) terms.push({a: E?.[at(layout, layer + 1, index)] ?? NaN, tones: ["backward", undefined]});
  return terms;
}

/** δ, or ∂C/∂u where the layer is normalized, as a sum times a slope. @param {Subject} subject */
function errorSymbols({step, layer, index}) {
  const j = index + 1;
  const normal = step.normalization[layer - 1];
  const skip = step.residual[layer];
  return formula(
    normal ? derivative(i("u")) : deltaSign(layer, j),
    op("="),
    ...bracketed(
      sumOver("k"),
      m("msubsup", i("w"), m("mrow", i("k"), whole(j)), whole(layer + 1)),
      toned(m("msubsup", i("δ"), i("k"), whole(layer + 1)), "backward"),
      ...(skip ? [op("+"), toned(derivative(sign("a", layer + 1, j)), "backward")] : []),
    ),
    op("·"),
    i("f′"),
    ...bracketed(normal ? i("u") : sign("z", layer, j)),
  );
}

/**
 * ∂C/∂a of one output, for losses of the activation.
 * @param {Layout} layout
 * @param {number} a
 * @param {number} y
 * @param {number} [bend] where the Huber loss becomes straight
 */
function outputSlope({loss, sizes}, a, y, bend = 1) {
  const count = sizes[sizes.length - 1];
  return (
    {
      mse: (2 * (a - y)) / count,
      half_squared_error: a - y,
      mae: Math.sign(a - y) / count,
      hinge: y * a < 1 ? -y : 0,
      huber: Math.max(-bend, Math.min(bend, a - y)) / count,
    }[loss] ?? NaN
  );
}

/** The strongest input of a neuron: the one whose product with δ is largest. @param {Subject} subject */
function strongestInput(subject) {
  const {layout, layer} = subject;
  let best = 0;
  for (let k = 1; k < layout.sizes[layer - 1]; k++)
    if (Math.abs(incoming(subject, k)) > Math.abs(incoming(subject, best))) best = k;
  return best;
}

/**
 * ∂C/∂w = δ a of the sample, then the mean over the batch.
 * @param {Subject} subject
 * @param {string} mean words for it
 * @returns {Element[]}
 */
export function gradientFormula(subject, mean) {
  const {step, layout, layer, index} = subject;
  const k = strongestInput(subject);
  const delta = step.sample.D[at(layout, layer, index)];
  const a = incoming(subject, k);
  const w = () => sign("w", layer, index + 1, k + 1);
  const ofSample = m("mrow", m("msub", i("∂C"), i("x")), op("/"), i("∂"), w());
  const input = toned(sign(layer > 1 ? "a" : "x", layer - 1, k + 1), "forward");
  const ofBatch = n(step.G[weightAt(layout, layer, k, index)], "backward");
  return [
    formula(ofSample, op("="), deltaSign(layer, index + 1), input),
    equals(factor(delta, "backward"), op("·"), factor(a, "forward"), op("="), n(delta * a, "backward")),
    formula(derivative(w()), op("="), ofBatch, m("mtext", `\u2002${mean}`)),
  ];
}
