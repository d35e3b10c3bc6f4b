// @ts-check
/**
 * Thousands of edges: a picture for every gap between two columns, at a resolution that all of them together can be
 * repainted at, in slices of time.
 */

import {endX, startX, startY} from "./curves.js";
import {profileOf, Raster} from "./raster.js";

/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("./edges.js").EdgeList} EdgeList */
/** @typedef {{x: number, y: number, width: number, height: number}} Box */

/** A rasterized edge below this density is not seen. */
const FAINTEST = 0.002;
/** Pixels of all pictures together, and px that they reach beyond the curves' ends. */
const MOST_PIXELS = 700_000;
const RIM = 3;

/**
 * @param {Document} document
 * @param {Geometry} g
 * @param {EdgeList} edges
 * @param {{table: Uint32Array, ratio: number}} look
 */
export function picturesOf(document, g, edges, {table, ratio}) {
  const boxes = g.columns.slice(1).map((_, k) => boxOf(g, k + 1));
  const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
  const fine = Math.min(ratio, Math.max(1, Math.sqrt(MOST_PIXELS / area)));
  return boxes.map((box, k) => new EdgePicture(document, g, edges, k + 1, box, table, fine));
}

/** The picture of the edges into one layer. */
class EdgePicture {
  /**
   * @param {Document} document
   * @param {Geometry} g
   * @param {EdgeList} edges
   * @param {number} layer
   * @param {Box} box
   * @param {Uint32Array} table
   * @param {number} fine pixels of the picture per px
   */
  constructor(document, g, edges, layer, box, table, fine) {
    const width = Math.ceil((box.width + 2 * RIM) * fine);
    const height = Math.ceil((box.height + 2 * RIM) * fine);
    this.left = box.x - RIM;
    this.top = box.y - RIM;
    this.fine = fine;
    this.table = table;
    this.raster = new Raster(width, height);
    this.canvas = document.createElement("canvas");
    this.canvas.width = width;
    this.canvas.height = height;
    this.ctx = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    this.image = this.ctx.createImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
    /** the first edge, and the one after the last */
    this.from = edges.starts[layer - 1];
    this.to = edges.starts[layer];
    /** the edge that is added next */
    this.next = this.from;
    const crowd = ((this.to - this.from) * Math.hypot(width, height / 3)) / (width * height);
    this.gain = Math.min(1.6, 5.5 / crowd);
    /** heights of the two ends of every edge */
    this.heights = new Float32Array(2 * (this.to - this.from));
    /** @type {import("./raster.js").Profile[]} */
    this.profiles = [];
    this.measure(g, edges, layer);
  }

  /** @param {Geometry} g @param {EdgeList} edges @param {number} layer */
  measure(g, edges, layer) {
    const {left, top, fine, heights, profiles} = this;
    /** curves between the same two x share their profile @type {Map<string, import("./raster.js").Profile>} */
    const known = new Map();
    for (let e = this.from, q = 0; e < this.to; e++, q += 2) {
      const x0 = (startX(g, layer, edges.from[e]) - left) * fine;
      const x1 = (endX(g, layer, edges.to[e]) - left) * fine;
      const key = `${x0} ${x1}`;
      const profile = known.get(key) ?? profileOf(x0, x1);
      known.set(key, profile);
      profiles.push(profile);
      heights[q] = (startY(g, layer, edges.from[e]) - top) * fine;
      heights[q + 1] = (g.y[g.first[layer] + edges.to[e]] - top) * fine;
    }
  }

  /**
   * Add edges until all are in or the time is up.
   * @param {Float32Array} strengths
   * @param {number} deadline
   * @returns {boolean} whether the picture is done
   */
  refresh(strengths, deadline) {
    const {from, to, gain, raster, profiles, heights} = this;
    while (this.next < to) {
      const e = this.next;
      const t = strengths[e];
      const amount = t * (gain * Math.abs(t) + 0.05);
      const q = 2 * (e - from);
      if (Math.abs(amount) > FAINTEST) raster.add(profiles[e - from], heights[q], heights[q + 1], amount);
      if (++this.next % 128 === 0 && performance.now() > deadline) return false;
    }
    this.next = from;
    raster.tone(this.pixels, this.table);
    this.ctx.putImageData(this.image, 0, 0);
    return true;
  }

  /** @param {CanvasRenderingContext2D} target */
  draw(target) {
    const {canvas, left, top, fine} = this;
    target.drawImage(canvas, left, top, canvas.width / fine, canvas.height / fine);
  }
}

/** What the edges into layer l cover. @param {Geometry} g @param {number} l */
function boxOf(g, l) {
  let left = Infinity;
  let right = -Infinity;
  let top = Infinity;
  let bottom = -Infinity;
  for (let i = 0; i < g.sizes[l - 1] + (g.biases[l - 1] ? 1 : 0); i++) {
    left = Math.min(left, startX(g, l, i));
    top = Math.min(top, startY(g, l, i));
    bottom = Math.max(bottom, startY(g, l, i));
  }
  for (let j = 0; j < g.sizes[l]; j++) {
    right = Math.max(right, endX(g, l, j));
    top = Math.min(top, g.y[g.first[l] + j]);
    bottom = Math.max(bottom, g.y[g.first[l] + j]);
  }
  return {x: left, y: top, width: right - left, height: bottom - top};
}
