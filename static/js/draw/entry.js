// @ts-check
/** Numbers as people type them. */

/**
 * The number that was typed, with a point or a comma, a minus of either form, spaces or a percent sign around it; NaN
 * for anything else, and for what no computation can go on with.
 * @param {string} text
 */
export function typedNumber(text) {
  const bare = text.trim().replace("−", "-").replace(",", ".").replace("%", "").trim();
  const value = bare === "" ? NaN : Number(bare);
  return Number.isFinite(value) ? value : NaN;
}

/** Digits in groups of three, as long numbers are written. */
const GROUPED = /^\d{1,3}(?:[,.\s'’]\d{3})+$/;

/** The whole number that was typed, with or without separators of thousands; NaN for anything else.
 * @param {string} text */
export function typedCount(text) {
  const bare = text.trim();
  const value = GROUPED.test(bare) ? Number(bare.replace(/\D/g, "")) : typedNumber(bare);
  return Number.isInteger(value) ? value : NaN;
}
