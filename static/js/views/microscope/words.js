// @ts-check
/** What is said, written and lit up in each phase of a step under the microscope. */

import {compact, plain} from "../../draw/format.js";
import {activateFormula, errorFormula, gradientFormula, lossFormula, normalizeFormula, sumFormula} from "./formulas.js";
import {updateFormula} from "./update.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {import("./formulas.js").Subject} Subject */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** One sentence. @param {Phase} phase @param {Subject} subject @param {Translate} t */
export function captionOf({kind, layers: [low, high]}, {step, layout}, t) {
  const last = layout.sizes.length - 1;
  const layer = low === last ? t("microscope.output_layer") : t("microscope.layer", {n: low});
  const n = step.rows.length;
  switch (kind) {
    case "input":
      return t("microscope.caption_input", {row: step.row + 1, n});
    case "sum":
      return t("microscope.caption_sum", {layer});
    case "normalize":
      return t(
        step.normalization[low - 1] === "batch"
          ? "microscope.caption_normalize_batch"
          : "microscope.caption_normalize_layer",
        {layer, n},
      );
    case "activate":
      return (
        t(step.residual[low - 1] ? "microscope.caption_activate_skip" : "microscope.caption_activate", {
          layer,
          activation: t(`activation.${layout.activations[low - 1]}`),
        }) + (step.dropout && low < last ? t("microscope.caption_dropout") : "")
      );
    case "forward":
      return t("microscope.caption_forward", {low, high});
    case "loss":
      return step.diverged
        ? t("microscope.caption_diverged")
        : t("microscope.caption_loss", {loss: plain(step.sample_loss[0]), batch: plain(step.batch_loss[0]), n});
    case "error":
      return low === last
        ? t("microscope.caption_error_output")
        : t(step.residual[low] ? "microscope.caption_error_skip" : "microscope.caption_error", {
            layer: t("microscope.layer_within", {n: low}),
          });
    case "gradient":
      return t("microscope.caption_gradient", {layer, n});
    case "backward":
      return t("microscope.caption_backward", {low, high});
    case "update":
      return step.diverged
        ? t("microscope.caption_diverged")
        : t("microscope.caption_update", {
            optimizer: t(`optimizer.${step.formula.name}`),
            rate: compact(step.learning_rate),
          });
    default: {
      if (step.diverged) return t("microscope.caption_diverged");
      const [before, after] = step.loss;
      return t(after < before ? "microscope.caption_falls" : "microscope.caption_rises", {
        before: plain(before, 4),
        after: plain(after, 4),
      });
    }
  }
}

/**
 * The formula of a phase, symbols and numbers.
 * @param {Phase} phase
 * @param {Subject} subject
 * @param {Translate} t
 * @returns {Element[]}
 */
export function formulasOf({kind}, subject, t) {
  const {step, layout, layer} = subject;
  const more = (/** @type {number} */ n) => t("microscope.more_terms", {n});
  const mean = t(step.penalties.some(Boolean) ? "microscope.mean_and_penalty" : "microscope.mean_of", {
    n: step.rows.length,
  });
  switch (kind) {
    case "sum":
      return sumFormula(subject, more);
    case "normalize":
      return normalizeFormula(subject);
    case "activate":
      return activateFormula(subject, t(`activation.${layout.activations[layer - 1]}`));
    case "loss":
      return lossFormula(subject);
    case "error":
      return errorFormula(subject, more);
    case "gradient":
      return gradientFormula(subject, mean);
    case "update":
      return step.diverged ? [] : updateFormula(subject);
    default:
      return [];
  }
}

/**
 * What of the diagram is bright in a phase, what flows, and which numbers stand on the neurons.
 * @param {Phase} phase
 * @param {Microscope} step
 * @param {Layout} layout
 * @param {{layer: number, index: number} | null} neuron
 * @param {import("../../types").Frame} frame @returns {import("../../types").Focus}
 */
export function focusOf({kind, layers, direction}, step, layout, neuron, frame) {
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
  return {...lit, direction, neuron, frame};
}
