// @ts-check
/** The plane in numbers: where it stands on the sheet, what is shown over it, and what is read at a point. Pure. */

import {plain} from "../../draw/format.js";
import {inputsOf} from "../../maths/features.js";
import {trace} from "../../maths/forward.js";
import {classPerOutput, endName, shortName} from "../../model/classes.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("./points.js").Scales} Scales */
/** @typedef {{x: number, y: number, side: number}} Square */
/** @typedef {{layer: number, index: number}} Neuron */

/** @type {[[number, number], [number, number]]} */
const UNKNOWN = [
  [-1, 1],
  [-1, 1],
];

/** The part of the plane that is drawn. @param {Pick<Data, "domain">} data */
export const domainOf = ({domain}) => domain ?? UNKNOWN;

/** The square that shows the plane, in px of the sheet, with room for numbers of this size.
 * @param {{width: number, height: number}} sheet @param {number} small @returns {Square} */
export function squareOf({width, height}, small) {
  const left = small * 2.5;
  const bottom = small * 1.9;
  const side = Math.max(20, Math.min(width - left - 5, height - bottom - 5));
  return {x: left + Math.max(0, (width - left - 5 - side) / 2), y: 5, side};
}

/** Whether a place of the sheet is on the plane. @param {Square} square @param {[number, number]} place */
export const isOver = ({x, y, side}, [px, py]) => px >= x && px <= x + side && py >= y && py <= y + side;

/**
 * From places in the plane to px and back.
 * @param {Square} square
 * @param {Pick<Data, "domain">} data
 * @returns {Scales}
 */
export function scalesOf({x, y, side}, data) {
  const [[left, right], [low, high]] = domainOf(data);
  return {
    x: v => x + ((v - left) / (right - left)) * side,
    y: v => y + ((high - v) / (high - low)) * side,
    value: (px, py) => [left + ((px - x) / side) * (right - left), high - ((py - y) / side) * (high - low)],
  };
}

/** The neuron under the pointer in the diagram, whose function is shown instead; a single output is the function
 * itself, and of several that are numbers each the first is shown. @param {State | null} state
 * @returns {Neuron | null} */
export function neuronOf(state) {
  const sizes = state?.layout?.sizes;
  if (!sizes) return null;
  const pick = state.view.hover;
  const last = sizes.length - 1;
  const found = pick?.kind === "neuron" && pick.layer <= last && pick.index < sizes[pick.layer];
  if (found) return pick.layer === last && sizes[last] === 1 ? null : {layer: pick.layer, index: pick.index};
  return state.data && sizes[last] > 1 && !classPerOutput(state.data) ? {layer: last, index: 0} : null;
}

/** The output whose targets the samples show: the one on show, else the first. @param {State | null} state */
export function targetOf(state) {
  const neuron = neuronOf(state);
  return neuron && neuron.layer + 1 === state?.layout?.sizes.length ? neuron.index : 0;
}

/**
 * Where a probe begins: at a sample, or in the middle.
 * @param {Data | null} data
 * @param {number} sample
 * @returns {[number, number]}
 */
export function startOf(data, sample) {
  const points = data?.points;
  const [[left, right], [low, high]] = data?.domain ?? [
    [0, 0],
    [0, 0],
  ];
  return points && sample >= 0 && data && sample < data.n
    ? [points[2 * sample], points[2 * sample + 1]]
    : [(left + right) / 2, (low + high) / 2];
}

/**
 * The function on show at a point, in words.
 * @param {Layout} layout
 * @param {Data & import("../../maths/forward.js").OverPlane} data
 * @param {Pick<import("../../types").Frame, "P" | "S">} frame
 * @param {Neuron | null} neuron null: the network's output
 * @param {[number, number]} place
 */
export function readingAt(layout, data, frame, neuron, place) {
  const [x, y] = data.plane.axes;
  const inputs = inputsOf(data.plane).map(f => f(...place));
  const {A} = trace(layout, frame.P, inputs, frame.S);
  const {offset, size} = layout.units[layout.sizes.length - 1];
  const answer = neuron
    ? plain(A[layout.units[neuron.layer].offset + neuron.index])
    : answerWords(data, [...A.subarray(offset, offset + size)]);
  return `${x} ${plain(place[0], 2)}  ${y} ${plain(place[1], 2)}\n→ ${answer}`;
}

/** What the network answers. @param {Data} data @param {number[]} outputs */
function answerWords(data, outputs) {
  if (outputs.length > 1) {
    const best = outputs.indexOf(Math.max(...outputs));
    return `${data.class_names[best]} ${plain(outputs[best], 2)}`;
  }
  const name = shortName(endName(data, outputs[0]));
  return name ? `${plain(outputs[0])} ${name}` : plain(outputs[0]);
}

/** The sample before or after another. @param {number} row @param {number} way 1 or −1 @param {number} count */
export const beside = (row, way, count) => (row + way + count) % count;
