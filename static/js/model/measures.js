// @ts-check
/**
 * Losses and accuracies by name: of which set each is, and what it counts. One name is one number on the whole page:
 * `measure.NAME` is its short label, `measure.NAME_is` the sentence that defines it.
 */

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Frame} Frame */
/** @typedef {import("../types").ViewContext["t"]} Translate */
/** A number of a frame. @typedef {"loss" | "test_loss" | "accuracy" | "test_accuracy" | "objective"} Field */
/**
 * @typedef {"train_loss" | "test_loss" | "objective" | "value" | "train_accuracy" | "test_accuracy" | "train_r2" |
 * "test_r2" | "batch_loss"} Name
 */

/** What is left out of a number, or how it is taken, where the run has such a thing. @type {Record<Name, string[]>} */
const CLAUSES = {
  train_loss: ["penalties_out", "nothing_dropped", "smoothed", "set_statistics"],
  test_loss: ["penalties_out", "nothing_dropped", "smoothed", "running_statistics"],
  objective: ["nothing_dropped", "smoothed", "set_statistics"],
  batch_loss: ["penalties_out", "dropped", "smoothed", "batch_statistics"],
  value: [],
  train_accuracy: ["nothing_dropped", "running_statistics"],
  test_accuracy: ["nothing_dropped", "running_statistics"],
  train_r2: ["nothing_dropped", "running_statistics"],
  test_r2: ["nothing_dropped", "running_statistics"],
};

/** Whether a run has the thing that a clause speaks of. @type {Record<string, (state: About) => boolean>} */
const HOLDS = {
  penalties_out: ({config}) => penalized(config),
  nothing_dropped: ({config}) => (config?.network.dropout ?? 0) > 0,
  dropped: ({config}) => (config?.network.dropout ?? 0) > 0,
  smoothed: ({config}) => (config?.label_smoothing ?? 0) > 0,
  set_statistics: ({layout}) => normalized(layout),
  running_statistics: ({layout}) => normalized(layout),
  batch_statistics: ({layout}) => normalized(layout),
};

/** What decides how a run's numbers are called. @typedef {Pick<State, "config" | "data" | "layout">} About */

/** @param {State["config"]} config */
export const penalized = config => Boolean(config && (config.l1 || config.l2));
/** @param {State["layout"]} layout */
const normalized = layout => Boolean(layout?.normalization.includes("batch"));

/**
 * The name of a frame's number in this run.
 * @param {Field} field
 * @param {Pick<State, "data" | "layout">} state
 * @returns {Name}
 */
export function nameOf(field, {data, layout}) {
  if (field === "objective") return "objective";
  if (field === "loss") return layout?.landscape ? "value" : "train_loss";
  if (field === "test_loss") return "test_loss";
  const set = field === "test_accuracy" ? "test" : "train";
  return data?.kind === "regression" ? `${set}_r2` : `${set}_accuracy`;
}

/** The number of a frame. @param {Field} field @param {Frame} frame @returns {number} */
export const numberOf = (field, frame) => (field === "objective" ? frame.loss + (frame.penalty ?? 0) : frame[field]);

/** Whether there is a test set. @param {State["data"]} data */
export const tested = data => data !== null && data.train < data.n;

/** The accuracy that tells how good the network is: of the test set where there is one. @param {State["data"]} data
 * @returns {Field} */
export const leading = data => (tested(data) ? "test_accuracy" : "accuracy");

/** Whether a run has that accuracy: R² compares with how far targets lie apart, and one alone lies nowhere apart.
 * @param {State["data"]} data */
export const rated = data =>
  data !== null && (data.kind !== "regression" || (tested(data) ? data.n - data.train : data.train) > 1);

/**
 * What a number is, in whole sentences, with all that this run has of what could be meant otherwise.
 * @param {Name} name
 * @param {About} state
 * @param {Translate} t
 * @param {number | null} [step] that it is of, where it is not the step shown
 */
export function meaningOf(name, state, t, step = null) {
  const clauses = CLAUSES[name].filter(clause => HOLDS[clause](state));
  return [
    t(`measure.${name}_is`),
    ...clauses.map(clause => t(`measure.${clause}`, {value: state.config?.label_smoothing ?? 0})),
    ...(step === null ? [] : [t("measure.of_step", {step})]),
  ].join(" ");
}
