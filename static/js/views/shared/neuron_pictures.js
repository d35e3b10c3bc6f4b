// @ts-check
/** The live pictures in the neurons, all in one canvas: heat maps over the input plane, or weights as images. */

import {isBounded} from "../../maths/activations.js";
import {CATEGORIES} from "../../draw/color.js";
import {inputsOf} from "../../maths/features.js";
import {createSweep, firstUnits, isPlane, loadGrid} from "../../maths/forward.js";
import {steadyScale} from "./scale.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/**
 * Pictures of some layers. `begin` with new parameters, `advance` until it says that all is painted, `draw` at any
 * time.
 * @typedef {object} Pictures
 * @property {(layer: number) => boolean} shows whether the neurons of a layer have pictures
 * @property {(P: Float32Array, S: Float32Array) => void} begin with parameters and running statistics
 * @property {(deadline?: number) => boolean} advance
 * @property {(ctx: CanvasRenderingContext2D, unit: number, x: number, y: number, side: number) => void} draw
 */

/** Value → place on the diverging scale: `gain · v + shift` in −1…1. @typedef {{gain: number, shift: number}} Tone */

/** How values of the output layer are toned: two classes about their border, targets of a regression over their range.
 * @param {Data} data @returns {Tone} */
export function outputTone(data) {
  const [low, high] = data.target_range;
  if (data.kind === "binary" && data.outputs === 1)
    return {gain: 2 / (high - low), shift: -(high + low) / (high - low)};
  if (data.kind === "regression") return {gain: 1 / (Math.max(Math.abs(low), Math.abs(high)) || 1), shift: 0};
  return {gain: 1, shift: 0};
}

/** The largest size of an input over the plane, the same for all so that their pictures compare. @param {Data} data */
export function inputReach(data) {
  if (!isPlane(data)) return 1;
  const [[left, right], [low, high]] = data.domain;
  const inputs = inputsOf(data.plane);
  let most = 1e-9;
  for (let k = 0; k < 625; k++)
    for (const f of inputs)
      most = Math.max(
        most,
        Math.abs(f(left + ((k % 25) / 24) * (right - left), low + (Math.floor(k / 25) / 24) * (high - low))),
      );
  return most;
}

/** Place of a number in −1…1 in a table of 256; the middle for what is no number. @param {number} x */
export function level(x) {
  const at = x * 127.5 + 127.5;
  return at >= 0 ? (at < 255 ? (at + 0.5) | 0 : 255) : at < 0 ? 0 : 127;
}

/**
 * Paint values through a table.
 * @param {Uint32Array} pixels
 * @param {number} at
 * @param {number} stride
 * @param {number} side
 * @param {Float32Array} row @param {Uint32Array} table @param {Tone} tone */
function paint(pixels, at, stride, side, row, table, {gain, shift}) {
  for (let y = 0, p = 0; y < side; y++)
    for (let x = 0, q = at + y * stride; x < side; x++, p++, q++) pixels[q] = table[level(row[p] * gain + shift)];
}

/** @param {Document} document @param {number} cells @param {number} width of a cell @param {number} height */
function atlas(document, cells, width, height) {
  const across = Math.min(cells, 16);
  const canvas = document.createElement("canvas");
  canvas.width = across * width;
  canvas.height = Math.ceil(cells / across) * height;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = ctx.createImageData(canvas.width, canvas.height);
  return {
    canvas,
    pixels: new Uint32Array(image.data.buffer),
    stride: canvas.width,
    /** @param {number} k */
    cell: k => ({x: (k % across) * width, y: Math.floor(k / across) * height}),
    put: () => ctx.putImageData(image, 0, 0),
  };
}

/**
 * A heat map over the input plane for every neuron.
 * @param {Document} document
 * @param {Layout} layout
 * @param {Data & import("../../maths/forward.js").OverPlane} data
 * @param {Uint32Array} table diverging
 * @param {Uint32Array[] | null} classes a table per class for three classes and more
 * @param {number} side pixels of a map @returns {Pictures}
 */
