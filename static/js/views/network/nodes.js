// @ts-check
/**
 * The neurons themselves: frames with their pictures, chips with their numbers, bias nodes, names and bars of the
 * outputs.
 */

import {isBounded} from "../../maths/activations.js";
import {css, diverging} from "../../draw/color.js";
import {percent, special} from "../../draw/format.js";
import {letter} from "../../draw/lettering.js";
import {MOST_NAMES} from "./layout.js";
import {level} from "../shared/neuron_pictures.js";
import {sampleImage} from "../shared/sample_image.js";
import {steadyScale} from "../shared/scale.js";

/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Frame} Frame */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("../../types").Theme} Theme */
/** @typedef {import("./layout.js").Geometry} Geometry */
/** @typedef {import("../shared/neuron_pictures.js").Pictures} Pictures */
/** @typedef {import("../../draw/plot.js").Palette} Palette */

/** A chip writes its number from this size on (px at the usual type). */
const ROOM_FOR_NUMBER = 25;

/**
 * @param {Document} document
 * @param {Geometry} g
 * @param {Layout} layout
 * @param {Data} data
 * @param {Pictures | null} pictures
 * @param {{palette: Palette, theme: Theme, table: Uint32Array, ratio: number}} look
 * @param {import("./window.js").Part | null} [part] which layers these are, if not all
 */
