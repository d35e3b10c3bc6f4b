// @ts-check
/** The surface in space: a camera, its projection, and a rasterizer with a depth buffer, all on plain arrays. Pure. */

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
  const inside = (/** @type {number} */ x, /** @type {number[]} */ [low, high]) => Math.min(high, Math.max(low, x));
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

/**
 * @typedef {{width: number, height: number, pixels: Uint32Array, depth: Float32Array, image:
 * Uint8ClampedArray<ArrayBuffer>}} Raster
 */

/** @param {number} width @param {number} height in pixels @returns {Raster} */
export function rasterOf(width, height) {
  const pixels = new Uint32Array(width * height);
  return {width, height, pixels, depth: new Float32Array(width * height), image: new Uint8ClampedArray(pixels.buffer)};
}

/**
 * Corners of the surface as the rasterizer takes them: x, y in pixels, depth, height 0…1, light 0…1; five numbers each.
 * @param {Projection} projection
 * @param {Float32Array} heights (n, n)
 * @param {number} n
 * @param {number} density pixels per CSS pixel
 * @param {Float32Array} [out] @returns {Float32Array} (n·n·5) */
export function corners(projection, heights, n, density, out = new Float32Array(5 * n * n)) {
  const step = 2 / (n - 1);
  const {cos, sin} = projection;
  // The light stands behind the viewer's left shoulder and turns with the eye.
  const lx = -0.5 * cos - 0.38 * sin;
  const ly = 0.5 * sin - 0.38 * cos;
  const lz = 0.78;
  for (let i = 0, k = 0; i < n; i++) {
    for (let j = 0; j < n; j++, k++) {
      const z = heights[k];
      const at = 5 * k;
      project(projection, j * step - 1, i * step - 1, z * TALL, out, at);
      out[at] *= density;
      out[at + 1] *= density;
      out[at + 3] = z;
      const west = heights[j ? k - 1 : k];
      const east = heights[j < n - 1 ? k + 1 : k];
      const south = heights[i ? k - n : k];
      const north = heights[i < n - 1 ? k + n : k];
      const dx = ((east - west) * TALL) / (step * (j && j < n - 1 ? 2 : 1));
      const dy = ((north - south) * TALL) / (step * (i && i < n - 1 ? 2 : 1));
      const light = (lz - lx * dx - ly * dy) / Math.sqrt(1 + dx * dx + dy * dy);
      out[at + 4] = light > 0 ? light : light === light ? 0 : 0.6;
    }
  }
  return out;
}

/** A colour table has 256 heights, in 64 shades of light, in 4 covers by an equal-loss line. */
export const SHADES = 64;
export const COVERS = 4;

/** Paints the cells of the surface into the raster, nearest wins. A cell with a corner that is no number is a hole.
 * @param {Raster} raster cleared before @param {Float32Array} points from `corners` @param {number} n
 * @param {Uint32Array} table (COVERS, SHADES, 256) colours: how much of an equal-loss line covers the pixel, light,
 * height
 * @param {number} levels how many of these there are between heights 0 and 1; 0 for none
 * @param {number} thickness of them, in pixels
 */
export function rasterize(raster, points, n, table, levels, thickness) {
  raster.pixels.fill(0);
  raster.depth.fill(Infinity);
  for (let i = 0; i < n - 1; i++) {
    for (let j = 0; j < n - 1; j++) {
      const a = 5 * (i * n + j);
      const b = a + 5;
      const c = a + 5 * n;
      const d = c + 5;
      triangle(raster, points, a, b, c, table, levels, thickness);
      triangle(raster, points, d, c, b, table, levels, thickness);
    }
  }
}

/** One triangle: depth, height and light run linearly over it; pixel centres decide, so that neighbours leave no seam.
 * @param {Raster} raster
 * @param {Float32Array} p
 * @param {number} a
 * @param {number} b
 * @param {number} c offsets of its corners
 * @param {Uint32Array} table @param {number} levels @param {number} thickness */
