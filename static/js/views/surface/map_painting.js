// @ts-check
/** What the surface from above is painted of: colours, equal-loss lines with their losses, border and numbers. */

import {css, sequential, sequentialTable} from "../../draw/color.js";
import {compact, tickWords} from "../../draw/format.js";
import {ticks} from "../../draw/plot.js";
import {isolines, levelsOf} from "./contour.js";
import {heightOf} from "./field.js";

/** @typedef {import("./stage.js").Scenery} Scenery */
/** @typedef {import("./map.js").Pane} Pane */
/** @typedef {Pane["box"]} Box */
/** @typedef {Pane["view"]} View */
/** @typedef {import("../../draw/plot.js").Palette} Palette */
/** @typedef {import("../../draw/color.js").Theme} Theme */

/** The lines of one loss in grid coordinates; `tone` is their height 0…1.
 * @typedef {{level: number, tone: number, lines: Float32Array[]}} LossLine */
/** A loss to be written on its line.
 * @typedef {{x: number, y: number, angle: number, level: number, tone: number}} Label */

/** About so many losses have a line. */
const LEVELS = 13;

/** Equal-loss lines of a grid. Interpolated in heights that are not cut, so that they stay smooth.
 * @param {import("./field.js").Field} field @param {import("./field.js").Scale} scale @returns {LossLine[]} */
