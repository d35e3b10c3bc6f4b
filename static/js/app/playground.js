// @ts-check
/**
 * Links of TensorFlow Playground (playground.tensorflow.org), translated: what its address says, as a run of
 * Backscope. Its numbers: inputs from −6 to 6, 500 samples of two classes as −1 and 1 or 1200 of a surface, weights
 * drawn evenly from ±0.5, ½(a − y)² as loss, tanh as output for classes and none for a surface.
 */

/**
 * @typedef {object} Translation
 * @property {import("./link.js").Run} run
 * @property {string[]} differs what the run has otherwise, as ends of keys of words
 */
/** @typedef {{name: string, value: string, allowed: string}} Refusal what an address says that Playground does not */

/** Names that make an address one of Playground's, and none of ours. */
const SIGNS = ["networkShape", "regDataset", "percTrainData", "regularizationRate", "xTimesY"];

const DATASETS = {circle: "circle", xor: "xor", gauss: "gauss", spiral: "spiral"};
const SURFACES = {"reg-plane": "plane", "reg-gauss": "gaussian"};
const ACTIVATIONS = {relu: "relu", tanh: "tanh", sigmoid: "sigmoid", linear: "identity"};
const PENALTIES = {none: "none", L1: "l1", L2: "l2"};
const PROBLEMS = {classification: "classification", regression: "regression"};
/** Inputs in the order in which they are offered, and whether an address that says nothing has them. */
const FEATURES = [
  {here: "x1", there: "x", usual: true},
  {here: "x2", there: "y", usual: true},
  {here: "x1_squared", there: "xSquared", usual: false},
  {here: "x2_squared", there: "ySquared", usual: false},
  {here: "product", there: "xTimesY", usual: false},
  {here: "sin_x1", there: "sinX", usual: false},
  {here: "sin_x2", there: "sinY", usual: false},
  {here: "cos_x1", there: "cosX", usual: false},
  {here: "cos_x2", there: "cosY", usual: false},
];

class Refused extends Error {
  /** @param {string} name @param {string} value @param {string} allowed */
  constructor(name, value, allowed) {
    super(name);
    this.refusal = {name, value: value.slice(0, 40), allowed};
  }
}

/**
 * What the fragment of an address says in Playground's words; null where it is none of its.
 * @param {URLSearchParams} said
 * @returns {Translation | {refused: Refusal} | null}
 */
export function translate(said) {
  if (said.has("run") || !SIGNS.some(name => said.has(name))) return null;
  try {
    return new Reader(said).translation();
  } catch (error) {
    if (error instanceof Refused) return {refused: error.refusal};
    throw error;
  }
}

/** What is said of each name, checked. */
class Reader {
  /** @param {URLSearchParams} said */
  constructor(said) {
    this.said = said;
  }

  /** @returns {Translation} */
  translation() {
    const problem = this.choice("problem", PROBLEMS, "classification");
    const classes = problem === "classification";
    const {penalty, rate} = this.penalty();
    const config = {
      data: this.data(classes),
      network: this.network(classes),
      loss: "half_squared_error",
      optimizer: {name: "sgd", learning_rate: this.number("learningRate", 0.03, 0, 100)},
      batch_size: this.whole("batchSize", 10, 1, 1000),
      initializer: this.flag("initZero", false) ? "zeros" : "uniform",
      l1: penalty === "l1" ? rate : 0,
      l2: penalty === "l2" ? rate : 0,
      seed: seedOf(this.said.get("seed") ?? ""),
    };
    return {run: {config, log: [], step: 0}, differs: this.differences(config)};
  }

  /** @param {boolean} classes */
  data(classes) {
    const name = classes ? this.choice("dataset", DATASETS, "circle") : this.choice("regDataset", SURFACES, "plane");
    const features = FEATURES.filter(({there, usual}) => this.flag(there, usual)).map(({here}) => here);
    if (!features.length) throw new Refused("x", "false", "x, y, xSquared, …");
    return {
      name,
      features,
      samples: classes ? 500 : 1200,
      noise: this.number("noise", 0, 0, 50) / 100,
      test_fraction: Math.round(100 - this.number("percTrainData", 50, 10, 90)) / 100,
      standardize: false,
    };
  }

  /** @param {boolean} classes */
  network(classes) {
    return {
      hidden: this.shape(),
      activation: this.choice("activation", ACTIVATIONS, "tanh"),
      output: classes ? "tanh" : "identity",
    };
  }

  shape() {
    const text = this.said.get("networkShape") ?? "4,2";
    const sizes = text === "" ? [] : text.split(",").map(part => (/^\d{1,3}$/.test(part) ? Number(part) : NaN));
    if (sizes.length > 6 || !sizes.every(size => size >= 1 && size <= 128))
      throw new Refused("networkShape", text, "4,2");
    return sizes;
  }

  penalty() {
    const penalty = this.choice("regularization", PENALTIES, "none");
    return {penalty, rate: this.number("regularizationRate", 0, 0, 10)};
  }

  /** What the run cannot have as it was there. @param {{data: {features: string[]}, l1: number}} config */
  differences({data, l1}) {
    const waves = data.features.some(name => /^(sin|cos)_/.test(name));
    return ["scale", ...(waves ? ["waves"] : []), ...(l1 ? ["l1"] : [])];
  }

  /**
   * @param {string} name
   * @param {Record<string, string>} known what it may be, and what that is here
   * @param {string} usual
   */
  choice(name, known, usual) {
    const said = this.said.get(name);
    if (said === null || said === "") return usual;
    if (!Object.hasOwn(known, said)) throw new Refused(name, said, Object.keys(known).join(", "));
    return /** @type {string} */ (known[said]);
  }

  /** @param {string} name @param {number} usual @param {number} low @param {number} high */
  number(name, usual, low, high) {
    const said = this.said.get(name);
    if (said === null || said === "") return usual;
    const value = /^[\d.eE+-]{1,24}$/.test(said) ? Number(said) : NaN;
    if (!(value >= low && value <= high)) throw new Refused(name, said, `${low}…${high}`);
    return value;
  }

  /** @param {string} name @param {number} usual @param {number} low @param {number} high */
  whole(name, usual, low, high) {
    const value = this.number(name, usual, low, high);
    if (!Number.isInteger(value)) throw new Refused(name, String(value), `${low}…${high}`);
    return value;
  }

  /** @param {string} name @param {boolean} usual */
  flag(name, usual) {
    return this.choice(name, {true: "true", false: "false"}, String(usual)) === "true";
  }
}

/** A seed for a text such as 0.41357: the same for the same text; random numbers differ from Playground's anyway. */
function seedOf(/** @type {string} */ text) {
  const digits = text.replace(/^0?\./, "").replace(/\D/g, "").slice(0, 9);
  return digits ? Number(digits) : 0;
}
