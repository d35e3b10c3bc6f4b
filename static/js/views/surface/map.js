// @ts-check
/** The surface from above: colour by height and equal-loss lines, painted once per window, grid and theme. */

import {css, sequential, sequentialTable} from "../../draw/color.js";
import {compact} from "../../draw/format.js";
import {ticks} from "../../draw/plot.js";
import {isolines, levelsOf} from "./contour.js";
import {heightOf} from "./field.js";

/** @typedef {import("./stage.js").Stage} Stage */
/** @typedef {import("./stage.js").Scenery} Scenery */
/** @typedef {{x: number, y: number, width: number, height: number}} Box the plot's place on the sheet, in CSS pixels */

const MOST_ZOOM = 12;
const LEVELS = 13;

/** @returns {Stage} */
export function mapStage() {
  // The window in shares of the grid's: its south-west corner and its size.
  const view = {x: 0, y: 0, size: 1};
  /** @type {Scenery|null} */ let shown = null;
  /** @type {Box} */ let box = {x: 0, y: 0, width: 1, height: 1};
  /**
   * @type {{heights: Float32Array, lines: {level: number, tone: number, lines: Float32Array[]}[]}|null} */ let traced =
    null;
  const bitmap = document.createElement("canvas");

  const keepInside = () => {
    view.size = Math.min(1, Math.max(1 / MOST_ZOOM, view.size));
    view.x = Math.min(1 - view.size, Math.max(0, view.x));
    view.y = Math.min(1 - view.size, Math.max(0, view.y));
  };
  const toX = (/** @type {number} */ share) => box.x + ((share - view.x) / view.size) * box.width;
  const toY = (/** @type {number} */ share) => box.y + (1 - (share - view.y) / view.size) * box.height;

  /** @param {number} a @param {number} b @param {Float32Array} out */
  function place(a, b, out) {
    out[0] = out[1] = out[2] = NaN;
    if (!shown) return;
    const {alpha, beta} = shown.field;
    const x = (a - alpha[0]) / (alpha[1] - alpha[0]);
    const y = (b - beta[0]) / (beta[1] - beta[0]);
    if (!(x >= view.x && y >= view.y && x <= view.x + view.size && y <= view.y + view.size)) return;
    out[0] = toX(x);
    out[1] = toY(y);
    out[2] = 0;
  }

  /** @param {import("../../draw/plot.js").Sheet} sheet @param {Scenery} scenery @param {boolean} moving */
  function paint({ctx, width, height, ratio}, scenery, moving) {
    const {palette} = scenery;
    const small = palette.small - 1;
    shown = scenery;
    box = {x: small * 3.1, y: 5, width: width - small * 3.1 - 8, height: height - 5 - small * 1.75};
    if (traced?.heights !== scenery.heights) traced = {heights: scenery.heights, lines: linesOf(scenery)};
    ctx.clearRect(0, 0, width, height);
    hatch(ctx, box, palette);
    paintHeights(
      bitmap,
      scenery,
      view,
      Math.round(box.width * (moving ? 1 : ratio)),
      Math.round(box.height * (moving ? 1 : ratio)),
    );
    ctx.drawImage(bitmap, box.x, box.y, box.width, box.height);
    ctx.save();
    ctx.beginPath();
    ctx.rect(box.x, box.y, box.width, box.height);
    ctx.clip();
    drawLines(ctx, scenery, traced.lines, toX, toY, box);
    ctx.restore();
    frame(ctx, scenery, box, view);
  }

  return {
    paint,
    place,
    lift: (a, b, _loss, out) => place(a, b, out),
    pick(x, y) {
      if (!shown || x < box.x || y < box.y || x > box.x + box.width || y > box.y + box.height) return null;
      const {alpha, beta} = shown.field;
      const u = view.x + ((x - box.x) / box.width) * view.size;
      const v = view.y + (1 - (y - box.y) / box.height) * view.size;
      return {alpha: alpha[0] + u * (alpha[1] - alpha[0]), beta: beta[0] + v * (beta[1] - beta[0])};
    },
    vector(da, db) {
      if (!shown) return [NaN, NaN];
      const {alpha, beta} = shown.field;
      return [
        (da / (alpha[1] - alpha[0]) / view.size) * box.width,
        (-db / (beta[1] - beta[0]) / view.size) * box.height,
      ];
    },
    drag(dx, dy) {
      view.x -= (dx / box.width) * view.size;
      view.y += (dy / box.height) * view.size;
      keepInside();
    },
    zoom(factor, x, y) {
      const u = (x - box.x) / box.width;
      const v = 1 - (y - box.y) / box.height;
      const size = Math.min(1, Math.max(1 / MOST_ZOOM, view.size / factor));
      view.x += u * (view.size - size);
      view.y += v * (view.size - size);
      view.size = size;
      keepInside();
    },
    reset: () => Object.assign(view, {x: 0, y: 0, size: 1}),
    flat: true,
  };
}

