// @ts-check
/** What is said and written in each phase of a step under the microscope. */

import {compact, plain} from "../../draw/format.js";
import {errorFormula, gradientFormula} from "./backward.js";
import {activateFormula, normalizeFormula, sumFormula} from "./forward.js";
import {lossFormula} from "./loss.js";
import {dropsOut} from "./subject.js";
import {updateFormula} from "./update.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {import("./subject.js").Subject} Subject */
/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */

/** @typedef {object} Told what a sentence speaks of
 * @property {Microscope} step
 * @property {Layout} layout
 * @property {number} low
 * @property {number} high
 * @property {string} layer in words
 * @property {number} n samples of the batch
 * @property {number} train samples of the training set
 * @property {Translate} t */

/** @type {Record<Phase["kind"], (told: Told) => string>} */
const CAPTIONS = {
  input: ({step, n, t}) =>
    t("microscope.caption_input", {row: step.row + 1, n}) +
    (step.point === step.P ? "" : t("microscope.caption_apart")),
  sum: ({layer, t}) => t("microscope.caption_sum", {layer}),
  normalize: ({step, low, layer, n, t}) => {
    const kind = step.normalization[low - 1] === "batch" ? "batch" : "layer";
    return t(`microscope.caption_normalize_${kind}`, {layer, n});
  },
  activate: activateCaption,
  forward: ({low, high, t}) => t("microscope.caption_forward", {low, high}),
  loss: ({step, n, t}) =>
    t("microscope.caption_loss", {loss: plain(step.pass_loss.sample), batch: plain(step.pass_loss.batch), n}),
  error: ({step, layout, low, t}) => {
    if (low === layout.sizes.length - 1) return t("microscope.caption_error_output");
    const key = step.residual[low] ? "microscope.caption_error_skip" : "microscope.caption_error";
    return t(key, {layer: t("microscope.layer_within", {n: low})});
  },
  gradient: ({layer, n, t}) => t("microscope.caption_gradient", {layer, n}),
  backward: ({low, high, t}) => t("microscope.caption_backward", {low, high}),
  update: ({step, t}) =>
    t("microscope.caption_update", {
      optimizer: t(`optimizer.${step.formula.name}`),
      rate: compact(step.learning_rate),
    }),
  result: ({step, train, t}) => {
    const [before, after] = step.loss;
    const [from, to] = [plain(before, 4), plain(after, 4)];
    const finite = Number.isFinite(before) && Number.isFinite(after);
    if (finite && from === to) return t("microscope.caption_stays", {before: from});
    const key = after <= before ? "falls" : after > before ? whyItRises(step, train) : "unknown";
    return t(`microscope.caption_${key}`, {
      before: from,
      after: to,
      what: key === "uphill" ? leaderOf(step, t) : "",
    });
  },
};

/** Phases whose numbers have left the numbers where a step diverges. @type {Set<Phase["kind"]>} */
const DIVERGES = new Set(["loss", "update", "result"]);

/** @param {Told} told */
function activateCaption({step, layout, low, layer, t}) {
  const key = step.residual[low - 1] ? "microscope.caption_activate_skip" : "microscope.caption_activate";
  const said = t(key, {layer, activation: t(`activation.${layout.activations[low - 1]}`)});
  return step.dropout && low < layout.sizes.length - 1 ? said + t("microscope.caption_dropout") : said;
}

/** Why the training loss rises. A batch leads a step astray only where there are other samples; a step is too long
 * only where a shorter one of its direction brings the loss of its batch down.
 * @param {Told["step"]} step @param {number} train */
function whyItRises(step, train) {
  const {
    batch_loss: [before, after],
    rows,
  } = step;
  const whole = rows.length >= train;
  if (!whole && after < before) return "strays";
  if (step.dropout || step.point !== step.P) return "rises";
  if (along(step.slope, step.step) >= 0) return "uphill";
  return whole ? "whole" : "too_far";
}

/** ab @param {Float32Array} a @param {Float32Array} b */
const along = (a, b) => a.reduce((sum, x, k) => sum + x * b[k], 0);

/** What leads a step uphill: what is added to the gradient, or else what its rule keeps. @param {Told["step"]} step
 * @param {Translate} t */
function leaderOf({slope, G_step, penalty, noise}, t) {
  const added = [penalty && t("gradient.penalty"), noise && t("gradient.noise")].filter(Boolean);
  return added.length && along(slope, G_step) <= 0 ? added.join(", ") : t("microscope.earlier_steps");
}

/** One sentence. @param {Phase} phase @param {Subject} subject @param {number} train samples of the training set
 * @param {Translate} t */
export function captionOf({kind, layers: [low, high]}, {step, layout}, train, t) {
  if (step.diverged && DIVERGES.has(kind)) return t("microscope.caption_diverged");
  const output = low === layout.sizes.length - 1;
  const layer = output ? t("microscope.output_layer") : t("microscope.layer", {n: low});
  return CAPTIONS[kind]({step, layout, low, high, layer, n: step.rows.length, train, t});
}

/**
 * The formula of a phase, symbols and numbers.
 * @param {Phase} phase
 * @param {Subject} subject
 * @param {Translate} t
 * @returns {Element[]}
 */
export function formulasOf({kind}, subject, t) {
  const {step} = subject;
  const more = (/** @type {number} */ n) => t("microscope.more_terms", {n});
  switch (kind) {
    case "sum":
      return sumFormula(subject, more);
    case "normalize":
      return normalizeFormula(subject);
    case "activate":
      return activateFormula(subject);
    case "loss":
      return lossFormula(subject);
    case "error":
      return errorFormula(subject, more, t("microscope.through_normalization"));
    case "gradient":
      return gradientFormula(subject, t("microscope.mean_of", {n: step.rows.length}));
    case "update":
      return step.diverged ? [] : updateFormula(subject, t);
    default:
      return [];
  }
}

/** What is to be known about the numbers of a phase. @param {Phase} phase @param {Subject} subject
 * @param {Translate} t */
export function noteOf({kind, layers: [low]}, {step, layout}, t) {
  if (step.diverged && DIVERGES.has(kind)) return "";
  const n = step.rows.length;
  if (kind === "error") return t("microscope.note_error", {n});
  if (kind === "gradient") return t("microscope.note_gradient", {n});
  if (kind === "backward") {
    const added = [step.penalty && t("gradient.penalty"), step.noise && t("gradient.noise")].filter(Boolean);
    return t(added.length ? "microscope.note_backward_more" : "microscope.note_backward", {n, added: added.join(", ")});
  }
  if (kind === "loss" && dropsOut(step, layout, low - 1)) return t("microscope.note_loss_dropout");
  if (kind === "result") return t(step.dropout ? "microscope.note_result_dropout" : "microscope.note_result");
  return "";
}
