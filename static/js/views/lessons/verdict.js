// @ts-check
/** What there is to say of a number that a student worked out by hand. Pure. */

/**
 * @typedef {{kind: "right" | "unreadable" | "sign" | "unknown"} | {kind: "slip", slip: number} |
 * {kind: "power", factor: number} | {kind: "off", share: number} | {kind: "large" | "small", times: number}} Verdict
 */

/** A number as people write it: −0.5, 1,5, 2×10^-5, 3e-4. NaN for anything else. @param {string} text */
export function readNumber(text) {
  const plain = text
    .trim()
    .replaceAll("−", "-")
    .replace(/\s*[×x*·]\s*10\s*\^?\s*\(?(-?\d+)\)?$/u, "e$1")
    .replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

/**
 * @param {number} given
 * @param {number} right
 * @param {number} tolerance of the right number
 * @param {number[]} slips what usual mistakes come to
 * @returns {Verdict}
 */
export function verdictOn(given, right, tolerance, slips) {
  const near = (/** @type {number} */ to) => Math.abs(given - to) <= tolerance * Math.abs(to) || given === to;
  if (Number.isNaN(given)) return {kind: "unreadable"};
  if (!Number.isFinite(right)) return {kind: "unknown"};
  if (near(right)) return {kind: "right"};
  const slip = slips.findIndex(near);
  if (slip >= 0) return {kind: "slip", slip};
  if (near(-right)) return {kind: "sign"};
  const factor = [0.001, 0.01, 0.1, 10, 100, 1000].find(power => near(power * right));
  if (factor !== undefined) return {kind: "power", factor};
  const times = given / right;
  if (times > 2 || (times > 0 && times < 0.5))
    return times > 1 ? {kind: "large", times} : {kind: "small", times: 1 / times};
  return {kind: "off", share: Math.abs(given - right) / Math.abs(right)};
}
