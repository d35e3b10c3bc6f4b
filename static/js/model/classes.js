// @ts-check
/** Which class numbers stand for, and names of classes, where a single output stands for two of them. */

/** @typedef {import("../types").Data} Data */

/**
 * The classes at both ends of a single output; null where these are numbers, or the numbers 0 and 1 themselves.
 * @param {Pick<Data, "kind" | "outputs" | "class_names">} data
 * @returns {[string, string] | null}
 */
export function endNames({kind, outputs, class_names: [no, yes]}) {
  return kind === "binary" && outputs === 1 && !(no === "0" && yes === "1") ? [no, yes] : null;
}

/**
 * The class of a number on a single output, as it is named; "" where it is but a number.
 * @param {Pick<Data, "kind" | "outputs" | "class_names" | "target_range">} data
 * @param {number} value
 */
export function endName(data, value) {
  const [low, high] = data.target_range;
  return endNames(data)?.[value - (low + high) / 2 > TIE ? 1 : 0] ?? "";
}

/** Outputs that differ by no more, or lie no farther from the middle, are a tie, as in the core. */
export const TIE = 1e-6;

/**
 * The class of a row of numbers: the largest of several, or the side of the middle of one. A tie goes to the class with
 * the lower number, so that no rounding decides it; no number is no class: −1.
 * @param {(j: number) => number} value
 * @param {Pick<Data, "outputs" | "target_range">} data
 */
export function classOf(value, {outputs, target_range: [low, high]}) {
  if (outputs === 1) {
    const away = value(0) - (low + high) / 2;
    return away > TIE ? 1 : Number.isNaN(away) ? -1 : 0;
  }
  let most = -Infinity;
  for (let j = 0; j < outputs; j++) {
    if (Number.isNaN(value(j))) return -1;
    most = Math.max(most, value(j));
  }
  let best = 0;
  while (value(best) < most - TIE) best++;
  return best;
}

/** Whether each output stands for a class, and the largest is the answer; several targets of a regression are numbers.
 * @param {Pick<Data, "kind" | "outputs">} data */
export const classPerOutput = ({kind, outputs}) => kind === "classes" && outputs > 1;

/** A name where there is room for a short one. @param {string} name @param {number} [most] letters */
export const shortName = (name, most = 14) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