/** Equal-loss lines of a grid, in grid coordinates. Interpolated in heights that are not cut, so that they stay smooth.
 * @param {Scenery} scenery */
function linesOf({field: {grid, resolution}, scale}) {
  const {log, shift, from, span} = scale;
  const raw = grid.map(loss => ((log ? Math.log10(Math.max(loss + shift, 1e-30)) : loss) - from) / span);
  return levelsOf(scale, LEVELS).map(level => {
    const tone = heightOf(scale, level);
    return {level, tone, lines: isolines(raw, resolution, tone)};
  });
}

/**
 * Stripes where there is no number: they show through the holes.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {import("../../draw/plot.js").Palette} palette
 */
function hatch(ctx, {x, y, width, height}, palette) {
  ctx.save();
  ctx.beginPath();
  ctx.rect(x, y, width, height);
  ctx.clip();
  ctx.fillStyle = palette["panel-2"];
  ctx.fillRect(x, y, width, height);
  ctx.beginPath();
  for (let s = -height; s < width; s += 7) {
    ctx.moveTo(x + s, y + height);
    ctx.lineTo(x + s + height, y);
  }
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.restore();
}

/** Colour of every pixel by bilinear reading of the heights.
 * @param {HTMLCanvasElement} canvas
 * @param {Scenery} scenery
 * @param {{x: number, y: number, size: number}} view
 * @param {number} width
 * @param {number} height
 */
function paintHeights(canvas, {heights, field: {resolution: n}, theme}, view, width, height) {
  if (width < 1 || height < 1) return;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, {width, height});
  const image = new ImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const table = softened(theme);
  const column = new Int32Array(width);
  const across = new Float32Array(width);
  for (let px = 0; px < width; px++) {
    const u = (view.x + ((px + 0.5) / width) * view.size) * (n - 1);
    column[px] = Math.min(n - 2, u | 0);
    across[px] = u - column[px];
  }
  for (let py = 0, k = 0; py < height; py++) {
    const v = (view.y + (1 - (py + 0.5) / height) * view.size) * (n - 1);
    const i = Math.min(n - 2, v | 0);
    const f = v - i;
    for (let px = 0; px < width; px++, k++) {
      const at = i * n + column[px];
      const s = across[px];
      const low = heights[at] + s * (heights[at + 1] - heights[at]);
      const high = heights[at + n] + s * (heights[at + n + 1] - heights[at + n]);
      const value = low + f * (high - low);
      if (value === value) pixels[k] = table[value < 1 ? (value * 255) | 0 : 255];
    }
  }
  canvas.getContext("2d")?.putImageData(image, 0, 0);
}

/**
 * The sequential scale without its last end, where the path would drown.
 * @param {import("../../draw/color.js").Theme} theme
 */
function softened(theme) {
  const whole = sequentialTable(theme);
  return Uint32Array.from({length: 256}, (_, i) => whole[Math.round(12 + i * 0.8)]);
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scenery} scenery
 * @param {{level: number, tone: number, lines: Float32Array[]}[]} all
 * @param {(u: number) => number} toX @param {(v: number) => number} toY @param {Box} box */