export function heatMaps(document, layout, data, table, classes, side) {
  const {sizes, activations} = layout;
  const first = firstUnits(sizes);
  const last = sizes.length - 1;
  const count = first[last] + sizes[last];
  const sheet = atlas(document, count, side, side);
  const sweep = createSweep(layout, side * side);
  const scales = sizes.map(() => steadyScale(0.1));
  loadGrid(sweep, data, side, side);
  const far = inputReach(data);
  let done = true;

  /** @param {number} l @returns {Tone} */
  function tone(l) {
    if (l === 0) return {gain: 1 / far, shift: 0};
    if (l === last) return outputTone(data);
    if (isBounded(activations[l - 1], layout) && !layout.residual[l - 1]) return {gain: 1, shift: 0};
    let most = 0;
    for (let u = first[l]; u < first[l + 1]; u++)
      for (let p = 0; p < sweep.points; p += 7) most = Math.max(most, Math.abs(sweep.rows[u][p]));
    return {gain: 1 / scales[l].follow(most), shift: 0};
  }

  function paintAll() {
    for (let l = 0; l <= last; l++) {
      const how = tone(l);
      for (let j = 0; j < sizes[l]; j++) {
        const {x, y} = sheet.cell(first[l] + j);
        paint(
          sheet.pixels,
          y * sheet.stride + x,
          sheet.stride,
          side,
          sweep.rows[first[l] + j],
          l === last && classes ? classes[j] : table,
          how,
        );
      }
    }
    sheet.put();
  }

  return {
    shows: () => true,
    begin(P, S) {
      sweep.start(P, S);
      done = false;
    },
    advance(deadline) {
      if (done || !sweep.advance(deadline)) return done;
      paintAll();
      return (done = true);
    },
    draw(ctx, unit, x, y, size) {
      const cell = sheet.cell(unit);
      ctx.drawImage(sheet.canvas, cell.x, cell.y, side, side, x, y, size, size);
    },
  };
}

/**
 * The weights of each neuron of the first layer as an image of the inputs' shape.
 * @param {Document} document
 * @param {Layout} layout
 * @param {[number, number]} shape [rows, columns]
 * @param {Uint32Array} table diverging
 * @returns {Pictures}
 */
export function weightImages(document, layout, [height, width], table) {
  const {sizes, blocks} = layout;
  const {offset, cols} = blocks[0];
  const sheet = atlas(document, sizes[1], width, height);
  const scale = steadyScale(0.1);
  return {
    shows: layer => layer === 1,
    begin(P) {
      let square = 0;
      const inputs = sizes[0];
      for (let k = offset; k < offset + inputs * cols; k++) square += P[k] * P[k];
      const gain = 1 / scale.follow(2.5 * Math.sqrt(square / (inputs * cols)));
      for (let j = 0; j < sizes[1]; j++) {
        const {x, y} = sheet.cell(j);
        for (let i = 0; i < inputs; i++) {
          sheet.pixels[(y + Math.floor(i / width)) * sheet.stride + x + (i % width)] =
            table[level(P[offset + i * cols + j] * gain)];
        }
      }
      sheet.put();
    },
    advance: () => true,
    draw(ctx, unit, x, y, size) {
      const cell = sheet.cell(unit - sizes[0]);
      ctx.drawImage(sheet.canvas, cell.x, cell.y, width, height, x, y, size, size);
    },
  };
}

/**
 * From the neutral colour to each class's own, index 0…255 as −1…1 with the neutral up to the middle.
 * @param {Uint32Array} table diverging, for its middle
 * @param {number} count
 * @returns {Uint32Array[]}
 */
export const classTables = (table, count) =>
  Array.from({length: count}, (_, k) => towards(table[127], CATEGORIES[k % CATEGORIES.length]));

/**
 * From one colour to another in the upper half of a table.
 * @param {number} ground little-endian
 * @param {string} colour
 */
function towards(ground, colour) {
  const own = parseInt(colour.slice(1), 16);
  const [r, g, b] = [own >> 16, (own >> 8) & 255, own & 255];
  return Uint32Array.from({length: 256}, (_, i) => {
    const f = Math.max(0, i / 127.5 - 1);
    /** @param {number} shift @param {number} to */
    const mix = (shift, to) => Math.round(((ground >> shift) & 255) * (1 - f) + to * f) << shift;
    return ((255 << 24) | mix(16, b) | mix(8, g) | mix(0, r)) >>> 0;
  });
}
