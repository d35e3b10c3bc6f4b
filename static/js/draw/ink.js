// @ts-check
/**
 * From strokes of a pen to a picture as the handwritten digits are: 32 × 32 bits, counted in blocks of 4 × 4.
 *
 * The digits of the data were scanned, stretched to about 20 × 32 pixels, drawn with lines about as thick as makes
 * every digit equally dark, put into the middle of 32 × 32, and the set pixels of every 4 × 4 block counted (Garris et
 * al., NIST 1994; Alpaydin and Kaynak, 1998). Means over the data: 31 % of the pixels are set, all 32 rows are used.
 * The same is done here.
 */

/** Points of one line, in any unit: x, y, x, y, … @typedef {number[]} Stroke */

const SIDE = 32;
const WIDTH = 20;
const BLOCK = 4;
/** Pixels that are set, and the least and the largest radius of the pen that this may ask for. */
const INK = 0.305 * SIDE * SIDE;
const THINNEST = 1.6;
const THICKEST = 4.5;
/** How far one direction may be stretched more than the other: a one stays slim, a dash stays flat. */
const NARROW = 1.6;
const FLAT = 0.4;

/**
 * Grey levels 0 … 1, in sixteenths, of the 8 × 8 picture of some strokes; null if there are none.
 * @param {Stroke[]} strokes
 * @returns {Float32Array | null}
 */
export function digitOf(strokes) {
  if (!strokes.some(stroke => stroke.length >= 2)) return null;
  let pen = 3.2;
  let away = distances(fitted(strokes, pen));
  for (let turn = 0; turn < 2; turn++) {
    pen = Math.min(THICKEST, Math.max(THINNEST, away.slice().sort()[Math.round(INK)]));
    away = distances(fitted(strokes, pen));
  }
  return counted(away, pen);
}

/**
 * Strokes stretched to the height of the bitmap and about its usual width, and moved to its middle.
 * @param {Stroke[]} strokes
 * @param {number} pen its radius
 * @returns {Stroke[]}
 */
export function fitted(strokes, pen) {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const stroke of strokes)
    for (let k = 0; k + 1 < stroke.length; k += 2) {
      [left, right] = [Math.min(left, stroke[k]), Math.max(right, stroke[k])];
      [top, bottom] = [Math.min(top, stroke[k + 1]), Math.max(bottom, stroke[k + 1])];
    }
  const across = (WIDTH - 2 * pen) / Math.max(right - left, 1e-9);
  const down = (SIDE - 2 * pen) / Math.max(bottom - top, 1e-9);
  const sx = Math.min(across, NARROW * down);
  const sy = Math.min(down, sx / FLAT);
  const x = (left + right) / 2;
  const y = (top + bottom) / 2;
  const wide = Math.min(sx, 1e6);
  const tall = Math.min(sy, 1e6);
  return strokes.map(stroke => stroke.map((v, k) => SIDE / 2 + (k % 2 ? (v - y) * tall : (v - x) * wide)));
}

/** Distance of every pixel from the nearest line. @param {Stroke[]} strokes in pixels @returns {Float32Array} */
function distances(strokes) {
  const far = THICKEST + 1;
  const nearest = new Float32Array(SIDE * SIDE).fill(far * far);
  for (const stroke of strokes)
    if (stroke.length === 2) approach(nearest, far, stroke[0], stroke[1], stroke[0], stroke[1]);
    else
      for (let k = 0; k + 3 < stroke.length; k += 2)
        approach(nearest, far, stroke[k], stroke[k + 1], stroke[k + 2], stroke[k + 3]);
  return nearest.map(Math.sqrt);
}

/**
 * Lower the squared distances of the pixels about a segment to those from it.
 * @param {Float32Array} nearest squared distance of every pixel
 * @param {number} far up to where it matters
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 */
function approach(nearest, far, x0, y0, x1, y1) {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const fromX = Math.max(0, Math.floor(Math.min(x0, x1) - far));
  const toX = Math.min(SIDE, Math.ceil(Math.max(x0, x1) + far));
  const fromY = Math.max(0, Math.floor(Math.min(y0, y1) - far));
  const toY = Math.min(SIDE, Math.ceil(Math.max(y0, y1) + far));
  for (let y = fromY; y < toY; y++)
    for (let x = fromX; x < toX; x++) {
      const px = x + 0.5 - x0;
      const py = y + 0.5 - y0;
      const t = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      const away = (px - t * dx) ** 2 + (py - t * dy) ** 2;
      if (away < nearest[y * SIDE + x]) nearest[y * SIDE + x] = away;
    }
}

/** Share of set pixels in every block. @param {Float32Array} away @param {number} pen */
function counted(away, pen) {
  const across = SIDE / BLOCK;
  const levels = new Float32Array(across * across);
  away.forEach((d, p) => {
    if (d <= pen) levels[Math.floor(p / SIDE / BLOCK) * across + Math.floor((p % SIDE) / BLOCK)] += 1 / (BLOCK * BLOCK);
  });
  return levels;
}
