// @ts-check
/** The two colour scales of the page: one diverging (orange, neutral, blue) for signed numbers, one sequential. */

/** @typedef {"light"|"dark"|"projector"} Theme */
/** @typedef {[number, number, number]} Rgb */

/** @type {Record<Theme, {negative: Rgb[], neutral: Rgb, positive: Rgb[]}>} */
const DIVERGING = {
  light: {
    negative: [
      [247, 164, 84],
      [201, 92, 4],
    ],
    neutral: [240, 241, 244],
    positive: [
      [110, 176, 226],
      [14, 93, 160],
    ],
  },
  dark: {
    negative: [
      [176, 92, 28],
      [255, 168, 92],
    ],
    neutral: [32, 37, 49],
    positive: [
      [36, 104, 160],
      [110, 190, 250],
    ],
  },
  projector: {
    negative: [
      [245, 150, 60],
      [190, 80, 0],
    ],
    neutral: [255, 255, 255],
    positive: [
      [90, 160, 220],
      [0, 75, 150],
    ],
  },
};

/** @type {Record<Theme, Rgb[]>} */
const SEQUENTIAL = {
  light: [
    [250, 250, 252],
    [196, 208, 232],
    [112, 140, 204],
    [58, 66, 150],
    [30, 20, 80],
  ],
  dark: [
    [24, 27, 38],
    [52, 58, 120],
    [84, 110, 200],
    [130, 182, 236],
    [228, 244, 255],
  ],
  projector: [
    [255, 255, 255],
    [180, 196, 228],
    [90, 120, 196],
    [40, 50, 140],
    [0, 0, 50],
  ],
};

/** Piecewise linear through `stops`, `t` in 0…1.
 * @param {Rgb[]} stops @param {number} t @returns {Rgb} */
function along(stops, t) {
  const x = Math.min(1, Math.max(0, t)) * (stops.length - 1);
  const i = Math.min(stops.length - 2, Math.floor(x));
  const f = x - i;
  const [a, b] = [stops[i], stops[i + 1]];
  return [a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1]), a[2] + f * (b[2] - a[2])];
}

/** Colour of a signed number. @param {number} t −1…1, clipped; NaN is neutral @param {Theme} theme @returns {Rgb} */
export function diverging(t, theme) {
  const {negative, neutral, positive} = DIVERGING[theme];
  return along([neutral, ...(t < 0 ? negative : positive)], Math.abs(t) || 0);
}

/** Colour of an amount. @param {number} t 0…1, clipped @param {Theme} theme @returns {Rgb} */
export function sequential(t, theme) {
  return along(SEQUENTIAL[theme], t || 0);
}

/** @param {Rgb} rgb @param {number} [alpha] @returns {string} */
export function css([r, g, b], alpha = 1) {
  return `rgb(${Math.round(r)} ${Math.round(g)} ${Math.round(b)}${alpha < 1 ? ` / ${alpha}` : ""})`;
}

/** Black or white, what reads better on a colour. @param {Rgb} rgb */
export const inkOn = ([r, g, b]) => (0.299 * r + 0.587 * g + 0.114 * b > 135 ? "#10131c" : "#ffffff");

/**
 * 256 pixels of a scale, little-endian RGBA as in ImageData seen through a Uint32Array: index 0 is t = −1, 255 is t =
 * 1.
 * @param {Theme} theme @returns {Uint32Array} */
export function divergingTable(theme) {
  return Uint32Array.from({length: 256}, (_, i) => pixel(diverging(i / 127.5 - 1, theme)));
}

/** The same for the sequential scale, index 0 is t = 0. @param {Theme} theme @returns {Uint32Array} */
export function sequentialTable(theme) {
  return Uint32Array.from({length: 256}, (_, i) => pixel(sequential(i / 255, theme)));
}

/** @param {Rgb} rgb @returns {number} */
function pixel([r, g, b]) {
  return ((255 << 24) | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;
}

/** Distinct hues for classes and lanes, safe for the colour-blind (Okabe & Ito 2008, darkened for white ground).
 * @type {readonly string[]} */
export const CATEGORIES = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#8a6d00",
  "#56b4e9",
  "#7a4fd0",
  "#6b6b6b",
  "#b3001e",
  "#4b7d00",
];
