// @ts-check
/** Scales that stay put: a round number that follows what it measures only when it has left it far behind. */

/** The smallest of 1, 2, 5 × 10ⁿ that is not below `x`. @param {number} x > 0 */
export function roundUp(x) {
  const unit = 10 ** Math.floor(Math.log10(x));
  return +(unit * ([1, 2, 5].find(factor => factor * unit >= x * 0.9999) ?? 10)).toPrecision(6);
}

/** A scale for numbers whose size drifts: `follow(x)` returns the scale in use. @param {number} [first] */
export function steadyScale(first = 1) {
  let scale = first;
  return {
    get value() {
      return scale;
    },
    /** @param {number} x how large the numbers are now; what is no number or zero changes nothing */
    follow(x) {
      if (Number.isFinite(x) && x > 0 && (x > scale || x < 0.3 * scale)) scale = roundUp(x);
      return scale;
    },
  };
}
