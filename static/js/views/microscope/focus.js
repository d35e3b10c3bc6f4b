// @ts-check
/** What of the diagram is lit up in each phase of a step under the microscope. Pure. */

import {pickAt} from "./parameters.js";

/** @typedef {import("./phases.js").Phase} Phase */

/**
 * What of the diagram is bright in a phase, what flows, and which numbers stand on the neurons.
 * @param {Phase} phase
 * @param {import("./subject.js").Subject} subject
 * @param {{layer: number, index: number} | null} neuron
 * @param {import("../../types").Frame} frame @returns {import("../../types").Focus}
 */
export function focusOf({kind, layers, direction}, {step, layout, parameter}, neuron, frame) {
  const last = layout.sizes.length - 1;
  const [low, high] = layers;
  const {sample} = step;
  const above = /** @type {[number, number]} */ ([low + 1, high + 1]);
  /** @type {Pick<import("../../types").Focus, "neurons" | "weights" | "loss" | "values">} */
  const lit = {
    input: {neurons: layers, weights: null, loss: false, values: sample.A},
    sum: {neurons: layers, weights: layers, loss: false, values: sample.Z},
    normalize: {neurons: layers, weights: null, loss: false, values: sample.U},
    activate: {neurons: layers, weights: null, loss: false, values: frame.A},
    forward: {neurons: layers, weights: layers, loss: false, values: frame.A},
    loss: {neurons: layers, weights: null, loss: true, values: sample.A},
    error: {neurons: layers, weights: low < last ? above : null, loss: low === last, values: sample.D},
    gradient: {neurons: layers, weights: layers, loss: false, values: sample.D},
    backward: {
      neurons: layers,
      weights: /** @type {[number, number]} */ ([low, Math.min(last, high + 1)]),
      loss: false,
      values: sample.D,
    },
    update: {
      neurons: /** @type {[number, number]} */ ([0, last]),
      weights: /** @type {[number, number]} */ ([1, last]),
      loss: false,
      values: null,
    },
    result: {
      neurons: /** @type {[number, number]} */ ([0, last]),
      weights: /** @type {[number, number]} */ ([1, last]),
      loss: true,
      values: null,
    },
  }[kind];
  const updates = kind === "update";
  const changes = updates
    ? {changes: step.step, parameter: pickAt(layout, parameter)}
    : {changes: null, parameter: null};
  return {...lit, ...changes, direction, neuron, frame};
}
