// @ts-check
/** The neurons themselves: frames with their pictures, chips with their numbers, bias nodes. */

import {css, diverging, inkOn} from "../../draw/color.js";
import {fixed, power, special} from "../../draw/format.js";
import {letter} from "../../draw/lettering.js";
import {traced} from "../../draw/traced.js";
import {level} from "../shared/neuron_pictures.js";
import {sampleImage} from "../shared/sample_image.js";
import {drawInputNames} from "./input_names.js";
import {drawLinks, OutputBars} from "./outputs.js";
import {createRanges} from "./ranges.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../shared/neuron_pictures.js").Pictures} Pictures */

/** A chip writes its number from this size on (px at the usual type). */
const ROOM_FOR_NUMBER = 25;
const USUAL_TYPE = 11.5;

export class Nodes {
  /**
   * @param {Document} document
   * @param {Geometry} g
   * @param {Layout} layout
   * @param {Data} data
   * @param {Pictures | null} pictures
   * @param {import("./scene.js").Look} look
   * @param {import("./window.js").Part | null} [part] which layers these are, if not all
   */
  constructor(document, g, layout, data, pictures, {palette, theme}, part = null) {
    this.g = g;
    this.layout = layout;
    this.data = data;
    this.pictures = pictures;
    this.palette = palette;
    this.last = layout.sizes.length - 1;
    /** whether the first column is the input, and the last one the output */
    this.begins = !part?.from;
    this.ends = part?.ends ?? true;
    this.range = createRanges(layout, data, part?.entering);
    this.fills = Array.from({length: 256}, (_, k) => css(diverging(k / 127.5 - 1, theme)));
    this.inks = Array.from({length: 256}, (_, k) => inkOn(diverging(k / 127.5 - 1, theme)));
    this.frames = framesOf(g);
    this.image = g.image ? sampleImage(document, data, theme) : null;
    this.bars = g.bars ? new OutputBars(g, layout.units[this.last].offset, data, palette) : null;
  }

  /**
   * @param {CanvasRenderingContext2D} ctx cleared
   * @param {Frame | null} frame
   * @param {Pick | null} hover
   * @param {Pick | null} selected
   */
  draw(ctx, frame, hover, selected) {
    const {g, palette} = this;
    ctx.imageSmoothingEnabled = !g.image;
    ctx.save();
    ctx.clip(this.frames);
    this.drawInside(ctx, frame);
    ctx.restore();
    if (this.ends) drawLinks(ctx, g, palette);
    this.drawFrames(ctx, hover, selected);
    if (frame) for (let l = 0; l <= this.last; l++) if (this.isChip(l)) this.drawNumbers(ctx, l, frame);
    this.drawBiases(ctx);
    if (this.begins) drawInputNames(ctx, g, this.data.features, palette);
    if (frame) this.bars?.draw(ctx, frame);
  }

  /** Whether a layer has chips of one colour, neither pictures nor the sample's. @param {number} l */
  isChip(l) {
    return !this.pictures?.shows(l) && !(this.g.image && l === 0);
  }

