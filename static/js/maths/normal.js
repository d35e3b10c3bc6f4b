// @ts-check
/** The normal distribution function. */

const CHEBYSHEV = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/**
 * The normal distribution function, its relative error below 1.2e-7 (Press et al., Numerical Recipes, erfcc).
 * @param {number} z
 */
export function normal(z) {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  let sum = 0;
  for (let k = CHEBYSHEV.length - 1; k >= 0; k--) sum = sum * t + CHEBYSHEV[k];
  const tail = 0.5 * t * Math.exp(-x * x + sum);
  return z < 0 ? tail : 1 - tail;
}
