// @ts-check
/** Names of classes, where a single output stands for two of them. */

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
  return endNames(data)?.[value > (low + high) / 2 ? 1 : 0] ?? "";
}

/** A name where there is room for a short one. @param {string} name @param {number} [most] letters */
export const shortName = (name, most = 14) => (name.length > most ? `${name.slice(0, most - 1)}…` : name);
