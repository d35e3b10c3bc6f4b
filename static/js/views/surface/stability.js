// @ts-check
/** Curvature against its limit: where a step of η still brings the loss down along the sharpest direction. Pure. */

/** Up to this share of the limit a run is at its edge; below it is stable, above it unstable. */
const EDGE = [0.85, 1.15];

/**
 * @param {number} sharpness λ_max
 * @param {number} limit f · 2/η
 * @param {number|null} factor f; null where none is known
 * @param {{rescaled: boolean, step: number, penalized?: boolean}} of whether the rule rescales every parameter, steps
 * taken, and whether steps follow more than the gradient of this loss
 * @returns {"free"|"unborn"|"stable"|"held"|"edge"|"unstable"|"unknown"} only plain gradient descent is "stable" in the
 * sense that every step brings the loss down; other rules, and steps that penalties bend, are "held" */
export function stateOf(sharpness, limit, factor, {rescaled, step, penalized = false}) {
  if (factor === null) return "free";
  if (rescaled && step === 0) return "unborn";
  const share = sharpness / limit;
  if (Number.isNaN(share)) return "unknown";
  if (share < EDGE[0]) return factor === 1 && !rescaled && !penalized ? "stable" : "held";
  return share <= EDGE[1] ? "edge" : "unstable";
}

/**
 * Up to which curvature a wide net that starts above its limit is thrown into a flatter valley, instead of off: 4/η,
 * where gradient descent has started above 2/η (Lewkowycz et al. 2020). NaN elsewhere.
 * @param {{points: [number, number|null, boolean][], factor: number|null, rescaled?: boolean}} sharp
 * @param {{value: number[]}} limits
 */
export function catapultOf({points: [first], factor, rescaled}, {value: [limit]}) {
  const above = first !== undefined && first[0] === 0 && Number(first[1]) > limit;
  return factor === 1 && !rescaled && above ? 2 * limit : NaN;
}

/** The limit over the steps of a run, where it changes, up to the present with the present rate.
 * @param {{step: number[], value: number[]}} rate learning rate per step
 * @param {number} present η of the next step
 * @param {number} now the step
 * @param {number} factor @returns {{step: number[], value: number[]}} */
export function limitsOf({step, value}, present, now, factor) {
  /** @type {{step: number[], value: number[]}} */
  const limits = {step: [], value: []};
  for (let k = 0; k < step.length && step[k] <= now; k++) {
    const limit = (2 * factor) / value[k];
    if (limits.value.at(-1) === limit || !Number.isFinite(limit)) continue;
    limits.step.push(step[k]);
    limits.value.push(limit);
  }
  const last = (2 * factor) / present;
  if (Number.isFinite(last) && limits.value.at(-1) !== last) {
    limits.step.push(now);
    limits.value.push(last);
  }
  return limits;
}
