// @ts-check
/** Inputs derived from a point of the plane, as the core computes them, and how the network is fed with them. */

/**
 * Sines and cosines run through one period on [−1, 1].
 * @type {Readonly<Record<string, (x1: number, x2: number) => number>>}
 */
export const FEATURES = {
  x1: x1 => x1,
  x2: (_, x2) => x2,
  x1_squared: x1 => x1 * x1,
  x2_squared: (_, x2) => x2 * x2,
  product: (x1, x2) => x1 * x2,
  sin_x1: x1 => Math.sin(Math.PI * x1),
  sin_x2: (_, x2) => Math.sin(Math.PI * x2),
  cos_x1: x1 => Math.cos(Math.PI * x1),
  cos_x2: (_, x2) => Math.cos(Math.PI * x2),
};

/** A function of the point for every input of the network. @param {import("../types").Plane} plane */
export function inputsOf({features, shift, scale}) {
  return features.map((name, i) => {
    const f = FEATURES[name];
    const [from, unit] = [shift[i], scale[i]];
    if (!f) throw new Error(`features.js knows no feature "${name}"`);
    return (/** @type {number} */ x1, /** @type {number} */ x2) => (f(x1, x2) - from) / unit;
  });
}
