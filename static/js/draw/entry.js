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
