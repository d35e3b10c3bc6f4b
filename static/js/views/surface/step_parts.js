// @ts-check
/**
 * The coming step in parts: raw gradient, momentum and what the rule makes of them, as arrows and as words. Pure.
 */

/** @typedef {[number|null, number|null]} Pair along the axes of the plane; null where it is no number */
/**
 * What the server says of a step: the one to come, or the last. `rates` are what a rule that rescales every parameter
 * multiplies the gradient with.
 * @typedef {{coming: boolean, step: number, gradient: Pair, momentum: Pair|null, update: Pair, rates: Pair|null,
 * learning_rate: number}} Parts
 */
/**
 * An arrow from the ball: how it lies on the sheet, how many times larger than it is, and the words to it.
 * @typedef {{name: "gradient" | "momentum" | "update", dx: number, dy: number, times: number, key: string}} Arrow
 */

const NAMES = /** @type {const} */ (["gradient", "momentum", "update"]);

/** The longest arrow is at most this long, in CSS pixels, and at least half as long. */
const LONG = 58;
/** Below this share of a pixel nothing is left to be shown: the run has arrived, and what remains is rounding. */
const ARRIVED = 1e-5;

/**
 * How many times larger an arrow of `length` is drawn: 1, 2, 5, 10, …, so that it can be seen; 1 where it can by
 * itself.
 * @param {number} length in pixels @returns {number} */
export function magnification(length) {
  if (!(length > 0) || length >= LONG / 2.5) return 1;
  const most = LONG / length;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (most / power >= 5 ? 5 : most / power >= 2 ? 2 : 1);
}

/** @param {Pair} pair @returns {[number, number]} */
export const numbersOf = ([a, b]) => [a ?? NaN, b ?? NaN];

/**
 * The arrows that say something of their own, in the order in which they are drawn.
 * @param {Parts} parts
 * @param {(da: number, db: number) => [number, number]} vector how long a way along the axes is on the sheet
 * @returns {Arrow[]}
 */
export function arrowsOf(parts, vector) {
  const all = NAMES.map(name => {
    const pair = parts[name];
    const [dx, dy] = pair ? vector(...numbersOf(pair)) : [NaN, NaN];
    return {name, dx, dy, length: Math.hypot(dx, dy)};
  });
  const longest = Math.max(...all.map(({length}) => (length > 0 ? length : 0)));
  if (longest < ARRIVED) return [];
  const rescaled = parts.rates !== null;
  // A rule that rescales every parameter leaves steps and gradients of different sizes: each has its own scale then.
  return all
    .filter(({name, length}) => length >= ARRIVED && !redundant(name, parts))
    .map(({name, dx, dy, length}) => {
      const times = magnification(rescaled ? length : longest);
      return {name, dx: dx * times, dy: dy * times, times, key: wordKey(name, parts)};
    });
}

/** Whether momentum by itself is the step: one arrow then. @param {Parts} parts */
const momentumIsStep = ({rates, momentum, update}) => rates === null && alike(momentum, update);

/** Whether another arrow says the same. @param {Arrow["name"]} name @param {Parts} parts */
function redundant(name, parts) {
  if (name === "update") return parts.rates === null && !parts.momentum;
  return name === "momentum" && momentumIsStep(parts);
}

/** What an arrow is called. @param {Arrow["name"]} name @param {Parts} parts */
function wordKey(name, parts) {
  const {coming, rates, momentum} = parts;
  if (name === "update")
    return `surface.part_update${momentumIsStep(parts) ? "_momentum" : ""}${coming ? "" : "_last"}`;
  if (name === "momentum") return `surface.part_momentum${rates === null ? "" : "_hat"}`;
  const isStep = rates === null && !momentum;
  return `surface.part_gradient${isStep ? (coming ? "_step" : "_last") : ""}`;
}

/** @param {Pair|null} a @param {Pair|null} b whether they are the same but for rounding */
export function alike(a, b) {
  if (!a || !b) return false;
  return a.every((x, k) => Math.abs((x ?? NaN) - (b[k] ?? NaN)) <= 1e-9 * Math.abs(x ?? NaN));
}
