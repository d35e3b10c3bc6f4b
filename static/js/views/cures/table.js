// @ts-check
/**
 * What helps against vanishing and exploding gradients: each cure as a command, and whether a run has it already. Pure.
 */

/** @typedef {import("../../types").RunConfig} RunConfig */
/**
 * `live`: obeyed by the next step; the others begin anew from the same seed. `fields` is null where the cure is of no
 * use.
 * @typedef {{name: string, group: string, live: boolean, fields: (config: RunConfig) => Record<string, unknown> | null,
 * has: (config: RunConfig) => boolean, off?: Record<string, unknown>}} Cure
 */

/** As core/run/remedies.py has it. */
const REPLACEMENT = 3e-4;

/** @template T @param {T | T[]} value @returns {T[]} */
const list = value => (Array.isArray(value) ? value : [value]);
/** @param {RunConfig} config @param {string} name */
const activates = ({network: {activation}}, name) => list(activation).every(entry => entry === name);
/** @param {RunConfig} config @param {string} kind */
const normalizes = ({network: {normalization}}, kind) => list(normalization).every(entry => entry === kind);

/** @param {string} name @param {string} initializer @returns {Cure} */
const start = (name, initializer) => ({
  name,
  group: "start",
  live: false,
  fields: () => ({initializer, initializer_scale: null}),
  has: config => config.initializer === initializer && (config.initializer_scale ?? null) === null,
});

/** @param {string} name @param {string} kind @returns {Cure} */
const normalize = (name, kind) => ({
  name,
  group: "layers",
  live: false,
  fields: () => ({network: {normalization: kind}}),
  has: config => normalizes(config, kind),
  off: {network: {normalization: null}},
});

/** The first half of a net's hidden layers, with what each of them has. @param {RunConfig} config */
function half({network: {hidden, activation, normalization, residual}}) {
  const count = Math.ceil(hidden.length / 2);
  const cut = (/** @type {unknown} */ value) => (Array.isArray(value) ? value.slice(0, count) : value);
  return hidden.length < 2
    ? null
    : {
        network: {
          hidden: hidden.slice(0, count),
          activation: cut(activation),
          normalization: cut(normalization),
          residual: cut(residual),
        },
      };
}

/** Skips around every layer that is as wide as the one before. @param {RunConfig} config */
function skips({network: {hidden}}) {
  return hidden.some((size, k) => k > 0 && size === hidden[k - 1]) ? {network: {residual: true}} : null;
}

/** @type {Cure[]} */
export const CURES = [
  {
    name: "relu_he",
    group: "activation",
    live: false,
    fields: () => ({network: {activation: "relu"}, initializer: "he_uniform", initializer_scale: null}),
    has: config =>
      activates(config, "relu") && config.initializer.startsWith("he_") && (config.initializer_scale ?? null) === null,
  },
  {
    name: "relu",
    group: "activation",
    live: true,
    fields: () => ({activation: "relu"}),
    has: config => activates(config, "relu"),
  },
  start("he", "he_uniform"),
  start("xavier", "xavier_normal"),
  start("orthogonal", "orthogonal"),
  normalize("batch", "batch"),
  normalize("layer", "layer"),
  {
    name: "residual",
    group: "layers",
    live: false,
    fields: skips,
    has: ({network}) => list(network.residual).some(Boolean),
    off: {network: {residual: false}},
  },
  {name: "fewer", group: "layers", live: false, fields: half, has: () => false},
  {
    name: "adam",
    group: "step",
    live: true,
    fields: () => ({optimizer: "adam", learning_rate: 0.003, batch_size: 32}),
    has: ({optimizer}) => optimizer.name === "adam",
  },
  {
    name: "clip",
    group: "step",
    live: true,
    fields: () => ({clip_norm: 1}),
    has: ({clip_norm}) => clip_norm !== null,
    off: {clip_norm: null},
  },
  {
    name: "continual",
    group: "tasks",
    live: true,
    fields: ({data, network}) =>
      data.steps_per_task && network.hidden.length && !list(network.residual).some(Boolean)
        ? {replacement_rate: REPLACEMENT}
        : null,
    has: config => (config.replacement_rate ?? 0) > 0,
    off: {replacement_rate: 0},
  },
];

export const GROUPS = ["activation", "start", "layers", "step", "tasks"];
