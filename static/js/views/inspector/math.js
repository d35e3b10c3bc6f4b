// @ts-check
/** The inspector's formulas: MathML that is built once, whose numbers are text nodes to be written. */

import {plain} from "../../draw/format.js";
import {m, sign} from "../shared/symbols.js";

/** @typedef {import("../../types").ChainNode} ChainNode */

const NOTHING = "–";

/** A number that can be written again and again; what has not changed is not touched. */
export class Live {
  /** @param {number} [digits] @param {(x: number) => string} [write] */
  constructor(digits = 4, write = x => plain(x, digits)) {
    this.node = document.createTextNode(NOTHING);
    this.write = write;
  }

  /** @param {number | null | undefined} value */
  set(value) {
    const text = value === null || value === undefined ? NOTHING : this.write(value);
    if (this.node.data !== text) this.node.data = text;
  }
}

/** @param {...(Element | string)} parts */
export const row = (...parts) => m("mrow", ...parts);
/** @param {string} text */
export const op = text => m("mo", text);
/** @param {string} text */
export const id = text => m("mi", text);

/** A partial derivative as a fraction. @param {Element} above @param {Element} below */
export const fraction = (above, below) => m("mfrac", row(id("∂"), above), row(id("∂"), below));

/** An activation; of the inputs it is x. @param {number} layer @param {number} i */
const activation = (layer, i) => sign(layer ? "a" : "x", layer, i + 1);

/** ẑ of a neuron: z normalized. @param {number} layer @param {number} i */
function normalized(layer, i) {
  const z = sign("z", layer, i + 1);
  z.firstElementChild?.replaceWith(m("mover", id("z"), op("^")));
  return z;
}

/** f′ or f of something. @param {Element} f @param {Element} of */
const applied = (f, of) => row(f, op("("), of, op(")"));
const slope = () => m("msup", id("f"), op("′"));
const one = () => m("mn", "1");

/** ∂C over ∂ of a letter of neuron i. @param {string} letter @returns {Name} */
const lossBy =
  letter =>
  ([l, i]) =>
    fraction(id("C"), sign(letter, l, i + 1));
/** A letter of neuron i. @param {string} letter @returns {Name} */
const own =
  letter =>
  ([l, i]) =>
    sign(letter, l, i + 1);
/** @type {Name} */
const weight = ([l, i, k]) => sign("w", l, i + 1, k + 1);
/** @type {Name} */
const output = ([l, i], sizes) => (i >= sizes[l] ? one() : activation(l, i));

/** @typedef {(at: number[], sizes: number[]) => Element} Name made of a layer, a neuron i and another one k */

/** What nodes are called. @type {Record<string, Name>} */
const NAMES = {
  dC_dw: (at, sizes) => fraction(id("C"), weight(at, sizes)),
  dC_db: lossBy("b"),
  dC_dgamma: lossBy("γ"),
  dC_dbeta: lossBy("β"),
  dC_dz: lossBy("z"),
  dC_du: lossBy("u"),
  dC_da: ([l, i]) => fraction(id("C"), activation(l, i)),
  da_dz: ([l, i]) => fraction(sign("a", l, i + 1), sign("z", l, i + 1)),
  da_du: ([l, i]) => fraction(sign("a", l, i + 1), sign("u", l, i + 1)),
  du_dz: ([l, i, k]) => fraction(sign("u", l, i + 1), sign("z", l, k + 1)),
  output: ([l, i, k]) => fraction(sign("a", l, k + 1), sign("z", l, i + 1)),
  da_da: ([l, i]) => fraction(sign("a", l, i + 1), sign("a", l - 1, i + 1)),
  dz_dw: output,
  a: output,
  du_dgamma: ([l, i]) => normalized(l, i),
  dz_db: one,
  du_dbeta: one,
  one,
  dz_da: weight,
  w: weight,
  b: own("b"),
  u: own("u"),
  z: own("z"),
  slope: ([l, i]) => applied(slope(), sign("z", l, i + 1)),
  slope_u: ([l, i]) => applied(slope(), sign("u", l, i + 1)),
  f: ([l, i]) => applied(id("f"), sign("z", l, i + 1)),
  f_u: ([l, i]) => applied(id("f"), sign("u", l, i + 1)),
  mask: () => m("mtext", "mask"),
};

/** What a node is called. @param {{n: string, at: number[]}} node @param {number[]} sizes @returns {Element} */
export const nameOf = ({n, at}, sizes) => NAMES[n]?.(at, sizes) ?? m("mtext", "");

/**
 * The factor as the chain rule writes it: ∂z/∂w rather than the activation that it is.
 * @param {{n: string, at: number[]}} node
 * @param {{n: string, at: number[]}} whole @returns {Element} */
export function factorOf(node, whole, sizes = /** @type {number[]} */ ([])) {
  const [l, i, k] = whole.at;
  if (node.n === "dz_dw") return fraction(sign("z", l, i + 1), sign("w", l, i + 1, k + 1));
  if (node.n === "dz_db") return fraction(sign("z", l, i + 1), sign("b", l, i + 1));
  if (node.n === "du_dgamma" || node.n === "du_dbeta")
    return fraction(sign("u", l, i + 1), sign(node.n === "du_dbeta" ? "β" : "γ", l, i + 1));
  return nameOf(node, sizes);
}

/** A formula by itself. @param {...(Element | string)} parts */
export const math = (...parts) => m("math", row(...parts));
