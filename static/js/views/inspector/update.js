// @ts-check
/** The update formula of the optimizer in use, in symbols and, below, in its numbers. */

import {h} from "../../draw/dom.js";
import {chosen, plain} from "../../draw/format.js";
import {expressionOf, lengthOf, linesOf} from "../shared/expressions.js";
import {m} from "../shared/symbols.js";
import {id, Live, math, op} from "./math.js";

/** @typedef {import("../../types").UpdateRule} UpdateRule */
/** @typedef {ReturnType<typeof linesOf>[number]} Line */

/** Numbers of a formula that stand on one line with what they come to. */
const ON_A_LINE = 7;

/** @param {{t: (key: string, params?: Record<string, string | number>) => string}} context */
export function createUpdate({t}) {
  const list = h("dl", {class: "inspector-memory"});
  const derived = h("div", {class: "inspector-derived"});
  const step = h("div", {class: "inspector-last"});
  const from = new Live(5);
  const to = new Live(5);
  const effect = h("p", {class: "inspector-effect"});
  const title = h("h4", {});
  const element = h("section", {class: "inspector-update"}, title, list, derived, step, effect);
  /** @type {[string, Live][]} */
  let live = [];
  let built = "";

  /** @param {UpdateRule} rule @param {string} letter */
  function build(rule, letter) {
    live = [];
    const numbers = numbersOf(rule, live);
    const lines = linesOf(rule, letter);
    const last = lines[lines.length - 1];
    const told = lines.filter(line => line !== last && !line.reckoned && !line.chosen);
    list.replaceChildren(
      remembered("g", id("g"), numbers.result("g")),
      ...told.map(line => remembered(line.name, line.symbol(), numbers.result(line.name))),
    );
    derived.replaceChildren(
      ...lines.filter(line => line !== last && !told.includes(line)).flatMap(line => linesFor(line, numbers)),
    );
    step.replaceChildren(...linesFor(last, numbers));
    effect.replaceChildren(math(id(letter), op(":"), wrap(from), op("→"), wrap(to)));
  }

  return {
    element,
    /**
     * @param {UpdateRule | undefined} rule
     * @param {Record<string, number | null> | undefined} terms
     * @param {string} letter of the parameter
     * @param {string} lang
     */
    update(rule, terms, letter, lang) {
      element.hidden = !rule || !terms?.t;
      if (!rule || !terms || element.hidden) return;
      const key = JSON.stringify([rule, letter, lang]);
      if (key !== built) {
        built = key;
        build(rule, letter);
        title.textContent = t("inspector.update", {optimizer: t(`optimizer.${rule.name}`)});
      }
      for (const [term, value] of live) value.set(terms[term]);
      from.set(terms.w);
      to.set(terms.w === null || terms.step === null ? null : terms.w + terms.step);
    },
  };
}

/**
 * Numbers to be written later, noted in `live`: within a formula, where a negative one stands in brackets, and results.
 * @param {UpdateRule} rule
 * @param {[string, Live][]} live
 */
function numbersOf(rule, live) {
  const write = (/** @type {string} */ term, /** @type {number} */ digits) =>
    rule.fixed.includes(term) ? chosen : (/** @type {number} */ x) => plain(x, digits);
  const note = (/** @type {string} */ term, /** @type {Live} */ value) => {
    live.push([term, value]);
    return value;
  };
  return {
    inside: (/** @type {string} */ term, /** @type {number} */ digits) => {
      const text = write(term, digits);
      return wrap(note(term, new Live(digits, x => (x < 0 ? `(${text(x)})` : text(x)))));
    },
    result: (/** @type {string} */ term) => note(term, new Live(4, write(term, 4))),
  };
}

/** @param {string} term @param {Element} symbol @param {Live} value */
function remembered(term, symbol, value) {
  return h("div", {}, h("dt", {}, math(symbol)), h("dd", {dataset: {role: `inspector-term-${term}`}}, value.node));
}

/**
 * A line in symbols and, below, in numbers, with what they come to.
 * @param {Line} line
 * @param {ReturnType<typeof numbersOf>} numbers
 * @returns {Element[]}
 */
function linesFor(line, {inside, result}) {
  const {name, sign, formula} = line;
  const value = wrap(result(name));
  value.setAttribute("data-role", name === "step" ? "inspector-step" : `inspector-term-${name}`);
  const symbols = [line.symbol(), op(sign), line.symbols()];
  if (line.chosen) return [shown("", ...symbols, op("="), value)];
  const digits = name === "step" ? 3 : 4;
  const long = lengthOf(formula) > ON_A_LINE;
  const made = expressionOf(formula, term => inside(term, long ? 3 : digits), true);
  const rows = long && name !== "step" ? [[made], [value]] : [[made, op("="), value]];
  return [shown("", ...symbols), ...rows.map(parts => shown(" inspector-numbers", op("="), ...parts))];
}

/** A formula with fractions in full size. @param {string} more classes @param {Element[]} parts */
function shown(more, ...parts) {
  const formula = math(...parts);
  formula.setAttribute("displaystyle", "true");
  return h("div", {class: `inspector-formula${more}`}, formula);
}

/** @param {Live} live */
function wrap(live) {
  const box = m("mn");
  box.append(live.node);
  return box;
}
