// @ts-check
/** The surface in space: a camera, its limits, and its projection onto the sheet. Pure. */

/**
 * @typedef {{turn: number, tilt: number, zoom: number, x: number, y: number}} Camera turn and tilt in radians; tilt 0
 * is from the
 * side, π/2 from above; x and y in pixels, how far the picture is shifted while it is enlarged */

/** @type {Readonly<Camera>} */
export const HOME = Object.freeze({turn: -0.62, tilt: 0.56, zoom: 1, x: 0, y: 0});
const LIMITS = {tilt: [0.12, Math.PI / 2], zoom: [0.6, 6]};

/** In space the plane reaches from −1 to 1, and heights 0…1 from 0 to TALL; what is higher is cut off. */
export const TALL = 0.95;
export const CUT = 1.0005;
const DISTANCE = 6.2;

/** @param {Camera} camera @param {Partial<Camera>} change @returns {Camera} inside the limits */
export function moved(camera, change) {
  const {turn, tilt, zoom, x, y} = {...camera, ...change};
  const inside = (/** @type {number} */ value, /** @type {number[]} */ [low, high]) =>
    Math.min(high, Math.max(low, value));
  return {turn: turn % (2 * Math.PI), tilt: inside(tilt, LIMITS.tilt), zoom: inside(zoom, LIMITS.zoom), x, y};
}

/** Enlarged so that what is under (x, y), counted from the middle of the sheet, stays there.
 * @param {Camera} camera @param {number} factor @param {number} x @param {number} y @returns {Camera} */
export function zoomed(camera, factor, x, y) {
  const next = moved(camera, {zoom: camera.zoom * factor});
  const ratio = next.zoom / camera.zoom;
  if (next.zoom <= 1) return {...next, x: 0, y: 0};
  return {...next, x: x - ratio * (x - camera.x), y: y - ratio * (y - camera.y)};
}

/**
 * @typedef {{cos: number, sin: number, up: number, flat: number, wide: number, scale: number, x: number, y: number}}
 * Projection
 * scale: pixels per unit of space, times `wide` across the sheet */

/** A wide sheet may stretch the box by this much. */
const STRETCH = 1.3;

/** A camera's projection onto a sheet. The size does not change while turning: the whole box fits at any turn.
 * @param {Camera} camera
 * @param {number} width
 * @param {number} height
 * @param {{left: number, right: number, top: number, bottom: number}} margin
 * @returns {Projection} */
export function projectionOf({turn, tilt, zoom, x, y}, width, height, margin) {
  const up = Math.sin(tilt);
  const flat = Math.cos(tilt);
  const room = width - margin.left - margin.right;
  const high = height - margin.top - margin.bottom;
  const lens = {cos: 1, sin: 0, up, flat, wide: 1, scale: 1, x: 0, y: 0};
  const corner = new Float32Array(3);
  const reach = Math.SQRT2;
  let top = Infinity;
  let bottom = -Infinity;
  let side = 0;
  for (let k = 0; k < 24; k++) {
    const angle = (k * Math.PI) / 12;
    for (const z of [0, TALL]) {
      project(lens, reach * Math.cos(angle), reach * Math.sin(angle), z, corner, 0);
      side = Math.max(side, corner[0]);
      top = Math.min(top, corner[1]);
      bottom = Math.max(bottom, corner[1]);
    }
  }
  const scale = Math.max(1, Math.min(room / 2 / side, high / (bottom - top)));
  const wide = Math.min(STRETCH, Math.max(1, room / 2 / side / scale));
  return {
    ...lens,
    cos: Math.cos(turn),
    sin: Math.sin(turn),
    wide,
    scale: scale * zoom,
    x: x + margin.left + room / 2,
    y: y + margin.top + high / 2 - (scale * zoom * (top + bottom)) / 2,
  };
}

/** Screen x, y and depth of a point of space (x and y −1…1, z 0…TALL); depth grows away from the eye.
 * @param {Projection} projection
 * @param {number} x
 * @param {number} y
 * @param {number} z
 * @param {Float32Array} out
 * @param {number} at
 */
export function project({cos, sin, up, flat, wide, scale, x: centreX, y: centreY}, x, y, z, out, at) {
  const right = cos * x - sin * y;
  const away = sin * x + cos * y;
  const lifted = z - TALL / 2;
  const depth = away * flat - lifted * up;
  const size = (scale * DISTANCE) / (DISTANCE + depth);
  out[at] = centreX + size * wide * right;
  out[at + 1] = centreY - size * (lifted * flat + away * up);
  out[at + 2] = depth;
}

/** The point of space that is seen at a pixel at a depth: the inverse of `project`.
 * @param {Projection} projection
 * @param {number} px
 * @param {number} py
 * @param {number} depth
 * @returns {[number, number, number]}
 */
export function unproject({cos, sin, up, flat, wide, scale, x, y}, px, py, depth) {
  const size = (scale * DISTANCE) / (DISTANCE + depth);
  const right = (px - x) / size / wide;
  const high = (y - py) / size;
  const away = high * up + depth * flat;
  const lifted = high * flat - depth * up;
  return [cos * right + sin * away, cos * away - sin * right, lifted + TALL / 2];
}
