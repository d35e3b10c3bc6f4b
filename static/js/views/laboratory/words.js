// @ts-check
/** What the laboratory says: a sentence and a smaller one on each page, and the numbers of the layer pointed at. */

import {compact, exponent, integer, percent, plain} from "../../draw/format.js";
import {lastAtMost} from "../../maths/sorted.js";
import {batchSizeOf} from "../../model/epochs.js";
import {growthOf} from "../shared/gradient_scale.js";
import {layerName, unitsOf} from "../shared/layer_names.js";

/** @typedef {import("./sheet.js").Sheet} Sheet */
/** @typedef {import("./sheet.js").Laboratory} Laboratory */
/** @typedef {import("./sheet.js").Translate} Translate */

/** A share of its norm by which W has moved. @param {number} share */
export const shareMoved = share =>
  !Number.isFinite(share) ? "–" : share > 0 && share < 5e-4 ? `< ${percent(1e-3)}` : percent(share);

/** When a layer's weights had moved by a hundredth, or when they will at this pace.
 * @param {Pick<Laboratory, "moved_at" | "moved" | "ratio" | "step">} lab @param {number} k */
export function onePercentAt({moved_at, moved, ratio, step}, k) {
  if (Number.isFinite(moved_at[k])) return integer(Math.ceil(moved_at[k]));
  const left = (0.01 - moved[k]) / ratio[k];
  return left > 0 && Number.isFinite(left) ? `> ${compact(+(step + left).toPrecision(1))}` : "–";
}

/** What a layer's factor is made of: weights, slopes and, where it changes anything, normalization.
 * @param {Pick<Laboratory, "weights_part" | "slope_part" | "normalization_part">} lab @param {number} k */
export function partsOf({weights_part, slope_part, normalization_part}, k) {
  const normal = normalization_part[k];
  return [weights_part[k], slope_part[k], ...(normal === 1 ? [] : [normal])];
}

/** "0.92 × 0.23 = 0.21" @param {Parameters<typeof partsOf>[0]} lab @param {number} k */
export function equation(lab, k) {
  const parts = partsOf(lab, k);
  if (parts.some(part => !Number.isFinite(part))) return "–";
  const product = parts.reduce((a, b) => a * b);
  return `${parts.map(part => plain(part, 2)).join(" × ")} = ${plain(product, 2)}`;
}

/** By what δ grows per layer, and what theory expects. @param {Sheet} sheet @param {Translate} t
 * @returns {[string, string]} */
export function rowsWords({lab, layout, state}, t) {
  const {factor, expected, layers} = lab;
  if (lab.untold.includes("gradient")) return [t("lab.untold"), ""];
  if (lab.untold.includes("delta")) return [t("lab.untold_delta"), ""];
  const said = Number.isFinite(factor)
    ? t(`lab.factor_${growthOf(factor)}`, {factor: plain(factor, 2)})
    : t(layers > 3 ? "lab.factor_zero" : "lab.factor_none");
  if (layers < 2) return [said, ""];
  if (lab.initializer === null) return [said, t("lab.expected_watched")];
  if (!Number.isFinite(expected))
    return [said, t(layout.normalization.includes("batch") ? "lab.expected_batch" : "lab.expected_none")];
  const [activation, ...others] = new Set(layout.activations.slice(0, -1));
  const theory = t("lab.expected", {
    factor: plain(expected, 2),
    activation: others.length ? t("lab.mixed") : t(`activation.${activation}`),
    initializer: t(`initializer.${state.config?.initializer ?? lab.initializer}`),
  });
  return [said, theory];
}

/**
 * A layer's norms: now, or what they were at a share of the run so far.
 * @param {Sheet} sheet
 * @param {number} k
 * @param {number | null} share
 * @param {Translate} t
 */
export function rowsTip({lab, layout}, k, share, t) {
  const {steps, delta, gradient} = lab.history;
  const units = layout.sizes[k + 1] ? [unitsOf(k, layout, t)] : []; // 0 where nobody told
  const head = [layerName(k, lab.layers, t), ...units].join(", ");
  if (lab.untold.includes("delta")) return `${head}\n‖∂W‖ ${exponent(lab.gradient[k], 3)}`;
  const then = share === null ? -1 : lastAtMost(steps, share * Math.max(1, lab.step));
  if (then >= 0) {
    const norms = {delta: exponent(delta[then][k], 3), gradient: exponent(gradient[then][k], 3)};
    return `${head}\n${t("lab.tip_then", {step: integer(steps[then]), ...norms})}`;
  }
  const now = `${head}\n‖δ‖ ${exponent(lab.delta[k], 3)}   ‖∂W‖ ${exponent(lab.gradient[k], 3)}`;
  if (k === lab.layers - 1) return now;
  const expected = lab.expected_factors[k];
  const factors = {
    factor: plain(lab.delta[k] / lab.delta[k + 1], 3),
    expected: Number.isFinite(expected) ? plain(expected, 3) : "–",
  };
  return `${now}\n${t("lab.tip_passes", factors)}`;
}

