// @ts-check
/**
 * What the diagram shows while a step is under the microscope: the numbers of its sample in place of the newest frame.
 */

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Frame} Frame */
/** @typedef {import("../types").Microscope} Microscope */

/** @param {State} state @returns {State} */
export function magnified(state) {
  const frame = state.view.focus?.frame;
  return frame && frame.layout === state.layout?.id ? {...state, frame} : state;
}

/**
 * Frames as the diagram knows them, before and after the step.
 * @param {Microscope} step @param {Frame} frame the newest @returns {{before: Frame, after: Frame}}
 */
export function framesOf(step, frame) {
  const passed = step.sample.H ?? step.sample.A;
  const {slope, penalty, noise, G_step: used} = step;
  const clipped = step.clip.value !== null || step.clip.norm !== null;
  const way = penalty || noise || clipped ? {slope, penalty, noise, used} : null;
  const common = {...frame, way, G: step.G, U: step.step, sample: step.row, I: step.sample.U};
  return {
    before: {...common, P: step.point, A: passed, Z: step.sample.Z, D: step.sample.D, loss: step.loss[0]},
    after: {
      ...common,
      P: step.P_after,
      A: step.after.H ?? step.after.A,
      Z: step.after.Z,
      I: step.after.U,
      D: step.after.D,
      after_step: step.number,
      loss: step.loss[1],
      penalty: null, // that of the new weights is not known
    },
  };
}

/**
 * The coming step as it came over the wire.
 * @param {Record<string, any>} header @param {Record<string, any>} arrays @returns {Microscope}
 */
export function microscopeOf(header, arrays) {
  const units = (/** @type {string} */ prefix) => ({
    A: arrays[`${prefix}A`],
    Z: arrays[`${prefix}Z`],
    U: arrays[`${prefix}U`],
    D: arrays[`${prefix}D`],
    F: arrays[`${prefix}F`],
    H: arrays[`${prefix}H`] ?? null,
    E: arrays[`${prefix}E`] ?? null,
  });
  const pair = (/** @type {(number | null)[]} */ [before, after]) =>
    /** @type {[number, number]} */ ([before ?? NaN, after ?? NaN]);
  const {step: number, residual = []} = header;
  const {rows, P, P_after, point = P, slope, G, G_step, centre, spread, mask} = arrays;
  return {
    layout: header.layout,
    number,
    row: header.row,
    index: header.index,
    learning_rate: header.learning_rate,
    formula: header.formula,
    numbers: header.numbers,
    normalization: header.normalization,
    residual,
    dropout: header.dropout,
    clip: header.clip,
    diverged: header.diverged,
    rows,
    P,
    P_after,
    point,
    slope,
    penalty: arrays.penalty ?? null,
    noise: arrays.noise ?? null,
    G,
    G_step,
    step: arrays.step,
    centre,
    spread,
    mask,
    loss: pair(header.loss),
    test_loss: pair(header.test_loss),
    batch_loss: pair(header.batch_loss),
    sample_loss: pair(header.sample_loss),
    pass_loss: {batch: header.pass_loss.batch ?? NaN, sample: header.pass_loss.sample ?? NaN},
    sample: units(""),
    mean: units("mean_"),
    after: units("after_"),
    terms: Object.fromEntries(
      Object.entries(arrays)
        .filter(([name]) => name.startsWith("term_"))
        .map(([name, array]) => [name.slice(5), array]),
    ),
  };
}
