// @ts-check
/** Formulas of the backward pass with the numbers of the sample in them: δ, and from it the gradient of a weight. */

import {derivative, formula, m, sign} from "../shared/symbols.js";
import {beginning, bracketed, equals, factor, i, n, op, over, sumLines, sumOver, toned, whole} from "./notation.js";
import {at, dropsOut, incoming, weightAt} from "./subject.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("./notation.js").Term} Term */

/** Losses whose δ is a − y, because they are taken with the activation that they belong to. */
const TOGETHER = new Set(["bce", "cross_entropy"]);

/** δ of a layer. @param {number} layer @param {number} j from 1 */
const deltaSign = (layer, j) => toned(sign("δ", layer, j), "backward");

/**
 * δ = ∂C/∂z of an output or of a hidden neuron.
 * @param {Subject} subject
 * @param {(k: number) => string} more
 * @param {string} normalized words for the way through a normalization
 * @returns {Element[]}
 */
export function errorFormula(subject, more, normalized) {
  if (subject.layer === subject.layout.sizes.length - 1) return outputError(subject);
  return [...reachingLines(subject, more), ...hiddenError(subject, normalized)];
}

/** @param {Subject} subject */
function outputError({step, layout, y, layer, index}) {
  const u = at(layout, layer, index);
  const j = index + 1;
  const {A, D, E, F} = step.sample;
  const result = equals(n(D[u], "backward"));
  const z = () => sign("z", layer, j);
  if (TOGETHER.has(layout.loss)) {
    const target = layout.sizes[layer] > 1 ? m("msub", i("y"), whole(j)) : i("y");
    return [
      formula(deltaSign(layer, j), op("="), derivative(z()), op("="), sign("a", layer, j), op("−"), target),
      equals(n(A[u], "forward"), op("−"), factor(y[index])),
      result,
    ];
  }
  const product = [derivative(sign("a", layer, j)), op("·"), i("f′"), ...bracketed(z())];
  return [
    formula(deltaSign(layer, j), op("="), ...product),
    equals(factor(E?.[u] ?? NaN, "backward"), op("·"), factor(F[u])),
    result,
  ];
}

/** ∂C/∂a of a hidden neuron: what comes back over each weight, and past the layer above where there is a skip.
 * @param {Subject} subject @param {(k: number) => string} more */
function reachingLines({step, layout, layer, index}, more) {
  const {D, E} = step.sample;
  const reached = (/** @type {number} */ l) => E?.[at(layout, l, index)] ?? NaN;
  const skip = step.residual[layer];
  /** @type {Term[]} */
  const terms = Array.from({length: layout.sizes[layer + 1]}, (_, to) => ({
    a: step.P[weightAt(layout, layer + 1, index, to)],
    b: D[at(layout, layer + 1, to)],
    tones: [undefined, "backward"],
  }));
  if (skip) terms.push({a: reached(layer + 1), tones: ["backward", undefined]});
  const j = index + 1;
  const weight = m("msubsup", i("w"), m("mrow", i("k"), whole(j)), whole(layer + 1));
  const delta = toned(m("msubsup", i("δ"), i("k"), whole(layer + 1)), "backward");
  const past = skip ? [op("+"), toned(derivative(sign("a", layer + 1, j)), "backward")] : [];
  return [
    formula(derivative(sign("a", layer, j)), op("="), sumOver("k"), weight, delta, ...past),
    ...sumLines(terms, more),
    equals(n(reached(layer), "backward")),
  ];
}

/** δ from ∂C/∂a: times the slope, and the mask of dropout; where the layer is normalized that is ∂C/∂u.
 * @param {Subject} subject @param {string} normalized */
function hiddenError({step, layout, layer, index}, normalized) {
  const u = at(layout, layer, index);
  const j = index + 1;
  const {D, E, F} = step.sample;
  const normal = Boolean(step.normalization[layer - 1]);
  const masked = dropsOut(step, layout, layer);
  const reached = E?.[u] ?? NaN;
  const result = normal ? reached * F[u] * step.mask[u] : D[u];
  const delta = deltaSign(layer, j);
  const left = beginning(
    normal ? toned(derivative(i("u")), "backward") : delta,
    op("="),
    derivative(sign("a", layer, j)),
    op("·"),
    i("f′"),
    ...bracketed(normal ? i("u") : sign("z", layer, j)),
    ...(masked ? [op("·"), m("mtext", "mask")] : []),
  );
  const mask = masked ? [op("·"), n(step.mask[u])] : [];
  const lines = [
    left,
    equals(factor(reached, "backward"), op("·"), factor(F[u]), ...mask),
    equals(n(result, "backward")),
  ];
  if (!normal) return lines;
  const through = m("mtext", `\u2002${normalized}`);
  return [...lines, beginning(delta, op("="), derivative(sign("z", layer, j)), op("="), n(D[u], "backward"), through)];
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
  const ofSample = () => m("mrow", m("msub", i("∂C"), i("x")), op("/"), i("∂"), w());
  const input = toned(sign(layer > 1 ? "a" : "x", layer - 1, k + 1), "forward");
  const ofBatch = n(step.slope[weightAt(layout, layer, k, index)], "backward");
  const share = over(whole(1), whole(step.rows.length));
  return [
    formula(ofSample(), op("="), deltaSign(layer, index + 1), input),
    equals(factor(delta, "backward"), op("·"), factor(a, "forward"), op("="), n(delta * a, "backward")),
    beginning(derivative(w()), op("="), share, sumOver("x"), ofSample()),
    equals(ofBatch, m("mtext", `\u2002${mean}`)),
  ];
}
