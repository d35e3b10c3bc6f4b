// @ts-check
/** The update formula of the optimizer in use, in symbols and, below, in its numbers. */

import {h} from "../../draw/dom.js";
import {compact, plain} from "../../draw/format.js";
import {id, Live, math, op, row} from "./math.js";
import {m} from "../shared/symbols.js";

/** @typedef {(name: string) => Element} Leaf a symbol or its number */

/** How the names of the core's terms are written. @type {Record<string, () => Element>} */
const SYMBOLS = {
  eta: () => id("η"),
  g: () => id("g"),
  m: () => id("m"),
  v: () => id("v"),
  s: () => id("s"),
  d: () => id("d"),
  t: () => id("t"),
  eps: () => id("ε"),
  momentum: () => id("μ"),
  weight_decay: () => id("λ"),
  u_before: () => id("u"),
  variance: () => row(id("s"), op("−"), m("msup", id("m"), m("mn", "2"))),
  eta_t: () => m("msub", id("η"), id("t")),
  m_hat: () => m("mover", id("m"), op("^")),
  v_hat: () => m("mover", id("v"), op("^")),
  beta1: () => m("msub", id("β"), m("mn", "1")),
  beta2: () => m("msub", id("β"), m("mn", "2")),
  largest_v: () => m("msub", id("v"), m("mtext", "max")),
  v_before: () => id("v"),
  mu: () => m("msub", id("μ"), id("t")),
  mu_next: () => m("msub", id("μ"), row(id("t"), op("+"), one())),
  product: () => m("msub", id("M"), id("t")),
};

const one = () => m("mn", "1");
const minus = () => op("−");
const times = () => op("·");
/** @param {Leaf} x @param {string} over @param {string} under */
const quotient = (x, over, under) => m("mfrac", x(over), row(m("msqrt", x(under)), op("+"), x("eps")));
/** @param {Leaf} x */
const adam = x => row(minus(), x("eta"), times(), quotient(x, "m_hat", "v_hat"));

/** What RMSprop takes the root of. @param {Record<string, number | null>} terms */
const spreadOf = terms => (terms.centered ? "variance" : "s");

/** The step of each rule. @type {Record<string, (x: Leaf, terms: Record<string, number | null>) => Element>} */
const STEPS = {
  sgd: x => row(minus(), x("eta"), times(), x("g")),
  momentum: x => row(minus(), x("eta"), times(), x("v")),
  nesterov: x => row(minus(), x("eta"), times(), op("("), x("g"), op("+"), x("momentum"), times(), x("v"), op(")")),
  adagrad: x => row(minus(), x("eta_t"), times(), quotient(x, "g", "s")),
  rmsprop: (x, terms) =>
    terms.momentum
      ? row(minus(), x("eta"), times(), x("v"))
      : row(minus(), x("eta"), times(), quotient(x, "g", spreadOf(terms))),
  adadelta: x =>
    row(
      minus(),
      x("eta"),
      times(),
      m(
        "mfrac",
        row(m("msqrt", row(x("u_before"), op("+"), x("eps")))),
        row(m("msqrt", row(x("s"), op("+"), x("eps")))),
      ),
      times(),
      x("g"),
    ),
  adam,
  amsgrad: adam,
  nadam: adam,
  adamw: x => row(adam(x), minus(), x("eta"), times(), x("weight_decay"), times(), x("w")),
};

/**
 * A mean that has not forgotten its start at 0 is divided by what it has of the whole.
 * @param {Leaf} x
 * @param {string} mean
 * @param {string} beta
 */
const corrected = (x, mean, beta) => m("mfrac", x(mean), row(one(), op("−"), m("msup", x(beta), x("t"))));
/**
 * @typedef {[string, (x: Leaf, terms: Record<string, number | null>) => Element]} Derived a term, and what it is made
 * of
 */
/** @param {string} v @returns {Derived[]} */
const hats = v => [
  ["m_hat", x => corrected(x, "m", "beta1")],
  ["v_hat", x => corrected(x, v, "beta2")],
];

/** What is made on the way to the step, in formulas of its own. @type {Record<string, Derived[]>} */
const DERIVED = {
  rmsprop: [
    ["v", (x, terms) => row(x("momentum"), times(), x("v_before"), op("+"), quotient(x, "g", spreadOf(terms)))],
  ],
  adam: hats("v"),
  amsgrad: hats("largest_v"),
  adamw: hats("v"),
  nadam: [
    [
      "m_hat",
      x =>
        row(
          m("mfrac", row(x("mu_next"), times(), x("m")), row(one(), op("−"), x("product"), times(), x("mu_next"))),
          op("+"),
          m(
            "mfrac",
            row(op("("), one(), op("−"), x("mu"), op(")"), times(), x("g")),
            row(one(), op("−"), x("product")),
          ),
        ),
    ],
    ["v_hat", x => corrected(x, "v", "beta2")],
  ],
};
/** RMSprop has a velocity only with momentum. @param {string} name @param {Record<string, number | null>} terms */
const derivedOf = (name, terms) => (name === "rmsprop" && !terms.momentum ? [] : (DERIVED[name] ?? []));

