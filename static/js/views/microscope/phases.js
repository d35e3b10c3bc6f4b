// @ts-check
/** The phases of one training step, in order, and the chips that stand for them; pure. */

/**
 * @typedef {"input" | "sum" | "normalize" | "activate" | "forward" | "loss" | "error" | "gradient" | "backward" |
 * "update" | "result"} Kind
 */
/**
 * One thing that happens. `layers` are the first and last layer that it happens in, the input being layer 0.
 * @typedef {object} Phase
 * @property {Kind} kind
 * @property {[number, number]} layers
 * @property {1 | -1 | 0} direction of what flows
 * @property {string} chip that it belongs to
 */
/**
 * A layer or a group of layers on one of the two ways.
 * @typedef {{id: string, kind: "input" | "layer" | "loss" | "update" | "result", layers: [number, number], direction: 1
 * | -1 | 0, folded: boolean, group: string | null}} Chip
 */

/** Nets with more layers than this are shown in groups, about so many of them. */
export const MOST_LAYERS = 8;
export const GROUPS = 4;

/**
 * Hidden layers in groups of nearly even size: [[1, 5], [6, 10], …].
 * @param {number} hidden
 * @returns {[number, number][]}
 */
export function groupsOf(hidden) {
  const count = Math.min(GROUPS, hidden);
  const groups = /** @type {[number, number][]} */ ([]);
  for (let k = 0; k < count; k++)
    groups.push([Math.round((k * hidden) / count) + 1, Math.round(((k + 1) * hidden) / count)]);
  return groups;
}

/**
 * The chips of a step, from the sample to the new loss. Groups that are not unfolded are one chip.
 * @param {number[]} sizes neurons per layer, the input included
 * @param {ReadonlySet<string>} unfolded ids of groups
 * @returns {Chip[]}
 */
export function chipsOf(sizes, unfolded) {
  const last = sizes.length - 1;
  const deep = last > MOST_LAYERS;
  const spans = deep
    ? groupsOf(last - 1)
    : Array.from({length: last - 1}, (_, k) => /** @type {[number, number]} */ ([k + 1, k + 1]));
  /** @param {1 | -1} direction @returns {Chip[]} */
  const way = direction =>
    [...spans, /** @type {[number, number]} */ ([last, last])].flatMap(([low, high]) => {
      const group = deep && low < high ? `${direction > 0 ? "f" : "b"}${low}-${high}` : null;
      const folded = group !== null && !unfolded.has(group);
      const within = folded ? [[low, high]] : Array.from({length: high - low + 1}, (_, k) => [low + k, low + k]);
      return within.map(
        ([first, end]) =>
          /** @type {Chip} */ ({
            id: folded ? group : `${direction > 0 ? "f" : "b"}${first}`,
            kind: "layer",
            layers: [first, end],
            direction,
            folded,
            group,
          }),
      );
    });
  const backward = way(-1).sort((a, b) => b.layers[0] - a.layers[0]);
  return [
    {id: "input", kind: "input", layers: [0, 0], direction: 0, folded: false, group: null},
    ...way(1),
    {id: "loss", kind: "loss", layers: [last, last], direction: 0, folded: false, group: null},
    ...backward,
    {id: "update", kind: "update", layers: [1, last], direction: 0, folded: false, group: null},
    {id: "result", kind: "result", layers: [0, last], direction: 0, folded: false, group: null},
  ];
}

/**
 * All phases in order.
 * @param {number[]} sizes
 * @param {(string | null)[]} normalization per hidden layer
 * @param {ReadonlySet<string>} unfolded
 * @returns {Phase[]}
 */
export function phasesOf(sizes, normalization, unfolded) {
  return chipsOf(sizes, unfolded).flatMap(({id, kind, layers, direction, folded}) => {
    /** @param {Kind[]} kinds */
    const each = (...kinds) => kinds.map(name => ({kind: name, layers, direction, chip: id}));
    if (kind !== "layer") return each(kind);
    if (folded) return each(direction > 0 ? "forward" : "backward");
    if (direction < 0) return each("error", "gradient");
    return normalization[layers[0] - 1] ? each("sum", "normalize", "activate") : each("sum", "activate");
  });
}

/**
 * A phase's place in another list of the same step, after groups were folded or unfolded: the same, or the first of its
 * layers.
 * @param {Phase[]} phases @param {Phase} phase @returns {number} */
export function placeIn(phases, {kind, layers, direction}) {
  const same = phases.findIndex(
    each => each.kind === kind && each.layers[0] === layers[0] && each.layers[1] === layers[1],
  );
  if (same >= 0) return same;
  const near = phases.findIndex(
    each => each.direction === direction && each.layers[0] <= layers[1] && each.layers[1] >= layers[0],
  );
  return Math.max(0, near);
}
