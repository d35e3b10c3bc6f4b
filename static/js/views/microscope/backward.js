// @ts-check
/** Formulas of the backward pass with the numbers of the sample in them: δ, and from it the gradient of a weight. */

import {derivative, formula, m, sign} from "../shared/symbols.js";
import {activationAt} from "./functions.js";
import {lossSlope} from "./loss.js";
import {
  applied,
  beginning,
  bracketed,
  copy,
  equals,
  factor,
  i,
  n,
  op,
  over,
  sumLines,
  sumOver,
  toned,
  whole,
} from "./notation.js";
import {at, dropsOut, incoming, weightAt} from "./subject.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {import("./notation.js").Term} Term */

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
function outputError(subject) {
  const {step, layout, layer, index} = subject;
  const u = at(layout, layer, index);
  const {D, E, F} = step.sample;
  const result = equals(n(D[u], "backward"));
  const z = sign("z", layer, index + 1);
  const a = sign("a", layer, index + 1);
  const delta = deltaSign(layer, index + 1);
  const slope = lossSlope(subject);
  if (slope?.from_logits)
    return [formula(delta, op("="), derivative(z), op("="), slope.symbols), ...slope.numbers, result];
  const reached = n(E?.[u] ?? NaN, "backward");
  return [
    ...(slope ? reckoned(derivative(a), slope, reached) : []),
    ...reckoned(slopeOf(z), activationAt(subject, "derivative", z, [a]), n(F[u])),
    beginning(delta, op("="), derivative(copy(a)), op("·"), slopeOf(z)),
    equals(factor(E?.[u] ?? NaN, "backward"), op("·"), factor(F[u])),
    result,
  ];
}

/** f′ of something. @param {Element} of */
const slopeOf = of => m("mrow", i("f′"), ...bracketed(copy(of)));

/**
 * A formula of its own: its left side, symbols, numbers where there are any, and what they come to.
 * @param {Element} left
 * @param {{symbols: Element, numbers: Element[]}} made
 * @param {Element} result
 */
const reckoned = (left, {symbols, numbers}, result) => [
  beginning(left, op("="), symbols),
  ...(numbers.length ? [...numbers, equals(result)] : []),
];

/** ∂C/∂a of a hidden neuron: what comes back over each weight, and past the layer above where there is a skip.
 * @param {Subject} subject @param {(k: number) => string} more */
function reachingLines({step, layout, layer, index}, more) {
  const {D, E} = step.sample;
  const reached = (/** @type {number} */ l) => E?.[at(layout, l, index)] ?? NaN;
  const skip = step.residual[layer];
  /** @type {Term[]} */
  const terms = Array.from({length: layout.sizes[layer + 1]}, (_, to) => ({
    a: step.point[weightAt(layout, layer + 1, index, to)],
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
function hiddenError(subject, normalized) {
  const {step, layout, layer, index} = subject;
  const u = at(layout, layer, index);
  const j = index + 1;
  const {D, E, F} = step.sample;
  const normal = Boolean(step.normalization[layer - 1]);
  const masked = dropsOut(step, layout, layer);
  const reached = E?.[u] ?? NaN;
  const result = normal ? reached * F[u] * step.mask[u] : D[u];
  const delta = deltaSign(layer, j);
  const input = normal ? i("u") : sign("z", layer, j);
  const more = masked || step.residual[layer - 1];
  const made = more ? applied("f", copy(input)) : [sign("a", layer, j)];
  const left = beginning(
    normal ? toned(derivative(i("u")), "backward") : delta,
    op("="),
    derivative(sign("a", layer, j)),
    op("·"),
    slopeOf(input),
    ...(masked ? [op("·"), m("mtext", "mask")] : []),
  );
  const mask = masked ? [op("·"), n(step.mask[u])] : [];
  const lines = [
    ...reckoned(slopeOf(input), activationAt(subject, "derivative", input, made), n(F[u])),
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
