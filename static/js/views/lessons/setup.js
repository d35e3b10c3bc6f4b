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

/**
 * Whether the run is another than the lesson speaks of: other data, or a net of another depth.
 * @param {State} state
 * @param {Wanted | null} wanted
 */
export function wandered({config}, wanted) {
  if (!config || !wanted) return false;
  const {data, network} = wanted.config;
  return data.name !== config.data.name || network.hidden.length !== config.network.hidden.length;
}

/** Whether the run on the page is this one, where it begins. @param {State} state @param {Wanted} wanted */
const arrived = ({config, layout, frame}, wanted) =>
  layout !== null &&
  frame?.layout === layout.id &&
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
  }

  /** Begin the step's run. @param {Wanted} wanted */
  async begin(wanted) {
    this.turn += 1;
    this.busy = true;
    this.coming = null;
    const {turn} = this;
    for (const [op, fields] of ordersFor(wanted)) {
      const reply = await this.context.act(op, fields);
      if (turn !== this.turn) return;
      if (reply.ok === false) {
        this.busy = false;
        return;
      }
    }
    this.coming = wanted;
    this.context.choose({}); // it may be there already
  }

  /** The run may be there now. @param {State} state */
  update(state) {
    const {coming} = this;
    if (!coming || !arrived(state, coming)) return;
    this.coming = null;
    this.busy = false;
    this.context.choose(viewOf(coming));
  }
}
