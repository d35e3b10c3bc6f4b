// @ts-check
/** The controls of the left panel: each knows how to ask for what it stands for. */

import {h} from "../../draw/dom.js";
import {sliderField} from "../shared/fields.js";

/** @typedef {import("../../types").ViewContext["act"]} Act */
/** @typedef {ReturnType<typeof import("../shared/wishes.js").createWishes>["wish"]} Wish */

/** What is chosen where layers differ; that is done on the diagram. */
export const MIXED = "mixed";

/** @param {number} x */
const percent = x => `${Math.round(x * 100)} %`;

/** @param {Act} act */
function sliders(act) {
  const configure = (/** @type {Record<string, unknown>} */ data) => act("configure", {data});
  return {
    noise: sliderField("data.noise", {
      min: 0,
      max: 0.5,
      step: 0.01,
      show: percent,
      live: true,
      commit: value => act("set", {noise: value}),
    }),
    samples: sliderField("data.samples", {
      min: 20,
      max: 1000,
      step: 10,
      show: String,
      commit: value => configure({samples: value}),
    }),
    split: sliderField("data.test_share", {
      min: 0,
      max: 0.8,
      step: 0.05,
      show: percent,
      commit: value => configure({test_fraction: value}),
    }),
    batch: sliderField("data.batch_size", {
      min: 1,
      max: 100,
      step: 1,
      show: String,
      live: true,
      commit: value => act("set", {batch_size: value}),
    }),
  };
}

/**
 * @param {Act} act
 * @param {Wish} wish
 * @param {{choose: () => void, fittingRate: (optimizer: string) => Record<string, number>}} panel
 */
export function dataControls(act, wish, {choose, fittingRate}) {
  const dataset = h("select", {dataset: {role: "dataset", i18nTip: "data.dataset"}, onchange: choose});
  const fullBatch = h("input", {
    type: "checkbox",
    dataset: {role: "full-batch"},
    onchange: () => wish(fullBatch, "set", {batch_size: fullBatch.checked ? null : 10}),
  });
  const optimizer = h("select", {
    dataset: {role: "optimizer"},
    onchange: () => wish(optimizer, "set", {optimizer: optimizer.value, ...fittingRate(optimizer.value)}),
  });
  const activation = h("select", {
    dataset: {role: "activation"},
    onchange: () => activation.value !== MIXED && wish(activation, "set", {activation: activation.value}),
  });
  const initializer = h("select", {
    dataset: {role: "initializer"},
    onchange: () => wish(initializer, "configure", {initializer: initializer.value}),
  });
  const loss = h("select", {
    dataset: {role: "loss-function"},
    onchange: () => wish(loss, "configure", {loss: loss.value || null}),
  });
  const bias = h("input", {
    type: "checkbox",
    dataset: {role: "bias"},
    onchange: () => wish(bias, "configure", {network: {bias: bias.checked}}),
  });
  const hyperparameters = h("div", {class: "hyperparameters"});
  return {...sliders(act), dataset, fullBatch, optimizer, hyperparameters, activation, initializer, loss, bias};
}
