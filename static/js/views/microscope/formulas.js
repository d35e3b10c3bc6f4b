// @ts-check
/** The formulas of a phase with the numbers of the sample in them, as MathML. */

import {plain} from "../../draw/format.js";
import {derivative, formula, m, sign} from "../shared/symbols.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").Layout} Layout */
/**
 * What a formula is about.
 * @typedef {{step: Microscope, layout: Layout, y: ArrayLike<number>, huber_delta?: number, layer: number, index:
 * number, parameter: number}} Subject
 */

/** Terms of a sum that are written out, and signs on a line. */
const MOST_TERMS = 6;
const ON_A_LINE = 34;

/** @param {string} text */
export const op = text => m("mo", text);
/** A sign at the beginning of a line, as wide as between two numbers. @param {string} text */
export const lead = text => {
  const sign = op(text);
  for (const [name, value] of [
    ["form", "infix"],
    ["lspace", "0.28em"],
    ["rspace", "0.28em"],
  ])
    sign.setAttribute(name, value);
  return sign;
};
/** @param {number} x @param {string} [tone] "forward" | "backward" */
export const n = (x, tone) => toned(m("mn", plain(x)), tone);
/** A number as a factor: in brackets below zero. @param {number} x @param {string} [tone] */
export const factor = (x, tone) => (x < 0 ? m("mrow", op("("), n(x, tone), op(")")) : n(x, tone));
/** @param {Element} element @param {string} [tone] */
const toned = (element, tone) => {
  if (tone) element.setAttribute("class", `tone-${tone}`);
  return element;
};
/** @param {string} letter @param {number} layer @param {number[]} indices */
const s = (letter, layer, ...indices) => sign(letter, layer, ...indices);
/** @param {string} letter */
export const i = letter => m("mi", letter);
/** @param {string} letter */
const hat = letter => m("mover", i(letter), op("^"));
const ln = () => {
  const space = m("mspace");
  space.setAttribute("width", "0.17em");
  return m("mrow", i("ln"), space);
};
/** @param {Element} above @param {Element} below */
const over = (above, below) => m("mfrac", above, below);
/** @param {Element} base @param {Element} power */
const raised = (base, power) => m("msup", base, power);

/** A formula below others that has a left side of its own. @param {Element[]} parts */
function beginning(...parts) {
  const element = formula(...parts);
  element.setAttribute("class", "begins");
  return element;
}

/**
 * A sum of products with its numbers, a few to a line; the smallest of many are summed up.
 * @param {{a: number, b?: number, tones?: [string | undefined, string | undefined]}[]} terms
 * @param {(k: number) => string} more words for `k` further terms
 * @returns {Element[]} lines
 */
function sumLines(terms, more) {
  const size = (/** @type {{a: number, b?: number}} */ {a, b = 1}) => Math.abs(a * b);
  const kept =
    terms.length <= MOST_TERMS
      ? terms
      : terms
          .filter(term => terms.filter(other => size(other) > size(term)).length < MOST_TERMS - 1)
          .slice(0, MOST_TERMS - 1);
  const rest = terms.filter(term => !kept.includes(term));
  const lines = /** @type {Element[]} */ ([]);
  let room = 0;
  kept.forEach(({a, b, tones = [undefined, undefined]}, k) => {
    const long = (/** @type {number | undefined} */ x) => (x === undefined ? 0 : plain(x).length + (x < 0 ? 2 : 1));
    room -= long(a) + long(b);
    const term = b === undefined ? [factor(a, tones[0])] : [factor(a, tones[0]), op("·"), factor(b, tones[1])];
    if (k === 0 || room < 0) {
      lines.push(m("mrow", lead(k ? "+" : "="), ...term));
      room = ON_A_LINE - long(a) - long(b);
    } else lines[lines.length - 1].append(op("+"), ...term);
  });
  if (rest.length)
    lines.push(
      m(
        "mrow",
        lead("+"),
        factor(rest.reduce((sum, {a, b = 1}) => sum + a * b, 0)),
        m("mtext", `\u2002${more(rest.length)}`),
      ),
    );
  return lines.map(line => formula(line));
}

/**
 * Where the numbers of neuron (layer, index) stand.
 * @param {Layout} layout
 * @param {number} layer
 * @param {number} index
 */
const at = ({units}, layer, index) => units[layer].offset + index;
/** @param {Layout} layout @param {number} layer @param {number} from @param {number} to */
export const weightAt = ({blocks}, layer, from, to) => blocks[layer - 1].offset + from * blocks[layer - 1].cols + to;

/** What layer − 1 passes on to a layer. @param {Subject} subject @param {number} k */
export const incoming = ({step, layout, layer}, k) => passedOn(step, at(layout, layer - 1, k));

