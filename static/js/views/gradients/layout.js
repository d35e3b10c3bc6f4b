// @ts-check
/** Where rows and columns of the gradients lie in the room there is. Pure. */

/** The layer at a place, −1 for none, and a place of a layer.
 * @typedef {{layerAt: (x: number, y: number) => number, placeOf: (k: number) => {x: number, y: number}}} Laid */
/** @typedef {{width: number, height: number, small: number, layers: number}} Room `small` is the height of the type */

/** Room that a lane's mark takes in a column, px. */
export const SLOT = 7;
/** Left of the scale of rows and below that of columns lies what is 0. */
const ROW_GUTTER = 16;

/**
 * Rows, for a narrow place: name, scale, number and heat strip.
 * @param {Room} room
 * @param {number} nameWidth of the widest name
 */
export function rowsLayout({width, height, small, layers}, nameWidth) {
  const top = 2;
  const bottom = height - small * 1.7;
  const row = (bottom - top) / layers;
  const numbers = row >= small * 1.15 ? small * 4.6 : 0;
  const left = 14 + nameWidth;
  const heat = Math.max(40, Math.min(110, (width - left - numbers) * 0.3));
  const right = width - numbers - heat - 22;
  return {
    top,
    bottom,
    left,
    row,
    /** width of the heat strip, and whether numbers are written */
    heat,
    numbers: numbers > 0,
    radius: Math.max(1.2, Math.min(4.2, row * 0.36)),
    /** where a share of the scale stands: see `standing` @param {number} share */
    xOf: share =>
      share < 0 ? left + 5 : share > 1 ? right + 5 : left + ROW_GUTTER + share * (right - left - ROW_GUTTER),
    /** the middle of a row @param {number} k */
    yOf: k => top + (k + 0.5) * row,
    /** @type {Laid["layerAt"]} */
    layerAt: (x, y) =>
      y >= top && y < bottom && x >= 0 && x <= width ? Math.min(layers - 1, Math.floor((y - top) / row)) : -1,
    /** @type {Laid["placeOf"]} */
    placeOf: k => ({x: left, y: top + (k + 0.5) * row}),
  };
}

/**
 * Columns, for a wide and low place: the present stands at the right of its column, the past runs towards it.
 * @param {Room} room
 * @param {number} others lanes beside the one in focus
 */
export function columnsLayout({width, height, small, layers}, others) {
  const left = small * 3.2;
  const right = width - 10;
  const bottom = height - small * 1.7;
  const top = Math.max(8, small * 0.7); // the uppermost number is whole
  const gutter = small * 1.35;
  const cell = (right - left) / layers;
  const beside = others * SLOT;
  const numbers = cell >= small * 8 + beside;
  // Room for the mark and a number as long as 5.8×10⁻²⁷, so that each stays in its own column, the last in the picture.
  const behind = numbers ? small * 5 + 10 + beside : cell * (others ? 0.45 : 0.3);
  return {
    left,
    right,
    top,
    bottom,
    cell,
    /** room for the marks of other lanes, and whether numbers are written */
    beside,
    numbers,
    radius: Math.max(1.7, Math.min(4.4, cell * 0.2)),
    /** where a share of the scale stands @param {number} share */
    yOf: share => (share < 0 ? bottom - 4 : share > 1 ? top - 3 : bottom - gutter - share * (bottom - gutter - top)),
    /** where the past of a layer begins, and where its present stands @param {number} k */
    pastAt: k => left + k * cell + Math.min(8, cell * 0.12),
    /** @param {number} k */
    nowAt: k => left + (k + 1) * cell - behind,
    /** @type {Laid["layerAt"]} */
    layerAt: (x, y) =>
      x >= left && x < right && y >= 0 && y <= height ? Math.min(layers - 1, Math.floor((x - left) / cell)) : -1,
    /** @type {Laid["placeOf"]} */
    placeOf: k => ({x: left + (k + 0.5) * cell, y: height / 2}),
  };
}
