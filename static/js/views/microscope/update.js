// @ts-check
/** The update rule of the optimizer with the numbers of one parameter, as MathML. */

import {chosen} from "../../draw/format.js";
import {addends, expressionOf, lengthOf, linesOf} from "../shared/expressions.js";
import {derivative, formula, m} from "../shared/symbols.js";
import {factor, i, lead, n, op} from "./notation.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {ReturnType<typeof linesOf>[number]} Line */

/** Numbers that a line has room for: a longer sum goes over several, and what it comes to needs room as well. */
const ON_A_LINE = 7;
const WITH_RESULT = 5;

/**
 * The optimizer's rule for one parameter, and the parameter before and after.
 * @param {Subject} subject
 * @returns {Element[]}
 */
export function updateFormula({step, parameter: p}) {
  const {formula: rule, numbers, terms} = step;
  const own = /** @type {Record<string, ArrayLike<number>>} */ ({...terms, g: step.G_step, w: step.P, step: step.step});
  const value = (/** @type {string} */ name) => (own[name] ? own[name][p] : (numbers[name] ?? NaN));
  const tone = (/** @type {string} */ name) => (rule.gradients.includes(name) ? "backward" : undefined);
  const number = (/** @type {string} */ name) =>
    rule.fixed.includes(name) ? m("mn", chosen(value(name))) : factor(value(name), tone(name));
  const result = (/** @type {string} */ name) =>
    rule.fixed.includes(name) ? m("mn", chosen(value(name))) : n(value(name), tone(name));
  const change = value("step");
  return [
    formula(i("g"), op("="), ...gradientOf(step, p)),
    ...linesOf(rule).flatMap(line => drawn(line, number, result)),
    formula(i("w"), op("←"), i("w"), op("+"), m("mrow", i("Δ"), i("w"))),
    formula(lead("="), n(step.P[p]), op("+"), factor(change, "backward"), op("="), n(step.P_after[p])),
  ];
}

/**
 * A line of the rule: symbols, then numbers where several are known, then what they come to.
 * @param {Line} line
 * @param {(name: string) => Element} number as a factor
 * @param {(name: string) => Element} result
 * @returns {Element[]}
 */
function drawn(line, number, result) {
  const {name, kind, sign} = line;
  if (kind === "known") return [formula(line.symbol(), op("="), result(name))];
  const symbols = [line.symbol(), op(sign), line.symbols()];
  if (!line.reckoned || (line.measured < 2 && name !== "step")) return [formula(...symbols, op("="), result(name))];
  const made = addends(line.formula);
  const length = lengthOf(line.formula);
  const short = length <= ON_A_LINE;
  const rows = (short ? [{sign: "=", part: line.formula}] : made).map(({sign: first, part}, k) =>
    formula(lead(k || short ? first : "="), expressionOf(part, number, true)),
  );
  if (length <= WITH_RESULT && name !== "step") rows[0].firstElementChild?.append(op("="), result(name));
  else rows.push(formula(lead("="), result(name)));
  return [formula(...symbols), ...rows];
}

/** The gradient as the optimizer sees it, and what was clipped. @param {Subject["step"]} step @param {number} p */
function gradientOf({G, G_step}, p) {
  const seen = n(G_step[p], "backward");
  if (G_step[p] === G[p]) return [derivative(i("w")), op("="), seen];
  const clip = (/** @type {Element} */ inside) => [i("clip"), op("("), inside, op(")")];
  return [...clip(derivative(i("w"))), op("="), ...clip(n(G[p], "backward")), op("="), seen];
}
