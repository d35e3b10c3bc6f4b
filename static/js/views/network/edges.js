// @ts-check
/** The weights between the columns: a stroke each while they are few, summed up pixel by pixel when they are many. */

import {css, diverging} from "../../draw/color.js";
import {compact} from "../../draw/format.js";
import {CURVE, endX, startX, startY} from "./layout.js";
import {createRaster, profileOf} from "./raster.js";
import {steadyScale} from "../shared/scale.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** Above this many edges they are rasterized. */
const MOST_STROKES = 700;
const TONES = 32;
const FEW = 6;
/** A rasterized edge below this density is not seen. */
const FAINTEST = 0.002;

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

/**
 * @param {Document} document @param {Geometry} g @param {Layout} layout
 * @param {{palette: Palette, theme: import("../../types").Theme, table: Uint32Array, ratio: number}} look
 */
export function createEdges(document, g, layout, look) {
  const {palette, theme} = look;
  const scale = steadyScale(0.01);
  const widest = Math.max(1.6, Math.min(7, 0.2 * Math.min(...g.columns.slice(1).map(c => c.size)))) * palette.stroke;
  const tones = Array.from({length: 2 * TONES + 1}, (_, k) => {
    const t = k / TONES - 1;
    return css(diverging(Math.sign(t) * (0.16 + 0.84 * Math.abs(t)), theme));
  });
  const edges = listEdges(g, layout);
  const strengths = new Float32Array(edges.count);
  const rasters = edges.count > MOST_STROKES ? rasterGaps(document, g, edges, look) : null;
  const paths = rasters ? null : edges.into.map((l, e) => curve(g, l, edges.from[e], edges.to[e]));
  let next = 0;
  let done = true;

  /** @param {Float32Array} P */
  function measure(P) {
    let square = 0;
    let most = 0;
    for (let e = 0; e < edges.count; e++) {
      const w = Math.abs(P[edges.at[e]]);
      if (!(w < Infinity)) continue;
      square += w * w;
      if (w > most) most = w;
    }
    const unit = scale.follow(Math.min(most, 3 * Math.sqrt(square / edges.count)));
    for (let e = 0; e < edges.count; e++) strengths[e] = Math.max(-1.25, Math.min(1.25, P[edges.at[e]] / unit)) || 0;
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} e @param {Path2D} path @param {number} alpha */
  function stroke(ctx, e, path, alpha) {
    const t = strengths[e];
    const size = Math.abs(t);
    ctx.strokeStyle = tones[Math.round(Math.max(-1, Math.min(1, t)) * TONES) + TONES];
    ctx.lineWidth = 0.7 * palette.stroke + widest * size;
    ctx.globalAlpha = alpha * (0.55 + 0.45 * Math.min(1, size * 2));
    ctx.stroke(path);
  }

  /**
   * Weak ones first, so that strong ones lie above.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Path2D[]} paths
   * @param {Pick | null} focus
   */
  function strokeAll(ctx, paths, focus) {
    for (let turn = 0; turn < 3; turn++) {
      for (let e = 0; e < edges.count; e++) {
        if (Math.min(2, (Math.abs(strengths[e]) * 3) | 0) === turn)
          stroke(
            ctx,
            e,
            paths[e],
            focus ? 0.12 + 0.88 * emphasis(focus, edges.into[e], edges.from[e], edges.to[e]) : 1,
          );
      }
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Pick} focus */
  function strokeFocus(ctx, focus) {
    for (let e = 0; e < edges.count; e++) {
      const alpha = emphasis(focus, edges.into[e], edges.from[e], edges.to[e]);
      if (alpha > 0.3) stroke(ctx, e, curve(g, edges.into[e], edges.from[e], edges.to[e]), alpha);
    }
  }

  /**
   * The numbers of gaps with few weights, on their curves.
   * @param {CanvasRenderingContext2D} ctx
   * @param {Float32Array} P
   */
  function numbers(ctx, P) {
    ctx.font = `600 ${palette.small}px ${palette.font}`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let e = 0; e < edges.count; e++) {
      const l = edges.into[e];
      const i = edges.from[e];
      const fans = g.sizes[l] === 1;
      const inputs = g.sizes[l - 1] + (g.biases[l - 1] ? 1 : 0);
      if (g.gap < 84 || inputs * g.sizes[l] > FEW || (!fans && inputs > 1)) continue;
      const x0 = startX(g, l, i);
      const y0 = startY(g, l, i);
      const share = fans ? 0.34 : 0.62;
      const j = edges.to[e];
      const x = x0 + share * (endX(g, l, j) - x0);
      const y = y0 + CURVE[Math.round(share * 256)] * (g.y[g.first[l] + j] - y0);
      const text = compact(+P[edges.at[e]].toPrecision(3));
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
  }

  return {
    count: edges.count,
    rasterized: rasters !== null,
    /** weight that full colour and width stand for */
    get unit() {
      return scale.value;
    },
    /** @param {Float32Array} P */
    begin(P) {
      measure(P);
      next = 0;
      done = rasters === null;
    },
    /** @param {number} [deadline] @returns {boolean} whether all is ready to draw */
    advance(deadline = Infinity) {
      while (!done && rasters) {
        if (!rasters[next].refresh(strengths, deadline)) break;
        done = ++next === rasters.length;
      }
      return done;
    },
    /** @param {CanvasRenderingContext2D} ctx cleared @param {Pick | null} focus @param {Float32Array} P */
    draw(ctx, focus, P) {
      ctx.lineCap = "butt";
      if (paths) {
        strokeAll(ctx, paths, focus);
        ctx.globalAlpha = 1;
        numbers(ctx, P);
      } else if (rasters) {
        ctx.globalAlpha = focus ? 0.22 : 1;
        for (const raster of rasters) raster.draw(ctx);
        if (focus) strokeFocus(ctx, focus);
      }
      ctx.globalAlpha = 1;
    },
  };
}

/** @typedef {ReturnType<typeof createEdges>} Edges */
/**
 * Every edge: the layer it leads into, its two ends, and where its weight stands.
 * @typedef {{count: number, into: number[], from: number[], to: number[], at: number[], starts: number[]}} EdgeList
 */

/** @param {Geometry} g @param {Layout} layout @returns {EdgeList} */
function listEdges(g, {blocks}) {
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

/** @param {Geometry} g @param {number} l @param {number} i @param {number} j */
export function curve(g, l, i, j) {
  const path = new Path2D();
  const x0 = startX(g, l, i);
  const y0 = startY(g, l, i);
  const x1 = endX(g, l, j);
  const y1 = g.y[g.first[l] + j];
  const half = (x0 + x1) / 2;
  path.moveTo(x0, y0);
  path.bezierCurveTo(half, y0, half, y1, x1, y1);
  return path;
}

/**
 * A picture for every gap between two columns, at a resolution that all of them together can be repainted at.
 * @param {Document} document
 * @param {Geometry} g
 * @param {EdgeList} edges
 * @param {{table: Uint32Array, ratio: number}} look
 */
function rasterGaps(document, g, edges, {table, ratio}) {
  const boxes = g.columns.slice(1).map((_, k) => boxOf(g, k + 1));
  const area = boxes.reduce((sum, box) => sum + box.width * box.height, 0);
  const fine = Math.min(ratio, Math.max(1, Math.sqrt(700_000 / area)));
  return boxes.map((box, k) => {
    const width = Math.ceil((box.width + 6) * fine);
    const height = Math.ceil((box.height + 6) * fine);
    const raster = createRaster(width, height);
    const canvas = document.createElement("canvas");
    const [from, to] = [edges.starts[k], edges.starts[k + 1]];
    const left = box.x - 3;
    const top = box.y - 3;
    canvas.width = width;
    canvas.height = height;
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const image = ctx.createImageData(width, height);
    const pixels = new Uint32Array(image.data.buffer);
    const heights = new Float32Array(2 * (to - from));
    /** curves between the same two x share their profile @type {Map<string, import("./raster.js").Profile>} */
    const known = new Map();
    /** @type {import("./raster.js").Profile[]} */
    const profiles = [];
    for (let e = from, q = 0; e < to; e++, q += 2) {
      const x0 = (startX(g, k + 1, edges.from[e]) - left) * fine;
      const x1 = (endX(g, k + 1, edges.to[e]) - left) * fine;
      const key = `${x0} ${x1}`;
      const profile = known.get(key) ?? profileOf(x0, x1);
      known.set(key, profile);
      profiles.push(profile);
      heights[q] = (startY(g, k + 1, edges.from[e]) - top) * fine;
      heights[q + 1] = (g.y[g.first[k + 1] + edges.to[e]] - top) * fine;
    }
    const crowd = ((to - from) * Math.hypot(width, height / 3)) / (width * height);
    const gain = Math.min(1.6, 5.5 / crowd);
    let next = from;
    return {
      /**
       * Add edges until all are in or the time is up.
       * @param {Float32Array} strengths
       * @param {number} deadline
       * @returns {boolean} whether the picture is done
       */
      refresh(strengths, deadline) {
        while (next < to) {
          const t = strengths[next];
          const amount = t * (gain * Math.abs(t) + 0.05);
          const q = 2 * (next - from);
          if (Math.abs(amount) > FAINTEST) raster.add(profiles[next - from], heights[q], heights[q + 1], amount);
          if (++next % 128 === 0 && performance.now() > deadline) return false;
        }
        next = from;
        raster.tone(pixels, table);
        ctx.putImageData(image, 0, 0);
        return true;
      },
      /** @param {CanvasRenderingContext2D} target */
      draw(target) {
        target.drawImage(canvas, left, top, width / fine, height / fine);
      },
    };
  });
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