  /** @param {CanvasRenderingContext2D} ctx clipped to the frames @param {Frame | null} frame */
  drawInside(ctx, frame) {
    const {g, pictures} = this;
    ctx.fillStyle = this.palette["panel-2"];
    ctx.fillRect(0, 0, g.width, g.height);
    for (let l = g.image ? 1 : 0; l <= this.last; l++) {
      if (pictures?.shows(l)) this.drawPictures(ctx, pictures, l);
      else if (frame) this.drawChips(ctx, l, frame);
    }
    if (!g.image || !frame) return;
    const pixels = frame.sample < 0 ? frame.A.subarray(0, this.data.inputs) : undefined;
    this.image?.draw(ctx, frame.sample, g.image.x, g.image.y, g.image.side, pixels);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Pictures} pictures @param {number} l */
  drawPictures(ctx, pictures, l) {
    const {g} = this;
    const {size} = g.columns[l];
    for (let u = g.first[l]; u < g.first[l] + g.sizes[l]; u++)
      pictures.draw(ctx, u, g.x[u] - size / 2, g.y[u] - size / 2, size);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} l @param {Frame} frame */
  drawChips(ctx, l, {A}) {
    const {g, fills} = this;
    const {size} = g.columns[l];
    const {offset} = this.layout.units[l];
    const most = this.range(l, A);
    for (let j = 0; j < g.sizes[l]; j++) {
      const u = g.first[l] + j;
      ctx.fillStyle = fills[level(A[offset + j] / most)];
      ctx.fillRect(g.x[u] - size / 2, g.y[u] - size / 2, size, size);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} l @param {Frame} frame */
  drawNumbers(ctx, l, {A}) {
    const {g, palette, inks} = this;
    const {size} = g.columns[l];
    const {offset} = this.layout.units[l];
    if (size < (ROOM_FOR_NUMBER * palette.small) / USUAL_TYPE) return;
    const most = this.range(l, A);
    const type = Math.min(size * 0.36, palette.small * 1.25);
    if (type < palette.least) return;
    ctx.font = `600 ${type}px ${palette.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let j = 0; j < g.sizes[l]; j++) {
      const a = A[offset + j];
      const u = g.first[l] + j;
      ctx.fillStyle = inks[level(a / most)];
      ctx.fillText(short(a), g.x[u], g.y[u] + 0.5);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Pick | null} hover @param {Pick | null} selected */
  drawFrames(ctx, hover, selected) {
    const {g, palette} = this;
    ctx.lineWidth = palette.stroke * (g.columns[1].size < 12 ? 0.75 : 1.25);
    ctx.strokeStyle = palette.muted;
    ctx.stroke(this.frames);
    this.drawMark(ctx, selected, palette.accent);
    this.drawMark(ctx, hover, palette.text);
  }

  /**
   * Frames of the neurons that a pick is or joins.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Pick | null} pick
   * @param {string} colour
   */
  drawMark(ctx, pick, colour) {
    const {g} = this;
    if (!pick || !isInside(g.sizes, pick)) return;
    ctx.strokeStyle = colour;
    ctx.lineWidth = 2.5 * this.palette.stroke;
    for (const [l, j] of neuronsOf(pick)) {
      if (j >= g.sizes[l] || (g.image && l === 0)) continue;
      ctx.stroke(traced([square(g.x[g.first[l] + j], g.y[g.first[l] + j], g.columns[l].size + 3)]));
    }
  }

  /** @param {CanvasRenderingContext2D} ctx */
  drawBiases(ctx) {
    const {palette} = this;
    for (const bias of this.g.biases) {
      if (!bias) continue;
      ctx.beginPath();
      ctx.arc(bias.x, bias.y, bias.size / 2, 0, 7);
      ctx.fillStyle = palette["panel-2"];
      ctx.fill();
      ctx.lineWidth = palette.stroke;
      ctx.strokeStyle = palette.muted;
      ctx.stroke();
      const size = Math.max(bias.size * 0.66, palette.least);
      if (bias.size < Math.max(9, 0.9 * palette.least)) continue;
      const font = `600 ${size}px ${palette.font}`;
      letter(ctx, "1", bias.x, bias.y + 0.5, {font, size, colour: palette.text, centred: true});
    }
  }
}

/** Whether a pick lies in a network of these sizes. @param {number[]} sizes @param {Pick} pick */
const isInside = (sizes, pick) =>
  pick.layer < sizes.length && (pick.kind === "neuron" ? pick.index : pick.to) < sizes[pick.layer];

/** Layer and index of the neurons that a pick is or joins. @param {Pick} pick @returns {[number, number][]} */
const neuronsOf = pick =>
  pick.kind === "neuron"
    ? [[pick.layer, pick.index]]
    : [
        [pick.layer - 1, pick.from],
        [pick.layer, pick.to],
      ];

/** A number of at most four signs, beyond them its power of ten alone. @param {number} a */
export function short(a) {
  const words = special(a);
  if (words !== null) return words;
  const size = Math.abs(a);
  if (size >= 9999.5) return `${a < 0 ? "−" : ""}${power(Math.round(Math.log10(size)))}`;
  return fixed(a, size >= 9.95 || Number.isInteger(a) ? 0 : 2);
}

/**
 * The frame of a neuron as a call of a path.
 * @param {number} x
 * @param {number} y its middle
 * @param {number} size
 * @returns {import("../../draw/traced.js").Call}
 */
function square(x, y, size) {
  const place = /** @type {const} */ ([x - size / 2, y - size / 2, size, size]);
  return size < 10 ? ["rect", ...place] : ["roundRect", ...place, Math.min(7, size / 6)];
}

/** Outlines of all neurons and of the picture as one path. @param {Geometry} g */
function framesOf(g) {
  /** @type {import("../../draw/traced.js").Call[]} */
  const calls = [];
  for (let l = g.image ? 1 : 0; l < g.columns.length; l++)
    for (let j = 0; j < g.sizes[l]; j++)
      calls.push(square(g.x[g.first[l] + j], g.y[g.first[l] + j], g.columns[l].size));
  if (g.image) calls.push(["rect", g.image.x, g.image.y, g.image.side, g.image.side]);
  return traced(calls);
}
