// @ts-check
/**
 * The samples over the input plane: training ones filled, test ones as rings, the chosen one marked, those asked for
 * brought out.
 */

import {CATEGORIES, css, diverging} from "../../draw/color.js";
import {classPerOutput} from "../../model/classes.js";
import {outputTone} from "../shared/neuron_pictures.js";
import {targetOf} from "./plane_scene.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/**
 * From places in the plane to px and back.
 * @typedef {{x: (v: number) => number, y: (v: number) => number, value: (px: number, py: number) => [number, number]}}
 * Scales
 */

/** px within which a sample is meant. */
const REACH = 14;

/** Samples that are drawn at all. @param {Data} data @param {State["view"]} view @param {Set<number> | null} chosen */
const countOf = (data, view, chosen) =>
  view.show_test || (chosen && [...chosen].some(row => row >= data.train)) ? data.n : data.train;

/** Colour of a class, or of one of the targets.
 * @param {Data} data @param {number} row @param {number} target @param {import("../../types").Theme} theme */
function colourOf(data, row, target, theme) {
  if (classPerOutput(data)) {
    let best = 0;
    for (let k = 1; k < data.outputs; k++)
      if (data.y[row * data.outputs + k] > data.y[row * data.outputs + best]) best = k;
    return CATEGORIES[best % CATEGORIES.length];
  }
  const {gain, shift} = outputTone(data);
  const x = data.y[row * data.outputs + target] * gain + shift;
  return css(diverging(data.kind === "regression" ? x : Math.sign(x) * 0.9, theme));
}

/**
 * @param {CanvasRenderingContext2D} c
 * @param {State} state with data
 * @param {Scales} to
 * @param {number} side px of the plane
 * @param {import("../../draw/plot.js").Palette} palette @param {Set<number> | null} chosen rows to bring out
 * @param {{added: [number, number, number][], gone: Set<number>}} ahead what a hand is about to paint and to erase
 */
export function drawSamples(c, state, to, side, palette, chosen, ahead) {
  const {view, theme, frame} = state;
  const data = /** @type {Data} */ (state.data);
  const count = countOf(data, view, chosen);
  const target = targetOf(state);
  const radius = Math.max(2.2, Math.min(4.4, side / 85)) * (palette.stroke > 1 ? 1.25 : 1);
  for (const turn of chosen ? [false, true] : [true]) {
    c.globalAlpha = turn ? 1 : 0.22;
    const size = radius * (chosen && turn ? 1.3 : 1);
    for (let row = 0; row < count; row++)
      if ((!chosen || chosen.has(row) === turn) && !ahead.gone.has(row))
        drawSample(c, data, row, to, size, palette, colourOf(data, row, target, theme));
  }
  c.globalAlpha = 1;
  drawAhead(c, data, ahead.added, to, radius * 1.3, palette, theme);
  const sample = frame?.sample ?? -1;
  if (sample >= 0 && sample < data.n) markSample(c, data, sample, to, radius + 4, palette, view.probe !== null);
}

/**
 * What a hand is about to paint, as it will be.
 * @param {CanvasRenderingContext2D} c
 * @param {Data} data
 * @param {[number, number, number][]} added
 * @param {Scales} to
 * @param {number} size
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {import("../../types").Theme} theme
 */
function drawAhead(c, data, added, to, size, palette, theme) {
  for (const [x1, x2, label] of added) {
    c.beginPath();
    c.arc(to.x(x1), to.y(x2), size, 0, 7);
    c.fillStyle = classColour(label, data.class_names.length, theme);
    c.fill();
    c.lineWidth = 1;
    c.strokeStyle = palette.panel;
    c.stroke();
  }
}

/** Colour of a class. @param {number} label @param {number} count @param {import("../../types").Theme} theme */
export function classColour(label, count, theme) {
  return count > 2 ? CATEGORIES[label % CATEGORIES.length] : css(diverging(label ? 0.9 : -0.9, theme));
}

/** @param {CanvasRenderingContext2D} c @param {Data} data @param {number} row @param {Scales} to
 * @param {number} size */
function outline(c, {points, X}, row, to, size) {
  const places = points ?? X;
  c.beginPath();
  c.arc(to.x(places[2 * row]), to.y(places[2 * row + 1]), size, 0, 7);
}

/**
 * A disc for training, a ring for the test.
 * @param {CanvasRenderingContext2D} c
 * @param {Data} data
 * @param {number} row
 * @param {Scales} to
 * @param {number} size
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {string} colour
 */
function drawSample(c, data, row, to, size, palette, colour) {
  const isTest = row >= data.train;
  outline(c, data, row, to, isTest ? size * 0.9 : size);
  c.fillStyle = isTest ? palette.panel : colour;
  c.fill();
  c.lineWidth = isTest ? 1.8 * palette.stroke : 1;
  c.strokeStyle = isTest ? colour : palette.panel;
  c.stroke();
}

/**
 * A ring around the chosen sample, faint while a probe is asked instead.
 * @param {CanvasRenderingContext2D} c
 * @param {Data} data
 * @param {number} row
 * @param {Scales} to
 * @param {number} size
 * @param {import("../../draw/plot.js").Palette} palette
 * @param {boolean} faint
 */
function markSample(c, data, row, to, size, palette, faint) {
  c.globalAlpha = faint ? 0.4 : 1;
  outline(c, data, row, to, size);
  c.lineWidth = 4 * palette.stroke;
  c.strokeStyle = palette.panel;
  c.stroke();
  c.lineWidth = 2 * palette.stroke;
  c.strokeStyle = palette.text;
  c.stroke();
  c.globalAlpha = 1;
}

/**
 * The sample nearest to a place, within reach.
 * @param {State} state with data
 * @param {Scales} to
 * @param {number} px
 * @param {number} py
 * @param {Set<number> | null} chosen
 * @returns {number} −1 for none
 */
export function sampleAt(state, to, px, py, chosen) {
  const data = /** @type {Data} */ (state.data);
  const points = data.points ?? data.X;
  const count = countOf(data, state.view, chosen);
  let best = -1;
  let least = REACH;
  for (let row = 0; row < count; row++) {
    const away = Math.hypot(to.x(points[2 * row]) - px, to.y(points[2 * row + 1]) - py) * (chosen?.has(row) ? 0.5 : 1);
    if (away < least) [least, best] = [away, row];
  }
  return best;
}
