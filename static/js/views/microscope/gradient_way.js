// @ts-check
/** What becomes of ∂C/∂w before the optimizer gets it, line by line: penalties, noise and clipping. */

import {chosen} from "../../draw/format.js";
import {derivative, formula, m} from "../shared/symbols.js";
import {beginning, bracketed, copy, equals, factor, i, n, op, over, whole} from "./notation.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/**
 * g = ∂C/∂w, and what penalties and noise add to it and clipping leaves of it.
 * @param {Microscope} step
 * @param {number} p the parameter
 * @param {Element} parameter its symbol
 * @param {Translate} t
 * @returns {Element[]}
 */
export function gradientLines(step, p, parameter, t) {
  const {slope, penalty, noise, G} = step;
  const parts = [
    {value: slope[p], symbol: derivative(copy(parameter))},
    ...(penalty ? [{value: penalty[p], symbol: m("mtext", t("gradient.penalty"))}] : []),
    ...(noise ? [{value: noise[p], symbol: m("mtext", t("gradient.noise"))}] : []),
  ];
  const joined = (/** @type {Element[]} */ elements) => elements.flatMap((each, k) => (k ? [op("+"), each] : [each]));
  const whole_gradient = n(G[p], "backward");
  const symbols = formula(i("g"), op("="), ...joined(parts.map(({symbol}) => symbol)));
  if (parts.length === 1) return [symbols, equals(whole_gradient), ...clippedLines(step, p)];
  const numbers = equals(...joined(parts.map(({value}) => factor(value, "backward"))));
  return [symbols, numbers, equals(whole_gradient), ...clippedLines(step, p)];
}

/** Each bound that the gradient was above. @param {Microscope} step @param {number} p */
function clippedLines({G, G_step, clip: {value, norm, seen}}, p) {
  const lines = /** @type {Element[]} */ ([]);
  const g = i("g");
  let reached = G[p];
  if (value !== null && Math.abs(reached) > value) {
    const [low, high] = [m("mrow", op("−"), m("mn", chosen(value))), m("mn", chosen(value))];
    const held = (/** @type {Element} */ inside) => [
      i("min"),
      ...bracketed(copy(high), op(","), i("max"), ...bracketed(copy(low), op(","), inside)),
    ];
    lines.push(beginning(copy(g), op("←"), ...held(copy(g))), equals(...held(n(reached, "backward"))));
    reached = Math.sign(reached) * value;
    lines.push(equals(n(reached, "backward")));
  }
  if (norm !== null && seen !== null && seen > norm) {
    const length = [m("mo", "‖"), copy(g), m("mo", "‖")];
    const tiny = () => m("msup", whole(10), m("mrow", op("−"), whole(6)));
    const bound = () => m("mn", chosen(norm));
    const share = (/** @type {Element[]} */ ...below) => over(bound(), m("mrow", ...below, op("+"), tiny()));
    lines.push(beginning(copy(g), op("←"), copy(g), op("·"), share(...length)));
    lines.push(equals(factor(reached, "backward"), op("·"), share(n(seen))), equals(n(G_step[p], "backward")));
  }
  return lines;
}
