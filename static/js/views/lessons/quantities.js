// @ts-check
/**
 * What the conditions of lessons can ask for: quantities of the run by name, each with its definition in
 * `docs/lessons.md`. Layers, neurons and lanes are counted from 1, layer 0 are the inputs; NaN is what is not known.
 */

/** @typedef {import("../../types").State} State */
/** @typedef {import("./condition.js").Value} Value */
/** What the lesson knows by itself: the answer that was chosen, from 1, and the number that was checked; 0 and NaN
 * before.
 * @typedef {{answer: number, number: number, checked: boolean}} Own */
/** @typedef {(state: State, given: any[], own: Own) => Value | null | undefined} Quantity */

/** A number of the frame's. @param {"step" | "epoch" | "loss" | "test_loss" | "accuracy" | "test_accuracy"} name
 * @returns {Quantity} */
const framed = name => state => state.frame?.[name];

/**
 * A norm of a layer, of the last batch. @param {"delta" | "gradient" | "weight" | "update"} name @returns
 * {Quantity}
 */
const norm =
  name =>
  (state, [layer]) =>
    state.frame && (name === "weight" || state.frame.step > 0) ? state.frame.norms[name][layer - 1] : NaN;

/** A number of a neuron, of the selected sample. @param {"A" | "Z" | "D"} array @returns {Quantity} */
const unit =
  array =>
  (state, [layer, index]) => {
    const place = state.layout?.units[layer];
    return place && index >= 1 && index <= place.size ? state.frame?.[array][place.offset + index - 1] : NaN;
  };

/** A number of a weight, or of a bias where no neuron is named that it comes from.
 * @param {"P" | "G" | "U"} array @returns {Quantity} */
const parameter = array => (state, given) => {
  const [layer, to, from] = given;
  const block = state.layout?.blocks[layer - 1];
  const row = block && (from === undefined ? block.rows - 1 : from - 1);
  if (!block || row === undefined || row < 0 || row >= block.rows || to < 1 || to > block.cols) return NaN;
  if (from === undefined && !state.layout?.bias) return NaN;
  return state.frame?.[array]?.[block.offset + row * block.cols + to - 1];
};

/** A number of one of the two parameters of a function. @param {"P" | "G" | "U"} array @returns {Quantity} */
const coordinate =
  array =>
  (state, [index]) =>
    state.frame?.exact?.[array][index - 1];

/** Of all losses that the curve shows. @param {(losses: number[]) => number} of @returns {Quantity} */
const curve = of => state => of(state.series.metrics.loss.filter(Number.isFinite));

/** @param {"loss" | "test_loss" | "accuracy" | "test_accuracy" | "step"} name @returns {Quantity} */
const ofLane =
  name =>
  (state, [number]) =>
    state.lanes[number - 1]?.[name];

/** @param {string | (string | null)[] | null | undefined} names of all layers, or one for each */
const first = names => (Array.isArray(names) ? names[0] : names) ?? "none";

/** @param {State} state @param {string} name */
function isOpen({view}, name) {
  if (name === "inspector") return view.selected !== null;
  if (name === "drawing") return view.probe?.kind === "picture";
  if (name === "laboratory" || name === "microscope" || name === "race") return view[name];
  return view.surface === name;
}

