// @ts-check
/** The update rule of the optimizer with the numbers of one parameter, as MathML. */

import {compact} from "../../draw/format.js";
import {factor, hat, i, lead, n, op, over, raised, root} from "./formulas.js";
import {derivative, formula, m} from "../shared/symbols.js";

/** @typedef {import("./formulas.js").Subject} Subject */

const one = () => m("mn", "1");
const squared = (/** @type {string} */ letter) => raised(i(letter), m("mn", "2"));
/** In brackets. @param {Element[]} inside */
const group = (...inside) => m("mrow", op("("), ...inside, op(")"));
/** A number of the rule itself, written as it was chosen: η, ε, β … @param {number} x */
const fixed = x =>
  m(
    "mn",
    x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6) ? compact(x) : String(+x.toPrecision(4)).replace("-", "−"),
  );
/** @param {string} letter @param {Element} below */
const indexed = (letter, below) => m("msub", i(letter), below);
const next = () => m("mrow", i("t"), op("+"), one());
const largest = () => indexed("v", m("mtext", "max"));

/**
 * The optimizer's rule for one parameter, and the parameter before and after.
 * @param {Subject} subject
 * @returns {Element[]}
 */
export function updateFormula({step, parameter: p}) {
  const {name, ...h} = step.optimizer;
  const o = /** @type {Record<string, number>} */ (h);
  const eta = step.learning_rate;
  const g = step.G_step[p];
  const memory = (/** @type {string} */ key) => step.memory[key]?.[p] ?? NaN;
  const D = () => m("mrow", m("mi", "Δ"), i("w"));
  const change = step.step[p];
  const back = (/** @type {number} */ x) => factor(x, "backward");
  /**
   * −η times something, with symbols and then with numbers.
   * @param {Element[]} symbols
   * @param {Element[]} numbers
   * @param {number} [rate]
   */
  const steps = (symbols, numbers, rate = eta) => [
    [D(), op("="), op("−"), i("η"), ...symbols],
    [lead("="), op("−"), fixed(rate), op("·"), ...numbers],
  ];
  const quotient = (/** @type {Element} */ above, /** @type {Element[]} */ ...under) =>
    over(above, m("mrow", root(...under), op("+"), i("ε")));
  const divided = (/** @type {number} */ above, /** @type {number} */ under) =>
    over(n(above, "backward"), m("mrow", root(n(under)), op("+"), fixed(o.eps)));
  /**
   * A running mean: x ← βx + (1 − β) of something new.
   * @param {string} letter
   * @param {string} beta
   * @param {Element} fresh
   * @param {number} value
   */
  const average = (letter, beta, fresh, value) => [
    i(letter),
    op("←"),
    i(beta),
    i(letter),
    op("+"),
    group(one(), op("−"), i(beta)),
    fresh,
    op("="),
    n(value),
  ];
  const corrected = (
    /** @type {string} */ letter,
    /** @type {Element} */ from,
    /** @type {string} */ beta,
    /** @type {number} */ value,
  ) => [hat(letter), op("="), over(from, m("mrow", one(), op("−"), raised(i(beta), i("t")))), op("="), n(value)];
  const seconds = () => corrected("v", name === "amsgrad" ? largest() : i("v"), "β₂", memory("v_hat"));
  const adam = () => [corrected("m", i("m"), "β₁", memory("m_hat")), seconds()];
  const adamStep = () => steps([quotient(hat("m"), hat("v"))], [divided(memory("m_hat"), memory("v_hat"))]);

  /** @type {Record<string, () => Element[][]>} */
  const rules = {
    sgd: () => steps([i("g")], [back(g)]),
    momentum: () => [
      [
        i("v"),
        op("←"),
        i("μ"),
        i("v"),
        op("+"),
        ...(o.dampening ? [group(one(), op("−"), i("τ"))] : []),
        i("g"),
        op("="),
        n(memory("v"), "backward"),
      ],
      ...steps([i("v")], [back(memory("v"))]),
    ],
    nesterov: () => [
      [i("v"), op("←"), i("μ"), i("v"), op("+"), i("g"), op("="), n(memory("v"), "backward")],
      ...steps(
        [group(i("g"), op("+"), i("μ"), i("v"))],
        [group(n(g, "backward"), op("+"), fixed(o.momentum), op("·"), factor(memory("v")))],
      ),
    ],
    adagrad: () => [
      [i("s"), op("←"), i("s"), op("+"), squared("g"), op("="), n(memory("s"))],
      ...(o.lr_decay
        ? [
            [
              indexed("η", i("t")),
              op("="),
              over(i("η"), m("mrow", one(), op("+"), group(i("t"), op("−"), one()), i("λ"))),
              op("="),
              fixed(eta / (1 + (o.t - 1) * o.lr_decay)),
            ],
          ]
        : []),
      ...steps([quotient(i("g"), i("s"))], [divided(g, memory("s"))], eta / (1 + (o.t - 1) * o.lr_decay)),
    ],
    rmsprop: rmspropLines,
    adadelta: adadeltaLines,
    adamw: () => {
      const [symbols, numbers] = adamStep();
      return [
        ...adam(),
        [...symbols, op("−"), i("η"), i("λ"), i("w")],
        [...numbers, op("−"), fixed(eta), op("·"), fixed(o.weight_decay), op("·"), factor(step.P[p])],
      ];
    },
    nadam: () => [...lookAhead(), seconds(), ...adamStep()],
  };

  /** @returns {Element[][]} */
  function rmspropLines() {
    const s = memory("s");
    const mean = memory("m");
    const centered = Boolean(o.centered);
    const spread = centered ? Math.max(s - mean * mean, 0) : s;
    const under = () => (centered ? [i("s"), op("−"), squared("m")] : [i("s")]);
    const lines = [
      average("s", "α", squared("g"), s),
      ...(centered ? [average("m", "α", i("g"), mean), [i("s"), op("−"), squared("m"), op("="), n(spread)]] : []),
    ];
    if (!o.momentum) return [...lines, ...steps([quotient(i("g"), ...under())], [divided(g, spread)])];
    return [
      ...lines,
      [i("v"), op("←"), i("μ"), i("v"), op("+"), quotient(i("g"), ...under()), op("="), n(memory("v"), "backward")],
      ...steps([i("v")], [back(memory("v"))]),
    ];
  }

  /** By now u has taken up d²; the u that d was made with is what it was before. @returns {Element[][]} */
  function adadeltaLines() {
    const d = eta ? -change / eta : 0;
    const before = o.rho ? Math.max((memory("u") - (1 - o.rho) * d * d) / o.rho, 0) : 0;
    const raise = (/** @type {Element} */ x, /** @type {Element} */ e) => root(x, op("+"), e);
    return [
      average("s", "ρ", squared("g"), memory("s")),
      [
        i("d"),
        op("="),
        over(raise(i("u"), i("ε")), raise(i("s"), i("ε"))),
        i("g"),
        op("="),
        over(raise(n(before), fixed(o.eps)), raise(n(memory("s")), fixed(o.eps))),
        op("·"),
        back(g),
      ],
      ...steps([i("d")], [back(d)]),
    ];
  }

  /** NAdam's mean, which looks one step ahead. @returns {Element[][]} */
  function lookAhead() {
    const rest = (/** @type {Element[]} */ ...taken) => m("mrow", one(), op("−"), ...taken);
    const M = () => indexed("M", i("t"));
    const mu = () => indexed("μ", i("t"));
    const after = () => indexed("μ", next());
    return [
      [mu(), op("="), fixed(o.mu), op(","), after(), op("="), fixed(o.mu_next)],
      [M(), op("="), indexed("μ", one()), op("⋯"), mu(), op("="), fixed(o.product)],
      [
        hat("m"),
        op("="),
        over(m("mrow", after(), i("m")), rest(M(), after())),
        op("+"),
        over(m("mrow", group(rest(mu())), i("g")), rest(M())),
      ],
      [
        lead("="),
        over(
          m("mrow", fixed(o.mu_next), op("·"), back(memory("m"))),
          rest(fixed(o.product), op("·"), fixed(o.mu_next)),
        ),
      ],
      [lead("+"), over(m("mrow", group(rest(fixed(o.mu))), op("·"), back(g)), rest(fixed(o.product)))],
      [lead("="), n(memory("m_hat"), "backward")],
    ];
  }

  const lines = rules[name]?.() ?? [...adam(), ...adamStep()];
  const gradient =
    g === step.G[p]
      ? [derivative(i("w")), op("="), n(g, "backward")]
      : [
          i("clip"),
          op("("),
          derivative(i("w")),
          op(")"),
          op("="),
          i("clip"),
          op("("),
          n(step.G[p], "backward"),
          op(")"),
          op("="),
          n(g, "backward"),
        ];
  return [
    formula(i("g"), op("="), ...gradient),
    ...lines.map(line => formula(...line)),
    formula(lead("="), n(change, "backward")),
    formula(i("w"), op("←"), i("w"), op("+"), D()),
    formula(lead("="), n(step.P[p]), op("+"), factor(change, "backward"), op("="), n(step.P_after[p])),
  ];
}
