// @ts-check
/** Changes of the architecture: each takes a network's description and returns the patch that asks for the new one. */

/** @typedef {import("../types").RunConfig["network"]} Network */
/** @typedef {Pick<Network, "hidden" | "activation">} Patch */

/** Activation of every hidden layer. @param {Patch} network @returns {string[]} */
export function activationsOf({hidden, activation}) {
  return hidden.map((_, k) => typeof activation === "string" ? activation : activation[k]);
}

/** One name where all layers agree, else a list. @param {number[]} hidden @param {string[]} names @param {Patch} before @returns {Patch} */
function patch(hidden, names, before) {
  const same = names.every(name => name === names[0]), only = names[0] ?? (typeof before.activation === "string" ? before.activation : before.activation[0]);
  return {hidden, activation: same ? only ?? "tanh" : names};
}

/** @param {Patch} network @param {number} k hidden layer, from 0 @param {number} neurons @returns {Patch} */
export function resizeLayer(network, k, neurons) {
  return patch(network.hidden.map((n, i) => i === k ? neurons : n), activationsOf(network), network);
}

/** @param {Patch} network @param {number} k @param {string} name @returns {Patch} */
export function setActivation(network, k, name) {
  return patch(network.hidden, activationsOf(network).map((old, i) => i === k ? name : old), network);
}

/** A new layer before hidden layer `k`, like the one beside it. @param {Patch} network @param {number} k 0 … number of hidden layers @returns {Patch} */
export function addLayer(network, k) {
  const {hidden} = network, names = activationsOf(network), beside = Math.max(0, Math.min(hidden.length, k) - 1);
  const name = names[beside] ?? (typeof network.activation === "string" ? network.activation : network.activation[0]) ?? "tanh";
  return patch(hidden.toSpliced(k, 0, hidden[beside] ?? 4), names.toSpliced(k, 0, name), network);
}

/** @param {Patch} network @param {number} k @returns {Patch} */
export function removeLayer(network, k) {
  return patch(network.hidden.toSpliced(k, 1), activationsOf(network).toSpliced(k, 1), network);
}

/** @param {number} inputs @param {number[]} hidden @param {number} outputs @param {boolean} bias */
export function parameterCount(inputs, hidden, outputs, bias) {
  const sizes = [inputs, ...hidden, outputs];
  return sizes.slice(1).reduce((sum, n, k) => sum + n * (sizes[k] + (bias ? 1 : 0)), 0);
}