/** @type {Record<string, {takes: number, of: Quantity}>} */
const TABLE = {
  step: {takes: 0, of: framed("step")},
  epoch: {takes: 0, of: framed("epoch")},
  loss: {takes: 0, of: framed("loss")},
  test_loss: {takes: 0, of: framed("test_loss")},
  accuracy: {takes: 0, of: framed("accuracy")},
  test_accuracy: {takes: 0, of: framed("test_accuracy")},
  first_loss: {takes: 0, of: ({series: {metrics}}) => (metrics.step[0] === 0 ? metrics.loss[0] : NaN)},
  lowest_loss: {takes: 0, of: curve(losses => Math.min(...losses.slice(-4000)))},
  batch_loss: {takes: 0, of: state => state.series.batch.last.at(-1)},
  diverged: {takes: 0, of: state => state.status.kind === "diverged"},
  symptom: {takes: 1, of: (state, [name]) => state.frame?.symptoms.some(symptom => symptom.name === name)},

  learning_rate: {takes: 0, of: state => state.config?.optimizer.learning_rate},
  batch_size: {takes: 0, of: state => state.config?.batch_size ?? state.data?.train},
  samples: {takes: 0, of: state => state.data?.train},
  noise: {takes: 0, of: state => state.config?.data.noise},
  l2: {takes: 0, of: state => state.config?.l2},
  dropout: {takes: 0, of: state => state.config?.network.dropout},
  clip_norm: {takes: 0, of: state => state.config?.clip_norm ?? 0},
  momentum: {takes: 0, of: state => state.config?.optimizer.momentum ?? 0},
  hidden_layers: {takes: 0, of: state => state.config?.network.hidden.length},
  layers: {takes: 0, of: state => (state.layout ? state.layout.sizes.length - 1 : NaN)},
  neurons: {takes: 1, of: (state, [layer]) => state.layout?.sizes[layer]},
  residual: {takes: 0, of: state => state.layout?.residual.some(Boolean)},
  data: {takes: 0, of: state => state.config?.data.name},
  optimizer: {takes: 0, of: state => state.config?.optimizer.name},
  activation: {takes: 0, of: state => first(state.config?.network.activation)},
  normalization: {takes: 0, of: state => first(state.config?.network.normalization)},
  initializer: {takes: 0, of: state => state.config?.initializer},
  loss_name: {takes: 0, of: state => state.layout?.loss},

  delta_norm: {takes: 1, of: norm("delta")},
  gradient_norm: {takes: 1, of: norm("gradient")},
  weight_norm: {takes: 1, of: norm("weight")},
  step_norm: {takes: 1, of: norm("update")},
  delta_ratio: {
    takes: 1,
    of: (state, [layer]) =>
      Number(norm("delta")(state, [layer], NOTHING)) /
      Number(norm("delta")(state, [state.frame?.norms.delta.length], NOTHING)),
  },

  a: {takes: 2, of: unit("A")},
  z: {takes: 2, of: unit("Z")},
  delta: {takes: 2, of: unit("D")},
  target: {takes: 1, of: targetOf},
  weight: {takes: 3, of: parameter("P")},
  bias: {takes: 2, of: parameter("P")},
  gradient: {takes: 3, of: parameter("G")},
  bias_gradient: {takes: 2, of: parameter("G")},
  change: {takes: 3, of: parameter("U")},
  point: {takes: 1, of: coordinate("P")},
  slope: {takes: 1, of: coordinate("G")},

  lanes: {takes: 0, of: state => state.lanes.length},
  lane_loss: {takes: 1, of: ofLane("loss")},
  lane_test_loss: {takes: 1, of: ofLane("test_loss")},
  lane_accuracy: {takes: 1, of: ofLane("accuracy")},
  lane_step: {takes: 1, of: ofLane("step")},
  lane_diverged: {takes: 1, of: (state, [number]) => state.lanes[number - 1]?.status.kind === "diverged"},

  opened: {takes: 1, of: (state, [name]) => isOpen(state, name)},
  answer: {takes: 0, of: (_state, _given, own) => own.answer},
  number: {takes: 0, of: (_state, _given, own) => own.number},
  checked: {takes: 0, of: (_state, _given, own) => own.checked},

  abs: {takes: 1, of: (_state, [x]) => Math.abs(x)},
  sqrt: {takes: 1, of: (_state, [x]) => Math.sqrt(x)},
  exp: {takes: 1, of: (_state, [x]) => Math.exp(x)},
  log: {takes: 1, of: (_state, [x]) => Math.log(x)},
  min: {takes: 2, of: (_state, [x, y]) => Math.min(x, y)},
  max: {takes: 2, of: (_state, [x, y]) => Math.max(x, y)},
};

/** A lesson in which nothing was answered yet. @type {Own} */
export const NOTHING = {answer: 0, number: NaN, checked: false};

/** What the selected sample should come to, of one output. @type {Quantity} */
function targetOf({data, frame}, [output]) {
  return data && frame && frame.sample >= 0 ? data.y[frame.sample * data.outputs + output - 1] : NaN;
}

/** All names. */
export const NAMES = Object.keys(TABLE);

/** How many arguments a quantity takes; null where there is none. @param {string} name */
export const arity = name => (Object.hasOwn(TABLE, name) ? TABLE[name].takes : null);

/**
 * The quantities of a state, for `evaluate`.
 * @param {State} state
 * @param {Own} own
 * @returns {(name: string, given: Value[]) => Value}
 */
export const quantitiesOf = (state, own) => (name, given) => TABLE[name].of(state, given, own) ?? NaN;
