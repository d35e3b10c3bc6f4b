// @ts-check
/** What the panel of the gradients says: the factor, clipping, a layer's numbers, and the picture in words. */

import {compact, exponent, plain} from "../../draw/format.js";
import {growthOf} from "../shared/gradient_scale.js";
import {layerName, unitsOf} from "../shared/layer_names.js";
import {sayOthers} from "./lanes.js";

/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("./picture.js").Norms} Norms */

/** A norm beside its mark: two digits, but for thousands. @param {number} norm */
export const normWords = norm => (norm >= 1e4 ? compact(norm) : plain(norm, 2));

/** "vanishing", "exploding" or nothing. @param {{factor: number} | null} fit */
export function kindOf(fit) {
  const growth = fit ? growthOf(fit.factor) : "steady";
  return growth === "steady" ? "" : growth;
}

/** How long the slope is told, the longest first. */
export const LENGTHS = /** @type {const} */ (["", "brief", "short"]);
/** @typedef {typeof LENGTHS[number]} Length */

/**
 * What the slope says; nothing where there is none, unless no layer has any gradient.
 * @param {{factor: number} | null} fit
 * @param {{zero: boolean, length: Length, landscape: boolean}} how whether all is zero, how many words have room, and
 * whether there are no layers
 * @param {Translate} t
 */
export function factorWords(fit, {zero, length, landscape}, t) {
  if (!fit) return zero ? t(landscape ? "gradients.zero" : "gradients.all_zero") : "";
  const kind = kindOf(fit);
  const key = `gradients.factor${kind && `_${kind}`}${length && `_${length}`}`;
  return t(key, {factor: plain(fit.factor, 2)});
}

/**
 * What clipping does to the gradient.
 * @param {NonNullable<import("../../types").Frame["clipping"]>} did
 * @param {Translate} t
 */
export const clippingWords = ({before, after, clipped, steps}, t) =>
  t(after < before ? "gradients.clip" : "gradients.clip_not", {
    before: plain(before, 3),
    after: plain(after, 3),
    share: Math.round((100 * clipped) / steps),
  });

/** The picture for those who cannot see it. @param {ArrayLike<number>} delta @param {Translate} t */
export const ariaWords = (delta, t) =>
  t("gradients.aria", {layers: Array.from(delta, (norm, k) => `${k + 1}: ${plain(norm, 2)}`).join(", ")});

/**
 * The numbers of a layer, of the lane in focus and of the others.
 * @param {Norms} norms
 * @param {number} layer
 * @param {Layout} layout
 * @param {import("./lanes.js").Other[]} others
 * @param {Translate} t
 */
export function tipWords(norms, layer, layout, others, t) {
  const number = (/** @type {keyof Norms} */ name) => exponent(norms[name][layer], 3);
  const numbers = {gradient: number("gradient"), weight: number("weight"), update: number("update")};
  if (layout.landscape) return t("landscape.slope_tip", {...numbers, gradient: number("delta"), name: "xy"[layer]});
  const about = {layer: layerName(layer, norms.delta.length, t), units: unitsOf(layer, layout, t)};
  return t("gradients.tip", {...about, ...numbers, delta: number("delta")}) + sayOthers(others, layer, t);
}
