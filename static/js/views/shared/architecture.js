// @ts-check
/** Changes of the architecture: each takes a network's description and returns the patch that asks for the new one. */

/** @typedef {import("../../types").RunConfig["network"]} Network */
/**
 * `residual` is there only where layers say it one by one.
 * @typedef {Pick<Network, "hidden" | "activation" | "normalization"> & Partial<Pick<Network, "residual">>} Patch
 */
/** Of one hidden layer: its normalization, null for none. @typedef {string | null} Kind */

/** Activation of every hidden layer. @param {Patch} network @returns {string[]} */
export function activationsOf({hidden, activation}) {
  return hidden.map((_, k) => (typeof activation === "string" ? activation : activation[k]));
}

/** Normalization of every hidden layer. @param {Patch} network @returns {Kind[]} */
export function normalizationsOf({hidden, normalization}) {
  return hidden.map((_, k) => (Array.isArray(normalization) ? normalization[k] : (normalization ?? null)));
}

/** Normalization that all layers have, were there any. @param {Patch} network @returns {Kind} */
const usual = ({normalization}) => (typeof normalization === "string" ? normalization : null);

/**
 * Which hidden layers can have a skip: those as wide as the one before.
 * @param {number[]} hidden
 * @returns {boolean[]}
 */
const fittingSkips = hidden => hidden.map((n, k) => k > 0 && n === hidden[k - 1]);

/**
 * Which hidden layers have a skip.
 * @param {Pick<Network, "hidden"> & Partial<Pick<Network, "residual">>} network
 * @returns {boolean[]}
 */
export function skipsOf({hidden, residual = false}) {
  return Array.isArray(residual) ? residual : residual ? fittingSkips(hidden) : hidden.map(() => false);
}

/**
 * A patch with the skips that still fit, where layers say it one by one.
 * @param {Patch} changed
 * @param {boolean[] | null} skips
 * @returns {Patch}
 */
function skipping(changed, skips) {
  return skips ? {...changed, residual: fittingSkips(changed.hidden).map((fits, k) => fits && skips[k])} : changed;
}

/** What the layers say of their skips, if they say it one by one. @param {Patch} network */
const ownSkips = ({residual}) => (Array.isArray(residual) ? residual : null);

/**
 * One name where all layers agree, else a list.
 * @param {number[]} hidden
 * @param {string[]} names
 * @param {Kind[]} kinds
 * @param {Patch} before
 * @returns {Patch}
 */
function patch(hidden, names, kinds, before) {
  const normalization = kinds.every(kind => kind === kinds[0]) ? (kinds.length ? kinds[0] : usual(before)) : kinds;
  const same = names.every(name => name === names[0]);
  const only = names[0] ?? (typeof before.activation === "string" ? before.activation : before.activation[0]);
  return {hidden, activation: same ? (only ?? "tanh") : names, normalization};
}

/** @param {Patch} network @param {number} k hidden layer, from 0 @param {number} neurons @returns {Patch} */
export function resizeLayer(network, k, neurons) {
  return skipping(
    patch(
      network.hidden.map((n, i) => (i === k ? neurons : n)),
      activationsOf(network),
      normalizationsOf(network),
      network,
    ),
    ownSkips(network),
  );
}

/** @param {Patch} network @param {number} k @param {string} name @returns {Patch} */
export function setActivation(network, k, name) {
  return skipping(
    patch(
      network.hidden,
      activationsOf(network).map((old, i) => (i === k ? name : old)),
      normalizationsOf(network),
      network,
    ),
    ownSkips(network),
  );
}

/** @param {Patch} network @param {number} k @param {Kind} kind @returns {Patch} */
export function setNormalization(network, k, kind) {
  return skipping(
    patch(
      network.hidden,
      activationsOf(network),
      normalizationsOf(network).map((old, i) => (i === k ? kind : old)),
      network,
    ),
    ownSkips(network),
  );
}

/**
 * A new layer before hidden layer `k`, like the one beside it.
 * @param {Patch} network
 * @param {number} k 0 … number of hidden layers
 * @returns {Patch}
 */
export function addLayer(network, k) {
  const {hidden} = network;
  const names = activationsOf(network);
  const beside = Math.max(0, Math.min(hidden.length, k) - 1);
  const name =
    names[beside] ?? (typeof network.activation === "string" ? network.activation : network.activation[0]) ?? "tanh";
  const kinds = normalizationsOf(network);
  const wider = patch(
    hidden.toSpliced(k, 0, hidden[beside] ?? 4),
    names.toSpliced(k, 0, name),
    kinds.toSpliced(k, 0, kinds.length ? kinds[beside] : usual(network)),
    network,
  );
  return skipping(wider, ownSkips(network)?.toSpliced(k, 0, k > 0 && skipsOf(network)[beside]) ?? null);
}

/** @param {Patch} network @param {number} k @returns {Patch} */
export function removeLayer(network, k) {
  return skipping(
    patch(
      network.hidden.toSpliced(k, 1),
      activationsOf(network).toSpliced(k, 1),
      normalizationsOf(network).toSpliced(k, 1),
      network,
    ),
    ownSkips(network)?.toSpliced(k, 1) ?? null,
  );
}

/** @param {number} inputs @param {Patch} network @param {number} outputs @param {boolean} bias */
export function parameterCount(inputs, network, outputs, bias) {
  const {hidden} = network;
  const sizes = [inputs, ...hidden, outputs];
  const scales = normalizationsOf(network).reduce((sum, kind, k) => sum + (kind ? 2 * hidden[k] : 0), 0);
  return scales + sizes.slice(1).reduce((sum, n, k) => sum + n * (sizes[k] + (bias ? 1 : 0)), 0);
}