/** The parts of the factor, as geometric means over layers, and how many neurons hold them down.
 * @param {Sheet} sheet @param {Translate} t @returns {[string, string]} */
export function whyWords({lab, layout}, t) {
  if (lab.untold.includes("weights_part")) return [t("lab.untold"), ""];
  if (lab.layers < 2) return [t("lab.no_hidden"), ""];
  const count = (/** @type {number} */ wanted) => lab.health.reduce((n, kind) => n + Number(kind === wanted), 0);
  const [dead, flat] = [count(2), count(1)];
  const n = layout.sizes.slice(1, -1).reduce((a, b) => a + b, 0);
  const middle = (/** @type {Float32Array} */ parts) => {
    const logs = Array.from(parts.subarray(0, lab.layers - 1), Math.log).filter(Number.isFinite);
    return logs.length ? Math.exp(logs.reduce((a, b) => a + b, 0) / logs.length) : NaN;
  };
  const means = {weights: plain(middle(lab.weights_part), 2), slopes: plain(middle(lab.slope_part), 2)};
  const key = lab.initializer === null ? "lab.why_watched" : "lab.why_neurons";
  return [t("lab.why", means), dead + flat ? t(key, {dead, flat, n}) : t("lab.why_fine", {n})];
}

/** @param {Sheet} sheet @param {number} k @param {Translate} t */
export function whyTip({lab}, k, t) {
  const known = (/** @type {number} */ x) => (Number.isNaN(x) ? "–" : plain(x, 3));
  const gains = {mean: known(lab.mean_gain[k]), most: known(lab.most_gain[k])};
  const normal = lab.normalization_part[k];
  return [
    t("gradients.layer", {n: k + 1}),
    t("lab.tip_weights", {part: plain(lab.weights_part[k], 3), ...gains}),
    t("lab.tip_slopes", {part: plain(lab.slope_part[k], 3), mean: plain(lab.slope[k], 3)}),
    ...(normal === 1 ? [] : [t("lab.tip_norm", {part: plain(normal, 3)})]),
    equation(lab, k),
  ].join("\n");
}

/** How the first layer's pace compares with the last one's. @param {Sheet} sheet @param {Translate} t
 * @returns {[string, string]} */
export function speedWords({lab}, t) {
  if (lab.untold.includes("update")) return [t("lab.untold"), ""];
  if (!lab.step) return [t("lab.speed_start"), ""];
  const first = lab.ratio[0];
  const last = lab.ratio[lab.layers - 1];
  if (!(first > 0 && last > 0)) return [t("lab.speed_still"), ""];
  const times = (/** @type {number} */ x) => ({times: compact(+x.toPrecision(2))});
  const healthy = t("lab.speed_healthy");
  if (last > 1.5 * first) return [t("lab.speed_slow", times(last / first)), healthy];
  if (first > 1.5 * last) return [t("lab.speed_fast", times(first / last)), healthy];
  return [t("lab.speed_even"), healthy];
}

/** @param {Sheet} sheet @param {number} k @param {Translate} t */
export function speedTip({lab}, k, t) {
  const pace = {ratio: plain(lab.ratio[k], 3), moved: shareMoved(lab.moved[k]), step: onePercentAt(lab, k)};
  return [
    layerName(k, lab.layers, t),
    `‖ΔW‖ ${plain(lab.update[k], 3)}   ‖W‖ ${plain(lab.weight[k], 3)}`,
    t("lab.tip_speed", pace),
  ].join("\n");
}

/** What normalization does, or could do, with batches of this size. @param {Sheet} sheet @param {Translate} t
 * @returns {[string, string]} */
export function normWords({lab, layout, state}, t) {
  if (lab.untold.includes("weights_part")) return [t("lab.untold"), ""];
  if (lab.layers < 2) return [t("lab.no_hidden"), ""];
  if (!layout.normalization.includes("batch"))
    return [t(layout.normalization.some(Boolean) ? "lab.norm_layer" : "lab.norm_none"), t("lab.norm_why")];
  const n = batchSizeOf(state);
  const running = t("lab.norm_running");
  if (n === 1) return [t("lab.norm_one"), running];
  if (n === 2) return [t("lab.norm_two"), running];
  return [t(n < 8 ? "lab.norm_few" : "lab.norm_batch", {n}), running];
}

/** @param {Sheet} sheet @param {number} k @param {Translate} t */
export function normTip({lab, layout}, k, t) {
  const kind = layout.normalization[k];
  const part = lab.normalization_part[k];
  const share = Number.isFinite(part) ? compact(+part.toPrecision(3)) : "–";
  const lines = kind ? [t(`normalization.${kind}`), t("lab.tip_norm", {part: share})] : [t("lab.not_normalized")];
  return [t("gradients.layer", {n: k + 1}), ...lines].join("\n");
}