export function linesOf({grid, resolution}, scale) {
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
 * @param {Palette} palette
 */
export function drawHatch(ctx, {x, y, width, height}, palette) {
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
 * @param {HTMLCanvasElement} canvas takes the size that is wanted
 * @param {Scenery} scenery
 * @param {View} view
 * @param {Box} box in CSS pixels
 * @param {number} ratio pixels per CSS pixel
 */
export function paintHeights(canvas, {heights, field: {resolution: n}, theme}, view, box, ratio) {
  const width = Math.round(box.width * ratio);
  const height = Math.round(box.height * ratio);
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
 * @param {Theme} theme
 */
function softened(theme) {
  const whole = sequentialTable(theme);
  return Uint32Array.from({length: 256}, (_, i) => whole[Math.round(12 + i * 0.8)]);
}

/**
 * Equal-loss lines, and their losses where there is room.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scenery} scenery
 * @param {LossLine[]} all
 * @param {Pane} pane
 */
export function drawLines(ctx, {field: {resolution}, palette, theme}, all, pane) {
  const cells = resolution - 1;
  const dark = theme === "dark";
  ctx.lineWidth = 0.9 * palette.stroke;
  ctx.lineJoin = "round";
  for (const {tone, lines} of all) {
    ctx.beginPath();
    for (const line of lines) {
      ctx.moveTo(pane.x(line[0] / cells), pane.y(line[1] / cells));
      for (let k = 2; k < line.length; k += 2) ctx.lineTo(pane.x(line[k] / cells), pane.y(line[k + 1] / cells));
    }
    ctx.strokeStyle = dark ? "#ffffff" : tone > 0.55 ? "#ffffff" : "#141a46";
    ctx.globalAlpha = dark ? 0.26 : tone > 0.55 ? 0.42 : 0.34;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
  drawLabels(ctx, labelsOf(all, cells, pane, palette.tiny), palette, theme);
}

/** Where along a line its label may stand, best first; how far from the border and from one another labels keep, in
 * heights of their letters. */
const SHARES = [0.5, 0.3, 0.7, 0.15, 0.85];
const KEEP = {across: 2, down: 0.9};
const APART = {across: 4.2, down: 2};

/**
 * A loss on its longest line, where there is room for it.
 * @param {LossLine[]} all
 * @param {number} cells of the grid along an axis
 * @param {Pane} pane
 * @param {number} high px of the letters
 * @returns {Label[]}
 */
export function labelsOf(all, cells, pane, high) {
  /** @type {Label[]} */
  const labels = [];
  for (const {level, tone, lines} of all) {
    const line = longestOf(lines);
    if (!line) continue;
    for (const share of SHARES) {
      const k = 2 * Math.floor((line.length / 2) * share);
      const x = pane.x(line[k] / cells);
      const y = pane.y(line[k + 1] / cells);
      if (!roomFor(pane.box, x, y, high)) continue;
      const near = (/** @type {Label} */ one) =>
        Math.abs(one.x - x) < APART.across * high && Math.abs(one.y - y) < APART.down * high;
      if (labels.some(near)) continue;
      labels.push({x, y, angle: angleAt(line, k, pane), level, tone});
      break;
    }
  }
  return labels;
}

/** @param {Float32Array[]} lines @returns {Float32Array | null} null where all are too short for a label */
function longestOf(lines) {
  return lines.reduce(
    (/** @type {Float32Array | null} */ best, line) => (line.length > (best?.length ?? 24) ? line : best),
    null,
  );
}

/** @param {Box} box @param {number} x @param {number} y @param {number} high px of the letters */
function roomFor(box, x, y, high) {
  const [across, down] = [KEEP.across * high, KEEP.down * high];
  return x >= box.x + across && y >= box.y + down && x <= box.x + box.width - across && y <= box.y + box.height - down;
}

/** How a line runs on the sheet near its number k, so that words on it are not upside down.
 * @param {Float32Array} line @param {number} k @param {Pane} pane */
function angleAt(line, k, pane) {
  const next = Math.min(line.length - 2, k + 4);
  const before = Math.max(0, k - 4);
  const down = pane.y(line[next + 1]) - pane.y(line[before + 1]);
  const angle = Math.atan2(down, pane.x(line[next]) - pane.x(line[before]));
  return Math.abs(angle) > Math.PI / 2 ? angle + Math.PI : angle;
}

/** @param {CanvasRenderingContext2D} ctx @param {Label[]} labels @param {Palette} palette @param {Theme} theme */
function drawLabels(ctx, labels, palette, theme) {
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  for (const {x, y, angle, level, tone} of labels) {
    ctx.save();
    ctx.translate(x, y);
    ctx.rotate(angle);
    ctx.lineWidth = 3;
    ctx.strokeStyle = css(sequential((12 + tone * 204) / 255, theme));
    ctx.strokeText(compact(level), 0, 0);
    ctx.fillStyle = labelColour(tone, theme);
    ctx.fillText(compact(level), 0, 0);
    ctx.restore();
  }
}

/** @param {number} tone height of the line 0…1 @param {Theme} theme */
function labelColour(tone, theme) {
  if (theme === "dark") return tone > 0.75 ? "#10142a" : "#e8ecff";
  return tone > 0.45 ? "#ffffff" : "#232a55";
}

/** Ticks of the upright axis. @param {{field: Pick<Scenery["field"], "beta">}} scenery @param {View} view
 * @param {number} height in px */
export function rowTicks({field: {beta}}, {y, size}, height) {
  const [low, high] = windowOf(beta, y, size);
  return ticks(low, high, height / 48);
}

/**
 * Border, ticks and names.
 * @param {CanvasRenderingContext2D} ctx
 * @param {Scenery} scenery
 * @param {Pane} pane
 */
export function drawFrame(ctx, {field: {alpha, beta}, palette, names}, {box, view}) {
  const [a0, a1] = windowOf(alpha, view.x, view.size);
  const [b0, b1] = windowOf(beta, view.y, view.size);
  const bottom = box.y + box.height;
  ctx.strokeStyle = palette.line;
  ctx.lineWidth = palette.stroke;
  ctx.strokeRect(box.x, box.y, box.width, box.height);
  ctx.font = `${palette.tiny}px ${palette.font}`;
  ctx.fillStyle = palette.muted;
  ctx.textAlign = "center";
  ctx.textBaseline = "top";
  const columns = ticks(a0, a1, box.width / 80);
  const rows = rowTicks({field: {beta}}, view, box.height);
  const name = names[0].length > 1 ? ctx.measureText(names[0]).width / 2 + 10 : 10;
  tickWords(columns).forEach((text, k) => {
    const x = box.x + ((columns[k] - a0) / (a1 - a0)) * box.width;
    if (x < box.x + box.width - 2 * name - 6) ctx.fillText(text, x, bottom + 4);
  });
  ctx.textAlign = "right";
  ctx.textBaseline = "middle";
  tickWords(rows).forEach((text, k) => {
    const y = bottom - ((rows[k] - b0) / (b1 - b0)) * box.height;
    if (y > box.y + palette.small * 1.4) ctx.fillText(text, box.x - 5, y);
  });
  ctx.fillStyle = palette.text;
  ctx.fillText(names[1], box.x - 6, box.y + palette.small * 0.5);
  ctx.textBaseline = "top";
  ctx.fillText(names[0], box.x + box.width, bottom + 4);
}

/** The part of an axis that is seen. @param {[number, number]} axis @param {number} start @param {number} size shares
 * @returns {[number, number]} */
function windowOf([low, high], start, size) {
  return [low + start * (high - low), low + (start + size) * (high - low)];
}