/** What a neuron passes on: behind the mask of dropout and the skip. @param {Microscope} step @param {number} u */
export const passedOn = ({sample: {A, H}, mask}, u) => (H ? H[u] : A[u] * mask[u]);

/** z = Σ w a + b @param {Subject} subject @param {(k: number) => string} more @returns {Element[]} */
export function sumFormula(subject, more) {
  const {step, layout, layer, index} = subject;
  const inputs = layout.sizes[layer - 1];
  const j = index + 1;
  const bias = layout.blocks[layer - 1].rows > inputs && !layout.blocks[layer - 1].fixed;
  const terms = Array.from({length: inputs}, (_, k) => ({
    a: step.P[weightAt(layout, layer, k, index)],
    b: incoming(subject, k),
    tones: /** @type {[undefined, string]} */ ([undefined, "forward"]),
  }));
  const last = bias ? [{a: step.P[weightAt(layout, layer, inputs, index)]}] : [];
  const k = i("k");
  const a = layer > 1 ? m("msubsup", i("a"), k, m("mn", String(layer - 1))) : m("msub", i("x"), k);
  return [
    formula(
      s("z", layer, j),
      op("="),
      m("munder", op("∑"), i("k")),
      m("msubsup", i("w"), m("mrow", m("mn", String(j)), i("k")), m("mn", String(layer))),
      toned(a, "forward"),
      ...(bias ? [op("+"), s("b", layer, j)] : []),
    ),
    ...sumLines([...terms, ...last], more),
    formula(lead("="), n(step.sample.Z[at(layout, layer, index)], "forward")),
  ];
}

/** ẑ = (z − μ) / σ, u = γ ẑ + β @param {Subject} subject @returns {Element[]} */
export function normalizeFormula({step, layout, layer, index}) {
  const u = at(layout, layer, index);
  const z = step.sample.Z[u];
  const mean = step.centre[u];
  const spread = step.spread[u];
  const z_hat = (z - mean) / spread;
  const block = layout.blocks[layer - 1];
  const gamma = step.P[(block.gamma ?? 0) + index];
  const beta = step.P[(block.beta ?? 0) + index];
  return [
    formula(
      hat("z"),
      op("="),
      over(m("mrow", i("z"), op("−"), i("μ")), i("σ")),
      op("="),
      over(m("mrow", n(z, "forward"), op("−"), factor(mean)), n(spread)),
      op("="),
      n(z_hat, "forward"),
    ),
    formula(
      i("u"),
      op("="),
      i("γ"),
      hat("z"),
      op("+"),
      i("β"),
      op("="),
      n(gamma),
      op("·"),
      factor(z_hat, "forward"),
      op("+"),
      factor(beta),
    ),
    formula(lead("="), n(step.sample.U[u], "forward")),
  ];
}

/** f written out, where it is short. @type {Record<string, (z: () => Element) => Element[]>} */
const WRITTEN = {
  identity: z => [z()],
  sigmoid: z => [over(m("mn", "1"), m("mrow", m("mn", "1"), op("+"), raised(i("e"), m("mrow", op("−"), z()))))],
  tanh: z => [i("tanh"), op("("), z(), op(")")],
  relu: z => [i("max"), op("("), m("mn", "0"), op(","), z(), op(")")],
  softplus: z => [ln(), op("("), m("mn", "1"), op("+"), raised(i("e"), z()), op(")")],
  softsign: z => [over(z(), m("mrow", m("mn", "1"), op("+"), op("|"), z(), op("|")))],
  silu: z => [over(z(), m("mrow", m("mn", "1"), op("+"), raised(i("e"), m("mrow", op("−"), z()))))],
};

/** a = f(z) @param {Subject} subject @param {string} name of the activation @returns {Element[]} */
export function activateFormula({step, layout, layer, index}, name) {
  const u = at(layout, layer, index);
  const j = index + 1;
  const kind = layout.activations[layer - 1];
  const normalized = Boolean(step.normalization[layer - 1]);
  const input = normalized ? i("u") : s("z", layer, j);
  const x = step.sample.U[u];
  const f = step.sample.A[u];
  const mask = step.mask[u];
  const write = WRITTEN[kind];
  const skip = step.residual[layer - 1];
  const own = () => [i("f"), op("("), /** @type {Element} */ (input.cloneNode(true)), op(")")];
  const result = skip ? own() : [s("a", layer, j)];
  const lines =
    kind === "softmax"
      ? softmaxLines(step, layout, layer, index)
      : write
        ? [
            formula(...result, op("="), ...write(() => /** @type {Element} */ (input.cloneNode(true)))),
            formula(lead("="), ...write(() => factor(x, "forward"))),
          ]
        : [
            formula(
              ...result,
              op("="),
              i(name),
              op("("),
              input,
              op(")"),
              op("="),
              i(name),
              op("("),
              n(x, "forward"),
              op(")"),
            ),
          ];
  lines.push(formula(lead("="), n(f, "forward")));
  const masked = step.dropout > 0 && layer < layout.sizes.length - 1;
  const branch = masked ? [n(f), op("·"), n(mask)] : [n(f)];
  if (skip) {
    const below = at(layout, layer - 1, index);
    lines.push(
      beginning(
        s("a", layer, j),
        op("="),
        ...own(),
        ...(masked ? [op("·"), m("mtext", "mask")] : []),
        op("+"),
        s("a", layer - 1, j),
      ),
      formula(lead("="), ...branch, op("+"), factor(passedOn(step, below), "forward")),
      formula(lead("="), n(passedOn(step, u), "forward")),
    );
  } else if (masked) lines.push(formula(...branch, op("="), n(f * mask, "forward")));
  return lines;
}

