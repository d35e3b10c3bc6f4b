// @ts-check
/** Numbers as people type them. */

/**
 * The number that was typed, with a point or a comma, a minus of either form, and spaces around it. A percent sign
 * behind it makes hundredths of it, but where the field is in percent. Digits may be as wide as Chinese letters. NaN
 * for anything else, and for what cannot be computed with.
 * @param {string} text @param {boolean} [inPercent]
 */
export function typedNumber(text, inPercent = false) {
  const plain = text.normalize("NFKC").replace("−", "-").replace(",", ".");
  const [, bare, percent] = /^\s*(.*?)\s*(%?)\s*$/su.exec(plain) ?? ["", "", ""];
  const value = bare === "" ? NaN : Number(bare) / (percent && !inPercent ? 100 : 1);
  return Number.isFinite(value) ? value : NaN;
}

/** Digits in groups of three, as long numbers are written. */
const GROUPED = /^\d{1,3}(?:[,.\s'’]\d{3})+$/;

/** The whole number that was typed, with or without separators of thousands; NaN for anything else.
 * @param {string} text */
export function typedCount(text) {
  const bare = text.normalize("NFKC").trim();
  const value = GROUPED.test(bare) ? Number(bare.replace(/\D/g, "")) : typedNumber(bare);
  return Number.isInteger(value) ? value : NaN;
}
