// @ts-check
/** The weights between the columns: a stroke each while they are few, summed up pixel by pixel when they are many. */

import {css, diverging} from "../../draw/color.js";
import {compact} from "../../draw/format.js";
import {steadyScale} from "../shared/scale.js";
import {CURVE, curve, endX, startX, startY} from "./curves.js";
import {picturesOf} from "./edge_pictures.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("./scene.js").Look} Look */

/** Above this many edges they are rasterized. */
const MOST_STROKES = 700;
const TONES = 32;
/** Weights carry their numbers where a gap has at most so many, and is so wide, in px. */
const FEW = 6;
const ROOM_FOR_NUMBERS = 84;
const USUAL_TYPE = 11.5;

/**
 * How much an edge belongs to what is looked at: 1 the thing itself, less for its paths, 0 for the rest.
 * @param {Pick} pick @param {number} l layer that the edge leads into @param {number} i @param {number} j
 */
export function emphasis(pick, l, i, j) {
  if (pick.kind === "neuron")
    return (l === pick.layer && j === pick.index) || (l === pick.layer + 1 && i === pick.index) ? 1 : 0;
  if (l === pick.layer) return i === pick.from && j === pick.to ? 1 : 0;
  if (l === pick.layer - 1) return j === pick.from ? 0.4 : 0;
  if (l === pick.layer + 1) return i === pick.to ? 0.6 : 0;
  return l > pick.layer ? 0.25 : 0;
}

export class Edges {
  /** @param {Document} document @param {Geometry} g @param {Layout} layout @param {Look} look */
  constructor(document, g, layout, look) {
    const {palette} = look;
    const list = listEdges(layout);
    this.g = g;
    this.palette = palette;
    this.list = list;
    this.count = list.count;
    this.scale = this.weights = steadyScale(0.01);
    /** of changes of the weights, in place of them */
    this.changes = steadyScale(0.01);
    this.widest = Math.max(1.6, Math.min(7, 0.2 * Math.min(...g.columns.slice(1).map(c => c.size)))) * palette.stroke;
    this.tones = tonesOf(look.theme);
    /** of every edge, −1.25…1.25 */
    this.strengths = new Float32Array(list.count);
    this.pictures = list.count > MOST_STROKES ? picturesOf(document, g, list, look) : null;
    this.paths = this.pictures ? null : list.into.map((l, e) => curve(g, l, list.from[e], list.to[e]));
    this.rasterized = this.pictures !== null;
    /** the picture that is painted next */
    this.next = 0;
    this.done = true;
  }

  /** Weight that full colour and width stand for. */
  get unit() {
    return this.scale.value;
  }

  /** @param {Float32Array} P @param {boolean} changes whether these are changes of the weights */
  begin(P, changes) {
    this.scale = changes ? this.changes : this.weights;
    this.measure(P);
    this.next = 0;
    this.done = this.pictures === null;
  }

  /** @param {number} [deadline] @returns {boolean} whether all is ready to draw */
  advance(deadline = Infinity) {
    const {pictures} = this;
    while (!this.done && pictures) {
      if (!pictures[this.next].refresh(this.strengths, deadline)) break;
      this.done = ++this.next === pictures.length;
    }
    return this.done;
  }

  /** @param {CanvasRenderingContext2D} ctx cleared @param {Pick | null} focus @param {Float32Array} P
   * @param {[number, number]} [layers] whose numbers are written, all by default */
  draw(ctx, focus, P, layers) {
    ctx.lineCap = "butt";
    if (this.paths) {
      this.strokeAll(ctx, this.paths, focus);
      ctx.globalAlpha = 1;
      this.writeNumbers(ctx, P, layers);
    } else if (this.pictures) {
      ctx.globalAlpha = focus ? 0.22 : 1;
      for (const picture of this.pictures) picture.draw(ctx);
      if (focus) this.strokeFocus(ctx, focus);
    }
    ctx.globalAlpha = 1;
  }

  /** @param {Float32Array} P */
  measure(P) {
    const {list, strengths} = this;
    let square = 0;
    let most = 0;
    for (let e = 0; e < list.count; e++) {
      const w = Math.abs(P[list.at[e]]);
      if (!(w < Infinity)) continue;
      square += w * w;
      if (w > most) most = w;
    }
    const unit = this.scale.follow(Math.min(most, 3 * Math.sqrt(square / list.count)));
    for (let e = 0; e < list.count; e++) strengths[e] = Math.max(-1.25, Math.min(1.25, P[list.at[e]] / unit)) || 0;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} e @param {Path2D} path @param {number} alpha */
  stroke(ctx, e, path, alpha) {
    const t = this.strengths[e];
    const size = Math.abs(t);
    ctx.strokeStyle = this.tones[Math.round(Math.max(-1, Math.min(1, t)) * TONES) + TONES];
    ctx.lineWidth = 0.7 * this.palette.stroke + this.widest * size;
    ctx.globalAlpha = alpha * (0.55 + 0.45 * Math.min(1, size * 2));
    ctx.stroke(path);
  }

