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

/** What a node is called. @param {{n: string, at: number[]}} node @param {number[]} sizes @returns {Element} */
export function nameOf({n, at}, sizes) {
  const [l, i, k] = at;
  switch (n) {
    case "dC_dw":
      return fraction(id("C"), sign("w", l, i + 1, k + 1));
    case "dC_db":
      return fraction(id("C"), sign("b", l, i + 1));
    case "dC_dgamma":
      return fraction(id("C"), sign("γ", l, i + 1));
    case "dC_dbeta":
      return fraction(id("C"), sign("β", l, i + 1));
    case "dC_dz":
      return fraction(id("C"), sign("z", l, i + 1));
    case "dC_du":
      return fraction(id("C"), sign("u", l, i + 1));
    case "dC_da":
      return fraction(id("C"), activation(l, i));
    case "da_dz":
      return fraction(sign("a", l, i + 1), sign("z", l, i + 1));
    case "da_du":
      return fraction(sign("a", l, i + 1), sign("u", l, i + 1));
    case "du_dz":
      return fraction(sign("u", l, i + 1), sign("z", l, k + 1));
    case "output":
      return fraction(sign("a", l, k + 1), sign("z", l, i + 1));
    case "dz_dw":
    case "a":
      return i >= sizes[l] ? m("mn", "1") : activation(l, i);
    case "du_dgamma":
      return normalized(l, i);
    case "dz_db":
    case "du_dbeta":
    case "one":
      return m("mn", "1");
    case "dz_da":
    case "w":
      return sign("w", l, i + 1, k + 1);
    case "b":
      return sign("b", l, i + 1);
    case "slope":
      return row(m("msup", id("f"), op("′")), op("("), sign("z", l, i + 1), op(")"));
    case "slope_u":
      return row(m("msup", id("f"), op("′")), op("("), sign("u", l, i + 1), op(")"));
    case "u":
      return sign("u", l, i + 1);
    case "f":
      return row(id("f"), op("("), sign("z", l, i + 1), op(")"));
    case "f_u":
      return row(id("f"), op("("), sign("u", l, i + 1), op(")"));
    case "da_da":
      return fraction(sign("a", l, i + 1), sign("a", l - 1, i + 1));
    case "mask":
      return m("mtext", "mask");
    case "z":
      return sign("z", l, i + 1);
    default:
      return m("mtext", "");
  }
}

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