/** @param {Microscope} step @param {Layout} layout @param {number} layer @param {number} index */
function softmaxLines(step, layout, layer, index) {
  const z = (/** @type {number} */ k) => step.sample.Z[at(layout, layer, k)];
  const most = Math.max(...Array.from({length: layout.sizes[layer]}, (_, k) => z(k)));
  let sum = 0;
  for (let k = 0; k < layout.sizes[layer]; k++) sum += Math.exp(z(k) - most);
  const e = (/** @type {Element} */ power) => raised(i("e"), power);
  return [
    formula(
      s("a", layer, index + 1),
      op("="),
      over(
        e(s("z", layer, index + 1)),
        m("mrow", m("munder", op("∑"), i("k")), e(m("msubsup", i("z"), i("k"), m("mn", String(layer))))),
      ),
    ),
    formula(lead("="), over(e(n(z(index), "forward")), n(sum * Math.exp(most)))),
  ];
}

/** C of the sample from its outputs. @param {Subject} subject @returns {Element[]} */
export function lossFormula({step, layout, y, index}) {
  const last = layout.sizes.length - 1;
  const count = layout.sizes[last];
  const a = (/** @type {number} */ j) => step.sample.A[at(layout, last, j)];
  const j = layout.loss === "cross_entropy" ? strongest(y, count) : index;
  const C = m("msub", i("C"), i("x"));
  const A = () => s("a", last, j + 1);
  const Y = () => m("msub", i("y"), m("mn", String(j + 1)));
  const own = () => step.sample_loss[0];
  const square = (/** @type {Element[]} */ ...inside) => raised(m("mrow", op("("), ...inside, op(")")), m("mn", "2"));
  const sum = () => (count > 1 ? [m("munder", op("∑"), i("j"))] : []);
  const aj = () => (count > 1 ? m("msubsup", i("a"), i("j"), m("mn", String(last))) : A());
  const yj = () => (count > 1 ? m("msub", i("y"), i("j")) : i("y"));
  const share = (/** @type {number} */ of) => (count * of > 1 ? [over(m("mn", "1"), m("mn", String(count * of)))] : []);
  const written = {
    bce: () => [
      [
        op("−"),
        ...sum(),
        op("("),
        yj(),
        ln(),
        aj(),
        op("+"),
        op("("),
        m("mn", "1"),
        op("−"),
        yj(),
        op(")"),
        ln(),
        op("("),
        m("mn", "1"),
        op("−"),
        aj(),
        op(")"),
        op(")"),
      ],
      count > 1
        ? []
        : y[0] === 1
          ? [op("−"), ln(), n(a(0), "forward")]
          : y[0] === 0
            ? [op("−"), ln(), op("("), m("mn", "1"), op("−"), n(a(0), "forward"), op(")")]
            : [],
    ],
    cross_entropy: () => [
      [op("−"), m("munder", op("∑"), i("j")), yj(), ln(), aj()],
      y[j] === 1 ? [op("−"), ln(), n(a(j), "forward")] : [],
    ],
    mse: () => [
      [...share(1), ...sum(), square(aj(), op("−"), yj())],
      count > 1 ? [] : [square(n(a(0), "forward"), op("−"), factor(y[0]))],
    ],
    half_squared_error: () => [
      [over(m("mn", "1"), m("mn", "2")), ...sum(), square(aj(), op("−"), yj())],
      count > 1 ? [] : [over(m("mn", "1"), m("mn", "2")), square(n(a(0), "forward"), op("−"), factor(y[0]))],
    ],
    mae: () => [
      [...share(1), ...sum(), op("|"), aj(), op("−"), yj(), op("|")],
      count > 1 ? [] : [op("|"), n(a(0), "forward"), op("−"), factor(y[0]), op("|")],
    ],
    hinge: () => [
      [...sum(), i("max"), op("("), m("mn", "0"), op(","), m("mn", "1"), op("−"), yj(), aj(), op(")")],
      count > 1
        ? []
        : [
            i("max"),
            op("("),
            m("mn", "0"),
            op(","),
            m("mn", "1"),
            op("−"),
            factor(y[0]),
            op("·"),
            factor(a(0), "forward"),
            op(")"),
          ],
    ],
  }[layout.loss];
  const [symbols, numbers] = written?.() ?? [[i("C"), op("("), A(), op(","), Y(), op(")")], []];
  return [
    formula(C, op("="), ...symbols),
    ...(numbers.length ? [formula(lead("="), ...numbers)] : []),
    formula(lead("="), n(own())),
  ];
}

