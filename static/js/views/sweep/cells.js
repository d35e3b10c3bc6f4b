// @ts-check
/** The cells of a sweep: what differs in each, in which order they are asked for, and how they are coloured. Pure. */

/** @typedef {import("../../types").RunConfig} RunConfig */
/**
 * A number that can be swept: its usual values, the change that makes a run of one, and how its axis goes: by powers
 * (`log`), evenly, by powers of what is left to 1, or from name to name without an order.
 * @typedef {object} Quantity
 * @property {(number | string)[]} values
 * @property {"log" | "even" | "left" | "names"} axis
 * @property {(value: any, config: RunConfig) => Record<string, any>} change
 */

/** The hidden layers of a net that is so wide and so deep. @param {number} depth @param {number} width */
const layers = (depth, width) => Array.from({length: depth}, () => width);

/** @type {Record<string, Quantity>} */
export const QUANTITIES = {
  learning_rate: {
    values: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    axis: "log",
    change: value => ({learning_rate: value}),
  },
  initializer_scale: {
    values: [0.1, 0.2, 0.5, 1, 2, 5, 10],
    axis: "log",
    change: value => ({initializer_scale: value}),
  },
  width: {
    values: [1, 2, 4, 8, 16, 32],
    axis: "log",
    change: (value, {network}) => ({network: {hidden: layers(network.hidden.length || 1, value)}}),
  },
  depth: {
    values: [1, 2, 3, 4, 6, 8],
    axis: "even",
    change: (value, {network}) => ({network: {hidden: layers(value, network.hidden[0] ?? 4)}}),
  },
  batch_size: {values: [1, 2, 5, 10, 20, 50, 100], axis: "log", change: value => ({batch_size: value})},
  l2: {values: [0, 0.0001, 0.001, 0.01, 0.1, 1], axis: "log", change: value => ({l2: value})},
  momentum: {
    values: [0, 0.5, 0.8, 0.9, 0.95, 0.99],
    axis: "left",
    change: value => ({optimizer: {name: "momentum", momentum: value}}),
  },
  seed: {values: [0, 1, 2, 3, 4, 5, 6, 7], axis: "names", change: value => ({seed: value})},
  activation: {
    values: ["sigmoid", "tanh", "relu", "elu", "gelu", "silu"],
    axis: "names",
    change: value => ({activation: value}),
  },
};

/** Depth and width together change one thing: the hidden layers. @param {number} depth @param {number} width */
const shaped = (depth, width) => ({network: {hidden: layers(depth, width)}});

/**
 * The change of a cell.
 * @param {string} x @param {string} y a quantity, or "" for none
 * @param {number | string} xValue @param {number | string} yValue
 * @param {RunConfig} config
 */
export function changeOf(x, y, xValue, yValue, config) {
  if (x === "depth" && y === "width") return shaped(Number(xValue), Number(yValue));
  if (x === "width" && y === "depth") return shaped(Number(yValue), Number(xValue));
  const first = QUANTITIES[x].change(xValue, config);
  return y ? {...first, ...QUANTITIES[y].change(yValue, config)} : first;
}

/** Values as they were typed, commas or spaces between them; null where one is none.
 * @param {string} text @param {boolean} words whether they are names */
export function valuesOf(text, words) {
  const parts = text.split(/[\s,;]+/).filter(Boolean);
  const values = words ? parts : parts.map(Number);
  const bad = values.some(value => typeof value === "number" && !Number.isFinite(value));
  return bad || values.length === 0 || values.length > 16 ? null : values;
}

/** Of every fourth row and column, then of every second, then of all. @param {number} k */
const levelOf = k => (k % 4 === 0 ? 0 : k % 2 === 0 ? 1 : 2);

/** Cells in the order in which they are asked for: every fourth row and column, then every second, then all.
 * @param {number} columns @param {number} rows @returns {number[]} row · columns + column */
export function orderOf(columns, rows) {
  const all = Array.from({length: columns * rows}, (_, k) => k);
  const of = (/** @type {number} */ k) => Math.max(levelOf(k % columns), levelOf(Math.floor(k / columns)));
  return all.sort((a, b) => of(a) - of(b) || a - b);
}

/** The same where the rows are seeds of one curve: the seeds of a column after one another, since nets of one shape are
 * trained together. @param {number} columns @param {number} rows @returns {number[]} row · columns + column */
export function seedsInOrder(columns, rows) {
  const all = Array.from({length: columns}, (_, k) => k).sort((a, b) => levelOf(a) - levelOf(b) || a - b);
  return all.flatMap(column => Array.from({length: rows}, (_, row) => row * columns + column));
}

/** Measures that are told on a logarithmic scale. */
const LOGARITHMIC = new Set(["loss", "test_loss", "gradient", "reached", "diverged"]);

/** A function from values to 0…1 between the least and the largest of them. @param {(number | null)[]} values
 * @param {string} measure */
export function scaleOf(values, measure) {
  const to = (/** @type {number} */ value) => (LOGARITHMIC.has(measure) ? Math.log10(Math.max(value, 1e-12)) : value);
  const known = values.filter(value => typeof value === "number").map(to);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return (/** @type {number} */ value) => (high > low ? (to(value) - low) / (high - low) : 0.5);
}
