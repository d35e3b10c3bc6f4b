// @ts-check
/** Bringing the page to the state that a step begins in, and telling when a student has left it. */

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext} Context */
/** @typedef {{neuron: [number, number]} | {weight: [number, number, number]}} Selection as formulas write it */
/**
 * @typedef {object} Wanted
 * @property {string} preset
 * @property {import("../../types").RunConfig} config
 * @property {boolean} patched whether the config is another than the preset's
 * @property {string[]} [set] which parts of the config the lesson names
 * @property {number} step
 * @property {Record<string, unknown>[]} lanes what is other in each further one
 * @property {Record<string, any>} surface
 * @property {("laboratory" | "microscope" | "race")[]} open
 * @property {Selection} [select]
 */

/** @param {Selection | undefined} selection @returns {import("../../types").Pick | null} */
export function pickOf(selection) {
  if (!selection) return null;
  if ("neuron" in selection) return {kind: "neuron", layer: selection.neuron[0], index: selection.neuron[1] - 1};
  const [layer, to, from] = selection.weight;
  return {kind: "weight", layer, to: to - 1, from: from - 1};
}

/** What the page shows besides the run. @param {Wanted} wanted @returns {Partial<State["view"]>} */
const viewOf = ({open, select, surface}) => ({
  laboratory: open.includes("laboratory"),
  microscope: open.includes("microscope"),
  race: open.includes("race"),
  selected: pickOf(select),
  ...(surface.show ? {surface: surface.show} : {}),
});

/** Which part of a config each quantity of the conditions tells of. @type {Record<string, string>} */
const TOLD_BY = {
  learning_rate: "optimizer.learning_rate",
  momentum: "optimizer.momentum",
  optimizer: "optimizer.name",
  batch_size: "batch_size",
  l2: "l2",
  dropout: "network.dropout",
  clip_norm: "clip_norm",
  samples: "data.samples",
  noise: "data.noise",
  data: "data.name",
  hidden_layers: "network.hidden",
  neurons: "network.hidden",
  activation: "network.activation",
  normalization: "network.normalization",
  residual: "network.residual",
  initializer: "initializer",
  loss_name: "loss",
};
/** What a lesson speaks of even where it leaves it to the preset. */
const ALWAYS = ["data.name", "network.hidden"];

/**
 * The parts of a config that a step relies on: what its state set, and the data and the shape of the net; without what
 * a condition from there on asks the student to change; who looks at the learning rate is to move it.
 * @param {{state?: Wanted, look?: string[], until?: {text: string}}[]} steps @param {number} at
 * @returns {string[]} such as "optimizer.learning_rate"
 */
export function reliedOn(steps, at) {
  const from = steps.slice(0, at + 1).findLastIndex(({state}) => state);
  if (from < 0) return [];
  const asked = steps.slice(from, at + 1).flatMap(({until}) => until?.text.match(/[a-z_]\w*/g) ?? []);
  const free = new Set(asked.map(name => TOLD_BY[name]));
  if (steps.slice(from, at + 1).some(({look}) => look?.includes("rate"))) free.add(TOLD_BY.learning_rate);
  return [...new Set([...ALWAYS, ...(steps[from].state?.set ?? [])])].filter(path => !free.has(path));
}

/** @param {any} config @param {string} path */
const partAt = (config, path) => JSON.stringify(path.split(".").reduce((part, key) => part?.[key], config) ?? null);

/**
 * Whether the run is another than the lesson speaks of.
 * @param {State} state
 * @param {Wanted | null} wanted
 * @param {string[]} relied see `reliedOn`
 */
export function wandered({config}, wanted, relied) {
  if (!config || !wanted) return false;
  return relied.some(path => partAt(config, path) !== partAt(wanted.config, path));
}

/**
 * Whether the run on the page is this one, where it begins or farther on. What was drawn before it was asked for is of
 * another run, though its settings be the same.
 * @param {State} state
 * @param {Wanted} wanted
 * @param {number} old number of the last frame made before
 */
const arrived = ({config, layout, frame}, wanted, old) =>
  layout !== null &&
  frame?.layout === layout.id &&
  frame.seq > old &&
  frame.step >= wanted.step &&
  JSON.stringify(config) === JSON.stringify(wanted.config);

/** The commands that lead to a state. @param {Wanted} wanted @returns {[string, Record<string, unknown>][]} */
function ordersFor({preset, patched, config, lanes, step, surface}) {
  const {show, ...plane} = surface;
  return [
    ["preset", {name: preset}],
    ...(patched ? /** @type {[string, any][]} */ ([["configure", config]]) : []),
    ...lanes.map(change => /** @type {[string, any]} */ (["lane_add", {change, from: 0, start: "start"}])),
    ...(step ? /** @type {[string, any][]} */ ([["seek", {step}]]) : []),
    ...(Object.keys(plane).length ? /** @type {[string, any][]} */ ([["surface", plane]]) : []),
  ];
}

export class Setup {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    /** How often a state was asked for: only the newest counts. */
    this.turn = 0;
    /** Whether the state that was asked for is not there yet. */
    this.busy = false;
    /** What all commands were given for, and the page shall show once it has heard of it. @type {Wanted | null} */
    this.coming = null;
    /** Number of the last frame made before its run. */
    this.old = Infinity;
  }

  /** Begin the step's run. @param {Wanted} wanted */
  async begin(wanted) {
    this.turn += 1;
    this.busy = true;
    this.coming = null;
    this.old = Infinity;
    const {turn} = this;
    for (const [op, fields] of ordersFor(wanted)) {
      const reply = await this.context.act(op, fields, true);
      if (turn !== this.turn) return;
      if (reply.ok === false) {
        this.busy = false;
        return;
      }
      this.old = Math.min(this.old, Number(reply.seq ?? -1)); // with the first order another run begins
    }
    this.coming = wanted;
    this.context.choose({}); // it may be there already
  }

  /** The run may be there now. @param {State} state */
  update(state) {
    const {coming} = this;
    if (!coming || !arrived(state, coming, this.old)) return;
    this.coming = null;
    this.busy = false;
    this.context.choose(viewOf(coming));
  }
}
