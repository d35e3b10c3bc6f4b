// @ts-check
/** The surface as pixels: its corners as a camera sees them, and a rasterizer with a depth buffer. Pure. */

import {CUT, project, TALL} from "./camera.js";

/** @typedef {import("./camera.js").Projection} Projection */

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

/**
 * How the surface looks.
 * @typedef {object} Look
 * @property {Uint32Array} table (COVERS, SHADES, 256) colours: how much of an equal-loss line covers the pixel, light,
 * height
 * @property {number} levels how many equal-loss lines there are between heights 0 and 1; 0 for none
 * @property {number} thickness of them, in pixels
 */

/** Paints the cells of the surface into the raster, nearest wins. A cell with a corner that is no number is a hole.
 * @param {Raster} raster
 * @param {Float32Array} points from `corners`
 * @param {number} n
 * @param {Look} look
 */
export function rasterize(raster, points, n, look) {
  raster.pixels.fill(0);
  raster.depth.fill(Infinity);
  for (let i = 0; i < n - 1; i++) {
    for (let j = 0; j < n - 1; j++) {
      const a = 5 * (i * n + j);
      const b = a + 5;
      const c = a + 5 * n;
      const d = c + 5;
      triangle(raster, points, a, b, c, look);
      triangle(raster, points, d, c, b, look);
    }
  }
}

/** One triangle: depth, height and light run linearly over it; pixel centres decide, so that neighbours leave no seam.
 * @param {Raster} raster
 * @param {Float32Array} p
 * @param {number} a
 * @param {number} b
 * @param {number} c offsets of its corners
 * @param {Look} look
 */
function triangle({width, height, pixels, depth}, p, a, b, c, {table, levels, thickness}) {
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
    const first = crossing(0, 0, bx, by, line);
    const second = crossing(0, 0, cx, cy, line);
    const third = crossing(bx, by, cx, cy, line);
    const left = leftmost(first, second, third);
    const right = rightmost(first, second, third);
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
      const level = h * levels;
      const near = half - Math.abs(level - Math.round(level));
      const cover = near <= 0 ? 0 : Math.min(COVERS - 1, (near * sharpness + 0.5) | 0);
      pixels[at] = table[(cover << 14) | (shadeOf(l) << 8) | toneOf(h)];
    }
  }
}

/** Row of the colour table for a light. @param {number} light 0…1 where it is lit as usual */
function shadeOf(light) {
  return light < 0 ? 0 : light > 1 ? SHADES - 1 : (light * (SHADES - 1)) | 0;
}

/** Column of the colour table for a height. @param {number} height 0…1 up to the cut */
function toneOf(height) {
  return height < 0 ? 0 : height < 1 ? (height * 255) | 0 : 255;
}

/**
 * Where the edge from (x0, y0) to (x1, y1) crosses a line of pixels; NaN where it does not. An edge owns its upper end
 * only, so that two that meet are counted once.
 * @param {number} x0
 * @param {number} y0
 * @param {number} x1
 * @param {number} y1
 * @param {number} line
 */
function crossing(x0, y0, x1, y1, line) {
  const crosses = y1 > y0 ? line >= y0 && line < y1 : line >= y1 && line < y0;
  return crosses ? x0 + ((line - y0) * (x1 - x0)) / (y1 - y0) : NaN;
}

/** The least of three crossings, those that are none left out. @param {number} a @param {number} b @param {number} c */
function leftmost(a, b, c) {
  let x = Infinity;
  if (a < x) x = a;
  if (b < x) x = b;
  if (c < x) x = c;
  return x;
}

/** The greatest of three crossings. @param {number} a @param {number} b @param {number} c */
function rightmost(a, b, c) {
  let x = -Infinity;
  if (a > x) x = a;
  if (b > x) x = b;
  if (c > x) x = c;
  return x;
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