/** What each rule remembers, told before its step. @type {Record<string, string[]>} */
const MEMORY = {
  sgd: ["g"],
  momentum: ["g", "v"],
  nesterov: ["g", "v"],
  adagrad: ["g", "s"],
  rmsprop: ["g", "s"],
  adadelta: ["g", "s", "u_before"],
  adam: ["g", "m", "v"],
  amsgrad: ["g", "m", "v", "largest_v"],
  adamw: ["g", "m", "v"],
  nadam: ["g", "m", "v", "mu", "mu_next", "product"],
};
/** @param {string} name @param {Record<string, number | null>} terms */
const memoryOf = (name, terms) => [...(MEMORY[name] ?? ["g"]), ...(name === "rmsprop" && terms.centered ? ["m"] : [])];

/** Numbers of the rule itself are written as they were chosen. */
const CONSTANTS = new Set(["eps", "momentum", "weight_decay", "beta1", "beta2", "t", "mu", "mu_next", "product"]);
/** @param {number} x */
const constant = x =>
  x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6) ? compact(x) : String(+x.toPrecision(4)).replace("-", "−");

/** @param {{t: (key: string, params?: Record<string, string | number>) => string}} context */
export function createUpdate({t}) {
  const list = h("dl", {class: "inspector-memory"});
  const derived = h("div", {class: "inspector-derived"});
  const symbols = h("div", {class: "inspector-formula"});
  const numbers = h("div", {class: "inspector-formula inspector-numbers"});
  const from = new Live(5);
  const to = new Live(5);
  const effect = h("p", {class: "inspector-effect"});
  const title = h("h4", {});
  const element = h("section", {class: "inspector-update"}, title, list, derived, symbols, numbers, effect);
  /** @type {[string, Live][]} */
  let live = [];
  let built = "";

  /** @param {string} name @param {Record<string, number | null>} terms @param {string} letter */
  function build(name, terms, letter) {
    live = [];
    /**
     * Inside a product a negative number stands in brackets.
     * @param {string} term
     * @param {number} digits
     * @param {boolean} [signed]
     */
    const number = (term, digits, signed = false) => {
      const write = CONSTANTS.has(term) ? constant : (/** @type {number} */ x) => plain(x, digits);
      const value = new Live(digits, x => (signed && x < 0 ? `(${write(x)})` : write(x)));
      const box = m("mn");
      box.append(value.node);
      live.push([term, value]);
      return box;
    };
    const symbol = (/** @type {string} */ term) =>
      term === "w" ? id(letter) : (SYMBOLS[term] ?? (() => m("mtext", term)))();
    const known = memoryOf(name, terms);
    const step = STEPS[name] ?? (() => m("mtext", "…"));
    list.replaceChildren(
      ...known.map(term => {
        const value = new Live(4);
        live.push([term, value]);
        return h(
          "div",
          {},
          h("dt", {}, math(symbol(term))),
          h("dd", {dataset: {role: `inspector-term-${term}`}}, value.node),
        );
      }),
    );
    derived.replaceChildren(
      ...derivedOf(name, terms).flatMap(([term, made]) => {
        const value = new Live(4);
        const box = m("mn");
        box.append(value.node);
        box.setAttribute("data-role", `inspector-term-${term}`);
        live.push([term, value]);
        return [
          h("div", {class: "inspector-formula"}, large(math(symbol(term), op("="), made(symbol, terms)))),
          ...(name === "nadam" && term === "m_hat"
            ? [[made(part => number(part, 3, true), terms)], [box]]
            : [[made(part => number(part, 4, true), terms), op("="), box]]
          ).map(parts => h("div", {class: "inspector-formula inspector-numbers"}, large(math(op("="), ...parts)))),
        ];
      }),
    );
    symbols.replaceChildren(large(math(id(`Δ${letter}`), op("="), step(symbol, terms))));
    const sum = m("mn");
    const total = new Live(4);
    sum.append(total.node);
    sum.setAttribute("data-role", "inspector-step");
    live.push(["step", total]);
    numbers.replaceChildren(
      large(
        math(
          op("="),
          step(term => number(term, 3, true), terms),
          op("="),
          sum,
        ),
      ),
    );
    effect.replaceChildren(math(id(letter), op(":"), wrap(from), op("→"), wrap(to)));
  }

  return {
    element,
    /**
     * @param {string} name of the optimizer
     * @param {Record<string, number | null> | undefined} terms
     * @param {string} letter of the parameter
     * @param {string} lang */
    update(name, terms, letter, lang) {
      element.hidden = !terms || !terms.t;
      if (!terms || element.hidden) return;
      const key = `${name} ${letter} ${lang} ${terms.momentum ? 1 : 0} ${terms.centered ?? 0}`;
      if (key !== built) {
        built = key;
        build(name, terms, letter);
        title.textContent = t("inspector.update", {optimizer: t(`optimizer.${name}`)});
      }
      for (const [term, value] of live) value.set(terms[term]);
      from.set(terms.w);
      to.set(terms.w === null || terms.step === null ? null : terms.w + terms.step);
    },
  };
}

/** Fractions in full size. @param {Element} formula */
function large(formula) {
  formula.setAttribute("displaystyle", "true");
  return formula;
}

/** @param {Live} live */
function wrap(live) {
  const box = m("mn");
  box.append(live.node);
  return box;
}