function drawLines(ctx, {field: {resolution: n}, palette, theme}, all, toX, toY, box) {
  const dark = theme === "dark";
  ctx.lineWidth = 0.9 * palette.stroke;
  ctx.lineJoin = "round";
  for (const {tone, lines} of all) {
    ctx.beginPath();
    for (const line of lines) {
      ctx.moveTo(toX(line[0] / (n - 1)), toY(line[1] / (n - 1)));
      for (let k = 2; k < line.length; k += 2) ctx.lineTo(toX(line[k] / (n - 1)), toY(line[k + 1] / (n - 1)));
    }
    ctx.strokeStyle = dark ? "#ffffff" : tone > 0.55 ? "#ffffff" : "#141a46";
    ctx.globalAlpha = dark ? 0.26 : tone > 0.55 ? 0.42 : 0.34;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  label(ctx, all, n, palette, theme, toX, toY, box);
}

/** A loss on its longest line, where there is room for it.
 * @param {CanvasRenderingContext2D} ctx
 * @param {{level: number, tone: number, lines: Float32Array[]}[]} all
 * @param {number} n
 * @param {import("../../draw/plot.js").Palette} palette @param {import("../../draw/color.js").Theme} theme
 * @param {(u: number) => number} toX @param {(v: number) => number} toY @param {Box} box */
function label(ctx, all, n, palette, theme, toX, toY, box) {
  /** @type {[number, number][]} */
  const used = [];
  ctx.font = `${palette.small - 1.5}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const {level, tone, lines} of all) {
    const longest = lines.reduce(
      (/** @type {Float32Array|null} */ best, line) => (line.length > (best?.length ?? 24) ? line : best),
      null,
    );
    if (!longest) continue;
    for (const share of [0.5, 0.3, 0.7, 0.15, 0.85]) {
      const k = 2 * Math.floor((longest.length / 2) * share);
      const next = Math.min(longest.length - 2, k + 4);
      const before = Math.max(0, k - 4);
      const x = toX(longest[k] / (n - 1));
      const y = toY(longest[k + 1] / (n - 1));
      if (x < box.x + 22 || y < box.y + 10 || x > box.x + box.width - 22 || y > box.y + box.height - 10) continue;
      if (used.some(([ux, uy]) => Math.abs(ux - x) < 46 && Math.abs(uy - y) < 22)) continue;
      used.push([x, y]);
      let angle = Math.atan2(
        toY(longest[next + 1]) - toY(longest[before + 1]),
        toX(longest[next]) - toX(longest[before]),
      );
      if (Math.abs(angle) > Math.PI / 2) angle += Math.PI;
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(angle);
      ctx.lineWidth = 3;
      ctx.strokeStyle = css(sequential((12 + tone * 204) / 255, theme));
      ctx.strokeText(compact(level), 0, 0);
      ctx.fillStyle = theme === "dark" ? (tone > 0.75 ? "#10142a" : "#e8ecff") : tone > 0.45 ? "#ffffff" : "#232a55";
      ctx.fillText(compact(level), 0, 0);
      ctx.restore();
      break;
    }
  }
}

/**
 * Border, ticks and names.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scenery} scenery
 * @param {Box} box
 * @param {{x: number, y: number, size: number}} view
 */
function frame(ctx, {field: {alpha, beta}, palette, names}, box, view) {
  const window = (/** @type {[number, number]} */ [low, high], /** @type {number} */ start) => [
    low + start * (high - low),
    low + (start + view.size) * (high - low),
  ];
  const [a0, a1] = window(alpha, view.x);
  const [b0, b1] = window(beta, view.y);
  const bottom = box.y + box.height;
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = palette.stroke;
  ctx.strokeRect(box.x, box.y, box.width, box.height);
  ctx.font = `${palette.small - 1}px ${palette.font}`;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const columns = ticks(a0, a1, box.width / 80);
  const rows = ticks(b0, b1, box.height / 48);
  const name = names[0].length > 1 ? ctx.measureText(names[0]).width / 2 + 10 : 10;
  for (const tick of columns) {
    const x = box.x + ((tick - a0) / (a1 - a0)) * box.width;
    if (x < box.x + box.width - 2 * name - 6) ctx.fillText(compact(tick), x, bottom + 4);
  }
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  for (const tick of rows) {
    const y = bottom - ((tick - b0) / (b1 - b0)) * box.height;
    if (y > box.y + palette.small * 1.4) ctx.fillText(compact(tick), box.x - 5, y);
  }
  ctx.fillStyle = palette.text;
  ctx.fillText(names[1], box.x - 6, box.y + palette.small * 0.5);
  ctx.textBaseline = "top";
  ctx.fillText(names[0], box.x + box.width, bottom + 4);
}
