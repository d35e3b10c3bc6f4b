// @ts-check
/** What layers are called in the pictures of gradients, from 0 the first hidden one; the last is the output. */

/** @typedef {import("../../types").ViewContext["t"]} Translate */

/** Short names of all layers, to stand beside their rows. @param {number} layers @param {Translate} t */
export const shortNames = (layers, t) =>
  Array.from({length: layers}, (_, k) => (k === layers - 1 ? t("gradients.out") : String(k + 1)));

/** @param {number} layer @param {number} layers @param {Translate} t */
export const layerName = (layer, layers, t) =>
  layer === layers - 1 ? t("gradients.output") : t("gradients.layer", {n: layer + 1});

/**
 * How many neurons a layer has, and of which kind.
 * @param {number} layer
 * @param {Pick<import("../../types").Layout, "sizes" | "activations">} layout
 * @param {Translate} t
 */
export const unitsOf = (layer, {sizes, activations}, t) =>
  t("gradients.units", {n: sizes[layer + 1], activation: t(`activation.${activations[layer]}`)});
