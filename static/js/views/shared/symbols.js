// @ts-check
/**
 * Symbols and sentences of the diagram: w, b, z, a, δ with raised layer and lowered indices, as MathML and as plain
 * text.
 */

/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @param {string} tag @param {(Element | string)[]} children */
export function m(tag, ...children) {
  const element = document.createElementNS(MATHML, tag);
  element.append(...children);
  return element;
}

/** A symbol with its layer above and its indices, from 1, below: sign("w", 2, 3, 1) is w²₃₁; inputs x need no layer.
 * @param {string} letter @param {number} layer @param {number[]} indices */
export function sign(letter, layer, ...indices) {
  const below = m(
    "mrow",
    ...indices.flatMap((n, k) =>
      k && Math.max(...indices) > 9 ? [m("mo", ","), m("mn", String(n))] : [m("mn", String(n))],
    ),
  );
  return letter === "x"
    ? m("msub", m("mi", letter), below)
    : m("msubsup", m("mi", letter), below, m("mn", String(layer)));
}

/** @param {...Element} parts */
export const formula = (...parts) => m("math", m("mrow", ...parts));

/** ∂C over ∂ of something, on one line. @param {Element} by */
export const derivative = by => m("mrow", m("mi", "∂C"), m("mo", "/"), m("mi", "∂"), by);

/**
 * The letter of what is picked: a for neurons, x for inputs, γ and β, w for weights, b for the weight of the constant
 * 1.
 * @param {Pick} pick @param {number[]} sizes */
export function letterOf(pick, sizes) {
  if (pick.kind === "neuron") return pick.of ? {gamma: "γ", beta: "β"}[pick.of] : pick.layer ? "a" : "x";
  return pick.from === sizes[pick.layer - 1] ? "b" : "w";
}

/** The symbol of what is picked. @param {Pick} pick @param {number[]} sizes */
export function symbol(pick, sizes) {
  if (pick.kind === "neuron") return sign(letterOf(pick, sizes), pick.layer, pick.index + 1);
  const letter = letterOf(pick, sizes);
  return letter === "b" ? sign("b", pick.layer, pick.to + 1) : sign("w", pick.layer, pick.to + 1, pick.from + 1);
}

/**
 * Whether a pick exists in a network of these sizes.
 * @param {Pick | null} pick
 * @param {Layout} layout
 * @returns {pick is Pick}
 */
export function exists(pick, {sizes, blocks}) {
  if (!pick || pick.layer >= sizes.length) return false;
  if (pick.kind === "neuron")
    return pick.index < sizes[pick.layer] && (!pick.of || blocks[pick.layer - 1]?.gamma != null);
  return (
    pick.layer > 0 &&
    pick.from < blocks[pick.layer - 1].rows - (blocks[pick.layer - 1].fixed ? 1 : 0) &&
    pick.to < sizes[pick.layer]
  );
}

/** @typedef {object} Number_ of what is picked
 * @property {"weight" | "gradient" | "way" | "update" | "forward" | "backward"} role
 * @property {Element} symbol
 * @property {string} [words] key of words that stand for it, where there are any
 * @property {number} value */

/**
 * What becomes of ∂C/∂w before the optimizer gets it, by the names that it has everywhere.
 * @param {{penalty?: number | null, noise?: number | null, used?: number | null}} parts null for what there is not
 * @returns {{words: string, symbol: string, value: number}[]}
 */
export function gradientSteps({penalty, noise, used}) {
  const rows = [
    {words: "gradient.penalty", symbol: "", value: penalty},
    {words: "gradient.noise", symbol: "", value: noise},
    {words: "gradient.used", symbol: "g", value: used},
  ];
  return rows.flatMap(({words, symbol: letter, value}) =>
    value === null || value === undefined ? [] : [{words, symbol: letter, value}],
  );
}

/** The same of one parameter in a frame. @param {Frame["way"]} way @param {number} at @returns {Number_[]} */
function wayAt(way, at) {
  if (!way) return [];
  const {penalty, noise, used} = way;
  const steps = gradientSteps({penalty: penalty?.[at], noise: noise?.[at], used: used[at]});
  return steps.map(({words, symbol: letter, value}) => ({role: "way", symbol: m("mi", letter), words, value}));
}

