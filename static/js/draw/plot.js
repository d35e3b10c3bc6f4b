// @ts-check
/**
 * What every painted view needs: ticks, the theme's colours, a canvas that is sharp at any size, and a calm repaint.
 */

import {paintedBy} from "./repaint.js";

/** Significant digits of a tick: of ends that differ only behind them there is one tick. */
const DIGITS = 12;

/** Steps of 1, 2 or 5 times a power of ten inside [low, high]; of ends too close for that, the lower one.
 * @param {number} low @param {number} high @param {number} count about how many @returns {number[]} */
export function ticks(low, high, count) {
  const span = high - low;
  const raw = span / Math.max(1, count);
  const unit = 10 ** Math.floor(Math.log10(raw));
  // Beside far larger ends a step is lost to rounding, and counting on by it would go on for ever.
  const apart = raw > 10 ** (1 - DIGITS) * Math.max(Math.abs(low), Math.abs(high));
  if (!apart || !Number.isFinite(span) || !(unit > 0)) return [low].filter(Number.isFinite);
  const step = unit * ([1, 2, 5].find(factor => factor * unit >= raw * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  const values = [];
  for (let i = first; i <= last; i++) values.push(+(i * step).toPrecision(DIGITS));
  return values;
}

/** Whole exponents inside [low, high], evenly thinned to at most `count`.
 * @param {number} low @param {number} high exponents @param {number} count @returns {number[]} */
export function decades(low, high, count) {
  const first = Math.ceil(low - 1e-9);
  const last = Math.floor(high + 1e-9);
  const least = Math.max(1, (last - first + 1) / Math.max(1, count));
  const stride = [1, 2, 3, 5, 10, 20, 30, 50].find(candidate => candidate >= least) ?? Math.ceil(least);
  const values = [];
  for (let n = Math.ceil(first / stride) * stride; n <= last; n += stride) values.push(n);
  return values;
}

/** Ticks of a log scale: powers of ten, and 2 and 5 between them while there are few.
 * @param {number} low @param {number} high both > 0 @param {number} count @returns {number[]} */
export function logTicks(low, high, count) {
  const from = Math.log10(low);
  const to = Math.log10(high);
  const wide = decades(from, to, count);
  if (wide.length >= 3 || to - from > 3) return wide.map(n => 10 ** n);
  const values = [];
  for (let n = Math.floor(from); n <= Math.ceil(to); n++) {
    for (const factor of [1, 2, 5]) values.push(+(factor * 10 ** n).toPrecision(12));
  }
  const inside = values.filter(value => value >= low * 0.999 && value <= high * 1.001);
  if (inside.length >= 2 && inside.length <= count + 2) return inside;
  return inside.length < 2 ? ticks(low, high, count) : wide.map(n => 10 ** n);
}

const COLOURS = /** @type {const} */ ([
  "panel",
  "panel-2",
  "text",
  "muted",
  "line",
  "grid",
  "accent",
  "positive",
  "neutral",
  "negative",
  "forward",
  "backward",
  "train",
  "test",
  "warn",
  "bad",
  "good",
  "lane-0",
  "lane-1",
  "lane-2",
  "lane-3",
  "lane-4",
  "lane-5",
]);

/**
 * Sizes of type in px: small print, the smallest print, and below which nothing is written.
 * @typedef {{small: number, tiny: number, least: number}} Type
 */
/** @typedef {Record<typeof COLOURS[number], string> & Type & {font: string, stroke: number}} Palette */

/** As theme and window have them now; every palette reads them here, for a projector's type grows with the window.
 * @type {Type} */
const type = {small: 11.5, tiny: 10.5, least: 0};

/** @param {CSSStyleDeclaration} style */
function readType(style) {
  for (const name of /** @type {(keyof Type)[]} */ (Object.keys(type))) {
    const size = parseFloat(style.getPropertyValue(`--${name}`));
    if (Number.isFinite(size)) type[name] = size;
  }
}

globalThis.addEventListener?.("resize", () => readType(getComputedStyle(document.documentElement)));

/** The theme's colours, type and stroke as they reach `element`. Reading them costs a style pass: once per theme.
 * @param {Element} element @returns {Palette} */
export function palette(element) {
  const style = getComputedStyle(element);
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const colours = Object.fromEntries(COLOURS.map(name => [name, read(name)]));
  readType(style);
  const look = {
    ...colours,
    font: style.fontFamily,
    stroke: parseFloat(read("stroke")) || 1,
    get small() {
      return type.small;
    },
    get tiny() {
      return type.tiny;
    },
    get least() {
      return type.least;
    },
  };
  return /** @type {Palette} */ (look);
}

/** Words with a rim in the panel's colour, so that they are read over whatever is drawn below them.
 * @param {CanvasRenderingContext2D} ctx font and alignment are the caller's
 * @param {Palette} colours
 * @param {string} text
 * @param {number} x @param {number} y @param {string} colour */
export function rimmed(ctx, colours, text, x, y, colour) {
  ctx.lineJoin = "round";
  ctx.lineWidth = 3;
  ctx.strokeStyle = colours.panel;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

/**
 * @typedef {{canvas: HTMLCanvasElement, ctx: CanvasRenderingContext2D, width: number, height: number, ratio: number}}
 * Sheet
 */

/** Canvases that fill `stage` (positioned, sized by the page), drawn in CSS pixels and sharp at the screen's own.
 * `resized` runs in the same frame as the change, so that nothing is ever seen blank.
 * @param {HTMLElement} stage @param {number} count @param {() => void} resized
 * @returns {{sheets: Sheet[], destroy: () => void}} bottom sheet first */
export function sheetsOf(stage, count, resized) {
  const sheets = Array.from({length: count}, () => {
    const canvas = stage.ownerDocument.createElement("canvas");
    canvas.className = "plot-sheet";
    canvas.setAttribute("aria-hidden", "true"); // its stage has the words
    stage.append(canvas);
    paintedBy(canvas, resized);
    const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    return {canvas, ctx, width: 0, height: 0, ratio: 1};
  });
  const measure = () => {
    const {width, height} = stage.getBoundingClientRect();
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    if (sheets.every(sheet => sheet.width === width && sheet.height === height && sheet.ratio === ratio)) return;
    for (const sheet of sheets) {
      Object.assign(sheet, {width, height, ratio});
      sheet.canvas.width = Math.round(width * ratio);
      sheet.canvas.height = Math.round(height * ratio);
      sheet.ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    }
    if (width > 0 && height > 0) resized();
  };
  const observer = new ResizeObserver(measure);
  observer.observe(stage);
  globalThis.addEventListener("resize", measure);
  return {
    sheets,
    destroy() {
      observer.disconnect();
      globalThis.removeEventListener("resize", measure);
      for (const {canvas} of sheets) canvas.remove();
    },
  };
}

/**
 * Runs `paint` at once when it has rested for `gap` milliseconds, else as soon as it has and it is its turn: the last
 * request is never lost.
 * @param {() => void} paint
 * @param {number} gap
 * @param {(run: () => void) => void} turn when what comes late is painted: see gate.js
 * @returns {{request: () => void, cancel: () => void}} */
export function calmly(paint, gap, turn) {
  let last = -Infinity;
  let timer = /** @type {ReturnType<typeof setTimeout>|undefined} */ (undefined);
  const run = () => {
    timer = undefined;
    last = performance.now();
    paint();
  };
  const late = () => {
    if (timer !== undefined) run();
  };
  return {
    request() {
      if (timer !== undefined) return;
      const rest = last + gap - performance.now();
      if (rest <= 0) run();
      else timer = setTimeout(turn, rest, late);
    },
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