/** @param {ArrayLike<number>} y @param {number} count */
export function strongest(y, count) {
  let best = 0;
  for (let j = 1; j < count; j++) if (y[j] > y[best]) best = j;
  return best;
}

/**
 * δ = ∂C/∂z of an output or of a hidden neuron.
 * @param {Subject} subject
 * @param {(k: number) => string} more
 * @returns {Element[]}
 */
export function errorFormula(subject, more) {
  const {step, layout, y, layer, index, huber_delta} = subject;
  const last = layout.sizes.length - 1;
  const u = at(layout, layer, index);
  const j = index + 1;
  const delta = step.sample.D[u];
  const slope = step.sample.F[u];
  const d = () => toned(s("δ", layer, j), "backward");
  if (layer === last) {
    const a = step.sample.A[u];
    const aj = s("a", layer, j);
    const yj = layout.sizes[last] > 1 ? m("msub", i("y"), m("mn", String(j))) : i("y");
    if (layout.loss === "bce" || layout.loss === "cross_entropy") {
      return [
        formula(d(), op("="), derivative(s("z", layer, j)), op("="), aj, op("−"), yj),
        formula(lead("="), n(a, "forward"), op("−"), factor(y[index])),
        formula(lead("="), n(delta, "backward")),
      ];
    }
    return [
      formula(d(), op("="), derivative(s("a", layer, j)), op("·"), i("f′"), op("("), s("z", layer, j), op(")")),
      formula(
        lead("="),
        factor(slope ? delta / slope : outputSlope(layout, a, y[index], huber_delta), "backward"),
        op("·"),
        factor(slope),
      ),
      formula(lead("="), n(delta, "backward")),
    ];
  }
  const above = layout.sizes[layer + 1];
  const k = () => i("k");
  const inner = step.normalization[layer - 1] ? i("u") : s("z", layer, j);
  const through = Array.from({length: above}, (_, to) => ({
    a: step.P[weightAt(layout, layer + 1, index, to)],
    b: step.sample.D[at(layout, layer + 1, to)],
    tones: /** @type {[undefined, string]} */ ([undefined, "backward"]),
  }));
  const skip = step.residual[layer];
  const past = skip
    ? [
        {
          a: step.sample.E?.[at(layout, layer + 1, index)] ?? NaN,
          tones: /** @type {[string, undefined]} */ (["backward", undefined]),
        },
      ]
    : [];
  const terms = /** @type {{a: number, b?: number, tones?: [string | undefined, string | undefined]}[]} */ ([
    ...through,
    ...past,
  ]);
  const sum = terms.reduce((total, {a, b = 1}) => total + a * b, 0);
  const lines = [
    formula(
      step.normalization[layer - 1] ? derivative(i("u")) : d(),
      op("="),
      op("("),
      m("munder", op("∑"), k()),
      m("msubsup", i("w"), m("mrow", k(), m("mn", String(j))), m("mn", String(layer + 1))),
      toned(m("msubsup", i("δ"), k(), m("mn", String(layer + 1))), "backward"),
      ...(skip ? [op("+"), toned(derivative(s("a", layer + 1, j)), "backward")] : []),
      op(")"),
      op("·"),
      i("f′"),
      op("("),
      inner,
      op(")"),
    ),
    ...sumLines(terms, more),
    formula(lead("="), factor(sum, "backward"), op("·"), factor(slope)),
  ];
  if (!step.normalization[layer - 1]) return [...lines, formula(lead("="), n(delta, "backward"))];
  return [
    ...lines,
    formula(lead("="), n(sum * slope, "backward")),
    formula(d(), op("="), derivative(s("z", layer, j)), op("="), n(delta, "backward")),
  ];
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
  const w = () => s("w", layer, index + 1, k + 1);
  return [
    formula(
      m("mrow", m("msub", i("∂C"), i("x")), op("/"), i("∂"), w()),
      op("="),
      toned(s("δ", layer, index + 1), "backward"),
      toned(s(layer > 1 ? "a" : "x", layer - 1, k + 1), "forward"),
    ),
    formula(lead("="), factor(delta, "backward"), op("·"), factor(a, "forward"), op("="), n(delta * a, "backward")),
    formula(
      derivative(w()),
      op("="),
      n(step.G[weightAt(layout, layer, k, index)], "backward"),
      m("mtext", `\u2002${mean}`),
    ),
  ];
}
