// @ts-check
/** The update rule of the optimizer with the numbers of one parameter, as MathML. */

import {lengthOf, linesOf} from "../shared/expressions.js";
import {formula, letterOf, m, symbol} from "../shared/symbols.js";
import {gradientLines} from "./gradient_way.js";
import {beginning, factor, fixed, i, lead, n, numberLines, op} from "./notation.js";
import {pickAt} from "./parameters.js";

/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {ReturnType<typeof linesOf>[number]} Line */

/** Numbers that a line has room for beside what it comes to. */
const WITH_RESULT = 5;

/**
 * The optimizer's rule for one parameter, and the parameter before and after.
 * @param {Subject} subject
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @returns {Element[]}
 */
export function updateFormula({step, layout, parameter: p}, t) {
  const pick = pickAt(layout, p);
  const letter = letterOf(pick, layout.sizes);
  const named = () => symbol(pick, layout.sizes);
  const {formula: rule, numbers, terms} = step;
  const own = /** @type {Record<string, ArrayLike<number>>} */ ({...terms, g: step.G_step, w: step.P, step: step.step});
  const value = (/** @type {string} */ name) => (own[name] ? own[name][p] : (numbers[name] ?? NaN));
  const tone = (/** @type {string} */ name) => (rule.gradients.includes(name) ? "backward" : undefined);
  const number = (/** @type {string} */ name) =>
    rule.fixed.includes(name) ? fixed(value(name)) : factor(value(name), tone(name));
  const result = (/** @type {string} */ name) =>
    rule.fixed.includes(name) ? fixed(value(name)) : n(value(name), tone(name));
  const change = value("step");
  return [
    ...gradientLines(step, p, named(), t),
    ...linesOf(rule, letter).flatMap(line => drawn(line, number, result)),
    beginning(named(), op("←"), named(), op("+"), m("mrow", i("Δ"), i(letter))),
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
  if (kind === "known") return [beginning(line.symbol(), op("="), result(name))];
  const symbols = [line.symbol(), op(sign), line.symbols()];
  if (!line.reckoned || (line.measured < 2 && name !== "step")) return [beginning(...symbols, op("="), result(name))];
  const rows = numberLines(line.formula, number);
  if (lengthOf(line.formula) <= WITH_RESULT && name !== "step")
    rows[0].firstElementChild?.append(op("="), result(name));
  else rows.push(formula(lead("="), result(name)));
  return [beginning(...symbols), ...rows];
}
