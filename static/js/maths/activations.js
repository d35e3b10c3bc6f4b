// @ts-check
/**
 * Activation functions as the core defines them: elementwise over an array, in place. What has no line here is reckoned
 * from the formula that the core serves with the layout, a few times slower.
 */

import {compiled} from "./formulas.js";
import {normal} from "./normal.js";

/** @typedef {import("../types").Layout} Layout */
/** What the core says of its functions: part of a layout.
 * @typedef {Partial<Pick<Layout, "leaky_slope" | "formulas">>} Served */

/**
 * @typedef {object} Activation
 * @property {(z: Float32Array) => void} apply writes f(z) over z
 * @property {boolean} bounded whether it stays within ±1 by itself
 */

/** @param {(z: number) => number} f @param {boolean} [bounded] @returns {Activation} */
const each = (f, bounded = false) => ({
  bounded,
  apply: z => {
    for (let p = 0; p < z.length; p++) z[p] = f(z[p]);
  },
});

/** The leak of the table's leaky ReLU, as in the core. */
const LEAK = 0.01;

/** Klambauer et al. 2017. */
const SELU_ALPHA = 1.6732632423543772;
const SELU_SCALE = 1.0507009873554805;

/**
 * Softmax takes a whole layer at once and stands in forward.js. The commonest have loops of their own, which run twice
 * as fast.
 * @type {Readonly<Record<string, Activation>>} */
export const ACTIVATIONS = {
  identity: {bounded: false, apply() {}},
  sigmoid: {
    bounded: true,
    apply(z) {
      for (let p = 0; p < z.length; p++) z[p] = 1 / (1 + Math.exp(-z[p]));
    },
  },
  tanh: {
    bounded: true,
    apply(z) {
      // tanh z = 2nd / (d² + n²) with n/d = tanh(z/2), seven levels of Lambert's continued fraction: exact to single
      // precision, three times as
      // fast as by exp. From 9.2 on it is ±1.
      for (let p = 0; p < z.length; p++) {
        const half = z[p] / 2;
        const h = half > 4.6 ? 4.6 : half < -4.6 ? -4.6 : half;
        const s = h * h;
        const n = h * (135135 + s * (17325 + s * (378 + s)));
        const d = 135135 + s * (62370 + s * (3150 + s * 28));
        z[p] = (2 * n * d) / (d * d + n * n);
      }
    },
  },
  relu: {
    bounded: false,
    apply(z) {
      for (let p = 0; p < z.length; p++) if (z[p] < 0) z[p] = 0;
    },
  },
  leaky_relu: each(z => (z > 0 ? z : LEAK * z)),
  elu: each(z => (z > 0 ? z : Math.expm1(z))),
  selu: each(z => SELU_SCALE * (z > 0 ? z : SELU_ALPHA * Math.expm1(z))),
  gelu: each(z => z * normal(z)),
  silu: each(z => z / (1 + Math.exp(-z))),
  softplus: each(softplus),
  softsign: each(z => z / (1 + Math.abs(z)), true),
  hard_sigmoid: each(z => Math.min(1, Math.max(0, z / 6 + 0.5)), true),
  mish: each(z => z * Math.tanh(softplus(z))),
};

/**
 * The activation of a net's layer, with the numbers that are the net's own; undefined for softmax, and for what the
 * core has not told of.
 * @param {string} name
 * @param {Served} net @returns {Activation | undefined} */
export function activationOf(name, {leaky_slope: leak = LEAK, formulas}) {
  if (name === "leaky_relu" && leak !== LEAK) return each(z => (z > 0 ? z : leak * z));
  const served = formulas?.activations[name];
  if (name in ACTIVATIONS || name === "softmax" || !served) return ACTIVATIONS[name];
  return each(compiled(served.formula, "z", {leaky_slope: leak, ...served.constants}), served.bounded);
}

/** ln(1 + exp(z)) without overflow. @param {number} z */
function softplus(z) {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

/** f(0): where a neuron's own line lies. @param {string} name @param {Served} [net] */
export function atZero(name, net = {}) {
  const z = new Float32Array(1);
  activationOf(name, net)?.apply(z);
  return z[0];
}

/** Whether a layer's activations stay within ±1 by themselves. @param {string} name @param {Served} [net] */
export const isBounded = (name, net = {}) => name === "softmax" || Boolean(activationOf(name, net)?.bounded);
