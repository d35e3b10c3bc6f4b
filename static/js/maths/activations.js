// @ts-check
/** Activation functions as the core defines them: elementwise over an array, in place. */

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
 * The activation of a net's layer, with the numbers that are the net's own; undefined for softmax.
 * @param {string} name
 * @param {{leaky_slope?: number}} net @returns {Activation | undefined} */
export function activationOf(name, {leaky_slope: leak = LEAK}) {
  return name === "leaky_relu" && leak !== LEAK ? each(z => (z > 0 ? z : leak * z)) : ACTIVATIONS[name];
}

/** ln(1 + exp(z)) without overflow. @param {number} z */
function softplus(z) {
  return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
}

const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/**
 * The normal distribution function, its relative error below 1.2e-7 (Press et al., Numerical Recipes, erfcc).
 * @param {number} z
 */
function normal(z) {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let sum = 0;
  for (let k = CHEBYSHEV.length - 1; k >= 0; k--) sum = sum * t + CHEBYSHEV[k];
  const tail = 0.5 * t * Math.exp(-x * x + sum);
  return z < 0 ? tail : 1 - tail;
}

/** f(0): where a neuron's own line lies. @param {string} name */
export function atZero(name) {
  const z = new Float32Array(1);
  ACTIVATIONS[name]?.apply(z);
  return z[0];
}

/** Whether a layer's activations stay within ±1 by themselves. @param {string} name */
export const isBounded = name => name === "softmax" || Boolean(ACTIVATIONS[name]?.bounded);