function triangle({width, height, pixels, depth}, p, a, b, c, table, levels, thickness) {
  const ax = p[a];
  const ay = p[a + 1];
  const bx = p[b] - ax;
  const by = p[b + 1] - ay;
  const cx = p[c] - ax;
  const cy = p[c + 1] - ay;
  const area = bx * cy - cx * by;
  if (!(Math.abs(area) > 1e-6)) return; // edge-on, or a hole
  const bd = p[b + 2] - p[a + 2];
  const cd = p[c + 2] - p[a + 2];
  const bh = p[b + 3] - p[a + 3];
  const ch = p[c + 3] - p[a + 3];
  const bl = p[b + 4] - p[a + 4];
  const cl = p[c + 4] - p[a + 4];
  const dx = (bd * cy - cd * by) / area;
  const dy = (cd * bx - bd * cx) / area;
  const hx = (bh * cy - ch * by) / area;
  const hy = (ch * bx - bh * cx) / area;
  const lx = (bl * cy - cl * by) / area;
  const ly = (cl * bx - bl * cx) / area;
  // Heights change by `pixel` levels from one pixel to the next; where they hardly change, a line keeps a bounded
  // width.
  const pixel = Math.max(1e-5, levels * Math.sqrt(hx * hx + hy * hy));
  const half = Math.min(0.3, (pixel * thickness) / 2) + pixel / 2;
  const sharpness = (COVERS - 1) / pixel;
  const top = Math.max(0, Math.ceil(ay + Math.min(0, by, cy) - 0.5));
  const bottom = Math.min(height - 1, Math.ceil(ay + Math.max(0, by, cy) - 0.5) - 1);
  for (let y = top; y <= bottom; y++) {
    const line = y + 0.5 - ay;
    let left = Infinity;
    let right = -Infinity;
    let x;
    if (by > 0 ? line >= 0 && line < by : line >= by && line < 0) {
      x = (line * bx) / by;
      left = x;
      right = x;
    }
    if (cy > 0 ? line >= 0 && line < cy : line >= cy && line < 0) {
      x = (line * cx) / cy;
      if (x < left) left = x;
      if (x > right) right = x;
    }
    if (cy > by ? line >= by && line < cy : line >= cy && line < by) {
      x = bx + ((line - by) * (cx - bx)) / (cy - by);
      if (x < left) left = x;
      if (x > right) right = x;
    }
    const start = Math.max(0, Math.ceil(ax + left - 0.5));
    const end = Math.min(width, Math.ceil(ax + right - 0.5));
    const from = start + 0.5 - ax;
    let at = y * width + start;
    let z = p[a + 2] + from * dx + line * dy;
    let h = p[a + 3] + from * hx + line * hy;
    let l = p[a + 4] + from * lx + line * ly;
    for (const stop = y * width + end; at < stop; at++, z += dx, h += hx, l += lx) {
      if (h > CUT || z >= depth[at]) continue;
      depth[at] = z;
      const shade = l < 0 ? 0 : l > 1 ? 63 : (l * 63) | 0;
      const tone = h < 0 ? 0 : h < 1 ? (h * 255) | 0 : 255;
      const level = h * levels;
      const near = half - Math.abs(level - Math.round(level));
      const cover = near <= 0 ? 0 : Math.min(COVERS - 1, (near * sharpness + 0.5) | 0);
      pixels[at] = table[(cover << 14) | (shade << 8) | tone];
    }
  }
}

/** Whether a point on the surface is behind another part of it, with a little tolerance.
 * @param {Raster} raster
 * @param {number} density pixels per CSS pixel
 * @param {number} x
 * @param {number} y CSS pixels
 * @param {number} depth
 */
export function hidden({width, height, depth: buffer}, density, x, y, depth) {
  const px = (x * density) | 0;
  const py = (y * density) | 0;
  if (px < 0 || py < 0 || px >= width || py >= height) return false;
  return depth > buffer[py * width + px] + 0.045;
}
