// @ts-check
/** The cells of the map of nets: which there are, what is written in them, and which net a click opens. Pure. */

export const DEPTHS = [2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64];
export const WIDTHS = [2, 4, 8, 16, 32, 64, 128];

/**
 * What a cell says: the power of ten that the first layer hears of the last one's error.
 * @param {number | null | undefined} ratio log₁₀
 * @returns {string}
 */
export function shown(ratio) {
  if (ratio === undefined) return "";
  if (ratio === null) return "✕";
  const text = Math.abs(ratio) < 9.95 ? Math.abs(ratio).toFixed(1) : Math.abs(ratio).toFixed(0);
  return Number(text) === 0 ? "0" : `${ratio < 0 ? "−" : "+"}${text}`;
}

/** Black or white, what reads better on a colour. @param {[number, number, number]} rgb */
export const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 135 ? "#10131c" : "#ffffff");

/**
 * The change of config that opens a net.
 * @param {number} depth
 * @param {number} width
 * @param {string | null} normalization
 * @param {string} activation
 * @param {string} initializer
 */
export function patchFor(depth, width, normalization, activation, initializer) {
  return {
    network: {hidden: Array.from({length: depth}, () => width), activation, normalization},
    initializer,
    initializer_scale: null,
  };
}