export function createNodes(document, g, layout, data, pictures, {palette, theme, table, ratio}, part = null) {
  const {sizes, activations} = layout;
  const last = sizes.length - 1;
  const scales = sizes.map(() => steadyScale(0.1));
  const fills = Array.from({length: 256}, (_, k) => css(diverging(k / 127.5 - 1, theme)));
  const inks = Array.from({length: 256}, (_, k) => ink(diverging(k / 127.5 - 1, theme)));
  const far = data.X.reduce((most, x) => Math.max(most, Math.abs(x)), 1e-9);
  const {inputs} = data;
  const frames = framesOf(g);
  const picture = g.image ? sampleImage(document, data, theme) : null;
  const font = (/** @type {number} */ size, weight = 500) => `${weight} ${size}px ${palette.font}`;

  /** Largest activation that a chip of this layer shows in full colour. @param {number} l @param {Frame} frame */
  function range(l, frame) {
    const name = l ? activations[l - 1] : part?.entering;
    if (!name) return far;
    if (isBounded(name) && !layout.residual[l - 1]) return 1;
    const {offset, size} = layout.units[l];
    let most = 0;
    for (let j = 0; j < size; j++) most = Math.max(most, Math.abs(frame.A[offset + j]));
    return scales[l].follow(most);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} l */
  function drawPictures(ctx, l) {
    if (!pictures) return;
    const size = g.columns[l].size;
    for (let u = g.first[l]; u < g.first[l] + sizes[l]; u++)
      pictures.draw(ctx, u, g.x[u] - size / 2, g.y[u] - size / 2, size);
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} l @param {Frame} frame */
  function drawChips(ctx, l, frame) {
    const {size} = g.columns[l];
    const {offset} = layout.units[l];
    const most = range(l, frame);
    for (let j = 0; j < sizes[l]; j++) {
      const u = g.first[l] + j;
      ctx.fillStyle = fills[level(frame.A[offset + j] / most)];
      ctx.fillRect(g.x[u] - size / 2, g.y[u] - size / 2, size, size);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {number} l @param {Frame} frame */
  function drawNumbers(ctx, l, frame) {
    const {size} = g.columns[l];
    const {offset} = layout.units[l];
    if (size < (ROOM_FOR_NUMBER * palette.small) / 11.5) return;
    const most = range(l, frame);
    ctx.font = font(Math.min(size * 0.36, palette.small * 1.25), 600);
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    for (let j = 0; j < sizes[l]; j++) {
      const a = frame.A[offset + j];
      const u = g.first[l] + j;
      ctx.fillStyle = inks[level(a / most)];
      ctx.fillText(short(a), g.x[u], g.y[u] + 0.5);
    }
  }

  /** @param {CanvasRenderingContext2D} ctx @param {Pick | null} hover @param {Pick | null} selected */
  function drawFrames(ctx, hover, selected) {
    ctx.lineWidth = palette.stroke * (g.columns[1].size < 12 ? 0.75 : 1.25);
    ctx.strokeStyle = palette.muted;
    ctx.stroke(frames);
    for (const [pick, colour] of /** @type {[Pick | null, string][]} */ ([
      [selected, palette.accent],
      [hover, palette.text],
    ])) {
      if (!pick || !inside(pick)) continue;
      ctx.strokeStyle = colour;
      ctx.lineWidth = 2.5 * palette.stroke;
      for (const [l, j] of pick.kind === "neuron"
        ? [[pick.layer, pick.index]]
        : [
            [pick.layer - 1, pick.from],
            [pick.layer, pick.to],
          ]) {
        if (j >= sizes[l] || (g.image && l === 0)) continue;
        ctx.beginPath();
        box(ctx, g.x[g.first[l] + j], g.y[g.first[l] + j], g.columns[l].size + 3);
        ctx.stroke();
      }
    }
  }

  /** @param {Pick} pick */
  const inside = pick =>
    pick.layer <= last && (pick.kind === "neuron" ? pick.index < sizes[pick.layer] : pick.to < sizes[pick.layer]);

  /** @param {CanvasRenderingContext2D} ctx */
  function drawBiases(ctx) {
    for (const bias of g.biases) {
      if (!bias) continue;
      ctx.beginPath();
      ctx.arc(bias.x, bias.y, bias.size / 2, 0, 7);
      ctx.fillStyle = palette["panel-2"];
      ctx.fill();
      ctx.lineWidth = palette.stroke;
      ctx.strokeStyle = palette.muted;
      ctx.stroke();
      if (bias.size < 9) continue;
      const size = bias.size * 0.66;
      letter(ctx, "1", bias.x, bias.y + 0.5, {font: font(size, 600), size, colour: palette.text, centred: true});
    }
  }

  /** @param {CanvasRenderingContext2D} ctx */
  function drawFeatures(ctx) {
    if (g.image || part?.from || sizes[0] > MOST_NAMES || g.columns[0].pitch < palette.small) return;
    ctx.textAlign = "right";
    ctx.textBaseline = "middle";
    ctx.fillStyle = palette.muted;
    for (let i = 0; i < sizes[0]; i++) {
      const right = g.x[i] - g.columns[0].size / 2 - 5;
      writeIn(ctx, data.features[i] ?? "", right, g.y[i], right - 2, g.columns[0].pitch);
    }
  }

  /**
   * As large as fits, on two lines where one would be tiny.
   * @param {CanvasRenderingContext2D} ctx
   * @param {string} text
   * @param {number} right
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  function writeIn(ctx, text, right, y, width, height) {
    const usual = palette.small * 1.1;
    const words = text.split(" ");
    const half = Math.ceil(words.length / 2);
    ctx.font = font(usual, 600);
    const alone = width / ctx.measureText(text).width;
    const lines =
      alone < 0.8 && words.length > 1 && height > 2.1 * usual
        ? [words.slice(0, half).join(" "), words.slice(half).join(" ")]
        : [text];
    const size = usual * Math.min(1, ...lines.map(line => width / ctx.measureText(line).width));
    ctx.font = font(size, 600);
    lines.forEach((line, k) => ctx.fillText(line, right, y + (k - (lines.length - 1) / 2) * size * 1.05));
  }

  /** What leads from the outputs into the loss. @param {CanvasRenderingContext2D} ctx */
  function drawLinks(ctx) {
    const {size} = g.columns[last];
    ctx.strokeStyle = palette.muted;
    ctx.globalAlpha = 0.35;
    ctx.lineWidth = 1.2;
    ctx.beginPath();
    for (let u = g.first[last]; u < g.first[last] + sizes[last]; u++) {
      const x = g.x[u] + size / 2 + g.bars;
      const half = (x + g.loss.x) / 2;
      ctx.moveTo(x, g.y[u]);
      ctx.bezierCurveTo(half, g.y[u], half, g.loss.y, g.loss.x, g.loss.y);
    }
    ctx.stroke();
    ctx.globalAlpha = 1;
  }

  /** Name, probability and target of every output. @param {CanvasRenderingContext2D} ctx @param {Frame} frame */
  function drawBars(ctx, frame) {
    const {size, pitch, x} = g.columns[last];
    const {offset} = layout.units[last];
    const left = x + size / 2 + 5;
    const type = Math.min(pitch * 0.8, palette.small);
    const room = g.bars - 8;
    const named = pitch > 8;
    const tall = Math.min(9, pitch * 0.4);
    const right = frame.sample * data.outputs;
    const long = Math.max(...data.class_names.map(name => name.length)) > 2;
    const above = long && pitch > 2.6 * palette.small;
    const aside = named && !above ? (long ? room * 0.55 : 15) : 0;
    const from = left + aside;
    const taken = frame.sample < 0 ? palette.forward : palette.bad;
    let best = 0;
    for (let j = 1; j < sizes[last]; j++) if (frame.A[offset + j] > frame.A[offset + best]) best = j;
    ctx.textBaseline = "middle";
    for (let j = 0; j < sizes[last]; j++) {
      const y = g.y[g.first[last] + j];
      const p = frame.A[offset + j];
      const target = data.y[right + j] > 0.5;
      const whole = room - aside;
      const name = data.class_names[j] ?? String(j);
      if (named) {
        ctx.textAlign = "left";
        ctx.font = font(type, target || j === best ? 700 : 500);
        ctx.fillStyle = target ? palette.good : j === best ? taken : palette.muted;
        const fit = Math.min(1, (above ? room : aside - 3) / ctx.measureText(name).width);
        if (fit < 1) ctx.font = font(type * fit, target || j === best ? 700 : 500);
        ctx.fillText(name, left, above ? y - tall / 2 - palette.small * 0.6 : y + 0.5);
      }
      ctx.fillStyle = palette.grid;
      ctx.fillRect(from, y - tall / 2, whole, tall);
      ctx.fillStyle = target ? palette.good : j === best ? taken : palette.positive;
      ctx.fillRect(from, y - tall / 2, Math.max(0, whole * p) || 0, tall);
    }
    if (room > 56 && pitch > 13) {
      ctx.textAlign = "right";
      ctx.font = font(palette.small * 0.92, 600);
      ctx.fillStyle = palette.text;
      ctx.fillText(
        percent(frame.A[offset + best]),
        left + room,
        g.y[g.first[last] + best] + (above ? 1 : -1) * (tall / 2 + palette.small * 0.6),
      );
    }
  }

  return {
    /**
     * @param {CanvasRenderingContext2D} ctx cleared @param {Frame | null} frame
     * @param {Pick | null} hover @param {Pick | null} selected
     */
    draw(ctx, frame, hover, selected) {
      ctx.imageSmoothingEnabled = !g.image;
      ctx.save();
      ctx.clip(frames);
      ctx.fillStyle = palette["panel-2"];
      ctx.fillRect(0, 0, g.width, g.height);
      for (let l = g.image ? 1 : 0; l <= last; l++) {
        if (pictures?.shows(l)) drawPictures(ctx, l);
        else if (frame) drawChips(ctx, l, frame);
      }
      if (g.image && picture && frame)
        picture.draw(
          ctx,
          frame.sample,
          g.image.x,
          g.image.y,
          g.image.side,
          frame.sample < 0 ? frame.A.subarray(0, inputs) : undefined,
        );
      ctx.restore();
      if (part?.ends ?? true) drawLinks(ctx);
      drawFrames(ctx, hover, selected);
      if (frame)
        for (let l = 0; l <= last; l++) if (!pictures?.shows(l) && !(g.image && l === 0)) drawNumbers(ctx, l, frame);
      drawBiases(ctx);
      drawFeatures(ctx);
      if (g.bars && frame) drawBars(ctx, frame);
    },
  };
}

/** @typedef {ReturnType<typeof createNodes>} Nodes */

/** @param {number} a */
const short = a =>
  Number.isFinite(a)
    ? (Math.abs(a) < 9.95 ? (Number.isInteger(a) ? String(a) : a.toFixed(2)) : a.toFixed(0)).replace("-", "−")
    : (special(a) ?? "");

/** @param {CanvasRenderingContext2D | Path2D} ctx @param {number} x @param {number} y @param {number} size */
function box(ctx, x, y, size) {
  if (size < 10) ctx.rect(x - size / 2, y - size / 2, size, size);
  else ctx.roundRect(x - size / 2, y - size / 2, size, size, Math.min(7, size / 6));
}

/** Outlines of all neurons and of the picture as one path. @param {Geometry} g */
function framesOf(g) {
  const path = new Path2D();
  for (let l = g.image ? 1 : 0; l < g.columns.length; l++)
    for (let j = 0; j < g.sizes[l]; j++) box(path, g.x[g.first[l] + j], g.y[g.first[l] + j], g.columns[l].size);
  if (g.image) path.rect(g.image.x, g.image.y, g.image.side, g.image.side);
  return path;
}

/** Black or white, what reads better on a colour. @param {[number, number, number]} rgb */
function ink([r, g, b]) {
  return 0.299 * r + 0.587 * g + 0.114 * b > 135 ? "#10131c" : "#ffffff";
}
