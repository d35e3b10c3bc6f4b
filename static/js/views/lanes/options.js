// @ts-check
/** What a new lane can be: "same but …" as patches of a config, each with its words. Pure. */

import {compact, shape} from "../../draw/format.js";
import {addLayer, removeLayer} from "../shared/architecture.js";

/** @typedef {import("../../types").RunConfig} RunConfig */
/**
 * @typedef {{label: string, change: Record<string, unknown>, shapes: boolean, rate?: number}} Choice `shapes`: whether
 * it may change the parameters' shapes;
 * `rate`: the learning rate that suits an optimizer */
/** @typedef {{key: string, choices: Choice[]}} Group */

const FACTORS = [0.1, 0.3, 3, 10];

/** A rate that reads well: 0.3 times 0.5 is 0.15. @param {number} rate @param {number} factor */
const scaled = (rate, factor) => Math.min(100, Number((rate * factor).toPrecision(2)));

/**
 * @param {RunConfig["network"]} network @param {number} factor @param {number} most neurons in a layer
 * @returns {{hidden: number[]}}
 */
const resized = (network, factor, most) => ({
  hidden: network.hidden.map(n => Math.max(1, Math.min(most, Math.round(n * factor)))),
});

/**
 * Everything in which a new lane may differ from a config.
 * @param {{options: import("../../types").Options, config: RunConfig, rates: Record<string, number>}} from `rates`: by
 * optimizer, what suits it
 * @param {(key: string, params?: Record<string, string | number>) => string} t
 * @param {[number, number]} ends inputs and outputs
 * @param {boolean} [landscape] whether there is no network to choose @returns {Group[]} */
export function choicesOf({options, config, rates}, t, ends, landscape = false) {
  const {optimizer, network, initializer} = config;
  const other = [...new Set(FACTORS.map(factor => scaled(optimizer.learning_rate || 0.1, factor)))];
  const plain = (/** @type {string} */ label, /** @type {Record<string, unknown>} */ change) => ({
    label,
    change,
    shapes: false,
  });
  const groups = [
    {
      key: "learning_rate",
      choices: other
        .filter(rate => rate > 0 && rate !== optimizer.learning_rate)
        .map(rate => plain(compact(rate), {learning_rate: rate})),
    },
    {
      key: "optimizer",
      choices: options.optimizers
        .filter(({name}) => name !== optimizer.name)
        .map(({name}) => ({
          ...plain(t(`optimizer.${name}`), {optimizer: name}),
          rate: rates[name],
        })),
    },
    {
      key: "activation",
      choices: network.hidden.length
        ? options.activations
            .filter(name => name !== network.activation)
            .map(name => plain(t(`activation.${name}`), {network: {activation: name}}))
        : [],
    },
    {key: "normalization", choices: network.hidden.length ? normalizations(options, network, t) : []},
    {
      key: "architecture",
      choices: architectures(network, ends, options.limits).map(({label, patch}) => ({
        label,
        change: {network: patch},
        shapes: true,
      })),
    },
    {
      key: "initializer",
      choices: options.initializers
        .filter(name => name !== initializer)
        .map(name => plain(t(`initializer.${name}`), {initializer: name})),
    },
  ];
  return groups.filter(
    ({key, choices}) => choices.length > 0 && (!landscape || key === "learning_rate" || key === "optimizer"),
  );
}

/**
 * @param {import("../../types").Options} options
 * @param {RunConfig["network"]} network
 * @param {(key: string) => string} t
 * @returns {Choice[]}
 */
function normalizations(options, network, t) {
  const all = [
    {name: null, label: t("normalization.none")},
    ...options.normalizations.map(name => ({name, label: t(`normalization.${name}`)})),
  ];
  return all
    .filter(({name}) => name !== (network.normalization ?? null))
    .map(({name, label}) => ({label, change: {network: {normalization: name}}, shapes: true}));
}

/**
 * Deeper, shallower, wider and narrower networks.
 * @param {RunConfig["network"]} network
 * @param {[number, number]} ends
 * @param {{layers: number, neurons: number}} limits
 * @returns {{label: string, patch: Record<string, unknown>}[]} */
function architectures(network, ends, {layers, neurons}) {
  const {hidden} = network;
  const last = hidden.length;
  /** @type {{hidden: number[]}[]} */
  const patches = [
    ...(last < layers ? [addLayer(network, last)] : []),
    ...(last ? [removeLayer(network, last - 1), resized(network, 2, neurons), resized(network, 0.5, neurons)] : []),
  ];
  const seen = new Set([shape(hidden)]);
  const found = [];
  for (const patch of patches) {
    const name = shape(patch.hidden);
    if (seen.has(name)) continue;
    seen.add(name);
    found.push({
      label: shape([ends[0], ...patch.hidden, ends[1]]),
      patch: /** @type {Record<string, unknown>} */ (patch),
    });
  }
  return found;
}