/**
 * The numbers of what is picked. Gradients and updates belong to the last batch, z, u, a and δ to the selected sample;
 * u = γẑ + β is what
 * the activation of a normalized layer is taken of.
 * @param {Pick} pick @param {Layout} layout @param {Frame} frame
 * @returns {Number_[]} a probe has no errors; the last update is NaN where the frame has none
 */
export function numbersOf(pick, layout, frame) {
  const rows = allNumbers(pick, layout, frame);
  return frame.sample < 0 ? rows.filter(row => row.role !== "backward") : rows;
}

/** @param {Pick} pick @param {Layout} layout @param {Frame} frame @returns {ReturnType<typeof numbersOf>} */
function allNumbers(pick, {sizes, blocks, units}, {P, G, U, A, Z, I, D, way}) {
  const l = pick.layer;
  if (pick.kind === "weight") {
    const {offset, cols} = blocks[l - 1];
    const at = offset + pick.from * cols + pick.to;
    const own = symbol(pick, sizes);
    const bias = pick.from === sizes[l - 1];
    return [
      {role: "weight", symbol: own, value: P[at]},
      {
        role: "gradient",
        symbol: derivative(/** @type {Element} */ (own.cloneNode(true))),
        value: (way ? way.slope : G)[at],
      },
      ...wayAt(way, at),
      {
        role: "update",
        symbol: m("mrow", m("mi", "Δ"), /** @type {Element} */ (own.cloneNode(true))),
        value: U ? U[at] : NaN,
      },
      ...(bias
        ? []
        : [
            {
              role: /** @type {const} */ ("forward"),
              symbol: sign(l > 1 ? "a" : "x", l - 1, pick.from + 1),
              value: A[units[l - 1].offset + pick.from],
            },
          ]),
      {role: "backward", symbol: sign("δ", l, pick.to + 1), value: D[units[l].offset + pick.to]},
    ];
  }
  const u = units[l].offset + pick.index;
  const j = pick.index + 1;
  if (l === 0) return [{role: "forward", symbol: sign("x", 0, j), value: A[u]}];
  const {offset, rows, cols, fixed, gamma, beta} = blocks[l - 1];
  const at = offset + sizes[l - 1] * cols + pick.index;
  const weight = (/** @type {string} */ letter, /** @type {number} */ place) => ({
    role: /** @type {const} */ ("weight"),
    symbol: sign(letter, l, j),
    value: P[place],
  });
  return [
    {role: "forward", symbol: sign("z", l, j), value: Z[u]},
    ...(gamma == null || beta == null
      ? []
      : [
          weight("γ", gamma + pick.index),
          weight("β", beta + pick.index),
          {
            role: /** @type {const} */ ("forward"),
            symbol: m("mrow", sign("u", l, j), m("mo", "="), m("mi", "γ"), m("mi", "ẑ"), m("mo", "+"), m("mi", "β")),
            value: I[u],
          },
        ]),
    {role: "forward", symbol: sign("a", l, j), value: A[u]},
    ...(rows > sizes[l - 1] && !fixed ? [weight("b", at)] : []),
    {role: "backward", symbol: sign("δ", l, j), value: D[u]},
  ];
}

/**
 * One line about what is picked, for the card's head and for screen readers.
 * @param {Pick} pick
 * @param {Layout} layout
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 */
export function title(pick, {sizes, activations}, t) {
  const l = pick.layer;
  const last = sizes.length - 1;
  if (pick.kind === "neuron") {
    if (l === 0) return t("network.input_n", {n: pick.index + 1});
    if (pick.of) return t(`network.${pick.of}_of`, {n: pick.index + 1, layer: l});
    return t(l === last ? "network.output_n" : "network.neuron_n", {
      n: pick.index + 1,
      layer: l,
      activation: t(`activation.${activations[l - 1]}`),
    });
  }
  if (pick.from === sizes[l - 1]) return t("network.bias_of", {n: pick.to + 1, layer: l});
  return t(l === 1 ? "network.weight_from_input" : "network.weight_from", {
    from: pick.from + 1,
    before: l - 1,
    to: pick.to + 1,
    layer: l,
  });
}