  /** @param {Pick} focus @param {number} e */
  emphasis(focus, e) {
    const {into, from, to} = this.list;
    return emphasis(focus, into[e], from[e], to[e]);
  }

  /**
   * Weak ones first, so that strong ones lie above.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Path2D[]} paths
   * @param {Pick | null} focus
   */
  strokeAll(ctx, paths, focus) {
    const {strengths} = this;
    for (let turn = 0; turn < 3; turn++)
      for (let e = 0; e < this.count; e++)
        if (Math.min(2, (Math.abs(strengths[e]) * 3) | 0) === turn)
          this.stroke(ctx, e, paths[e], focus ? 0.12 + 0.88 * this.emphasis(focus, e) : 1);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Pick} focus */
  strokeFocus(ctx, focus) {
    const {into, from, to} = this.list;
    for (let e = 0; e < this.count; e++) {
      const alpha = this.emphasis(focus, e);
      if (alpha > 0.3) this.stroke(ctx, e, curve(this.g, into[e], from[e], to[e]), alpha);
    }
  }

  /**
   * The numbers of gaps with few weights, on their curves.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Float32Array} P
   * @param {[number, number]} [layers] the only ones
   */
  writeNumbers(ctx, P, [low, high] = [0, Infinity]) {
    const {g, palette, list} = this;
    ctx.font = `600 ${palette.small}px ${palette.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    if (g.gap < (ROOM_FOR_NUMBERS * palette.small) / USUAL_TYPE) return;
    for (let e = 0; e < list.count; e++) {
      const l = list.into[e];
      if (l < low || l > high || !hasNumbers(g, l)) continue;
      const words = compact(+P[list.at[e]].toPrecision(3));
      const [x, y] = placeOfNumber(g, l, list.from[e], list.to[e]);
      const half = ctx.measureText(words).width / 2;
      writeOnPlate(ctx, palette, words, between(x, half, startX(g, l, 0), endX(g, l, 0)), y);
    }
  }
}

/**
 * Colours of the strengths −1…1: even the weakest has a little of its own.
 * @param {import("../../types").Theme} theme
 */
const tonesOf = theme =>
  Array.from({length: 2 * TONES + 1}, (_, k) => {
    const t = k / TONES - 1;
    return css(diverging(Math.sign(t) * (0.16 + 0.84 * Math.abs(t)), theme));
  });

/** Whether the weights into layer l are few, and fan in or out. @param {Geometry} g @param {number} l */
function hasNumbers(g, l) {
  const inputs = g.sizes[l - 1] + (g.biases[l - 1] ? 1 : 0);
  return inputs * g.sizes[l] <= FEW && (g.sizes[l] === 1 || inputs === 1);
}

/**
 * Nearer to the end that the weights do not share.
 * @param {Geometry} g @param {number} l @param {number} i @param {number} j
 * @returns {[number, number]}
 */
function placeOfNumber(g, l, i, j) {
  const x0 = startX(g, l, i);
  const y0 = startY(g, l, i);
  const share = g.sizes[l] === 1 ? 0.34 : 0.62;
  return [x0 + share * (endX(g, l, j) - x0), y0 + CURVE[Math.round(share * 256)] * (g.y[g.first[l] + j] - y0)];
}

/** The middle of words that lie on neither side's neurons, where there is room; nearest to x.
 * @param {number} x @param {number} half their width @param {number} left @param {number} right */
export const between = (x, half, left, right) =>
  right - left < 2 * half + 4 ? x : Math.max(left + half + 2, Math.min(right - half - 2, x));

/**
 * @param {CanvasRenderingContext2D} ctx with its font set
 * @param {Palette} palette
 * @param {string} text
 * @param {number} x
 * @param {number} y
 */
function writeOnPlate(ctx, palette, text, x, y) {
  const half = ctx.measureText(text).width / 2 + 4;
  ctx.globalAlpha = 0.88;
  ctx.fillStyle = palette.panel;
  ctx.beginPath();
  ctx.roundRect(x - half, y - palette.small * 0.72, 2 * half, palette.small * 1.44, 5);
  ctx.fill();
  ctx.globalAlpha = 1;
  ctx.fillStyle = palette.text;
  ctx.fillText(text, x, y + 0.5);
}

/**
 * Every edge: the layer it leads into, its two ends, and where its weight stands.
 * @typedef {{count: number, into: number[], from: number[], to: number[], at: number[], starts: number[]}} EdgeList
 */

/** @param {Layout} layout @returns {EdgeList} */
function listEdges({blocks}) {
  /** @type {EdgeList} */
  const list = {count: 0, into: [], from: [], to: [], at: [], starts: []};
  blocks.forEach(({offset, rows, cols, fixed}, k) => {
    list.starts.push(list.into.length);
    for (let i = 0; i < rows - (fixed ? 1 : 0); i++)
      for (let j = 0; j < cols; j++) {
        list.into.push(k + 1);
        list.from.push(i);
        list.to.push(j);
        list.at.push(offset + i * cols + j);
      }
  });
  list.count = list.into.length;
  list.starts.push(list.count);
  return list;
}
