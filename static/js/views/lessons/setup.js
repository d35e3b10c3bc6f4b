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

/** Whether the run on the page is this one, at its beginning. @param {State} state @param {Wanted} wanted */
const arrived = ({config, layout, frame}, wanted) =>
  layout !== null && frame?.layout === layout.id && JSON.stringify(config) === JSON.stringify(wanted.config);

export class Setup {
  /** @param {Context} context */
  constructor(context) {
    this.context = context;
    /** What is to be shown once the run is there. @type {Wanted | null} */
    this.coming = null;
  }

  /** Begin the step's run. @param {Wanted} wanted */
  async begin(wanted) {
    const {act} = this.context;
    this.coming = wanted;
    const orders = [
      ["preset", {name: wanted.preset}],
      ...(wanted.patched ? [["configure", wanted.config]] : []),
      ...wanted.lanes.map(change => ["lane_add", {change, from: 0, start: "start"}]),
      ...(wanted.step ? [["seek", {step: wanted.step}]] : []),
    ];
    for (const [op, fields] of /** @type {[string, Record<string, unknown>][]} */ (orders)) {
      const reply = await act(op, fields);
      if (this.coming !== wanted) return;
      if (reply.ok === false) this.coming = null;
      if (reply.ok === false) return;
    }
    const {show, ...plane} = wanted.surface;
    if (Object.keys(plane).length) await act("surface", plane);
  }

  /** The run may be there now. @param {State} state */
  update(state) {
    if (!this.coming || !arrived(state, this.coming)) return;
    const {coming} = this;
    this.coming = null;
    this.context.choose(viewOf(coming));
  }
}
