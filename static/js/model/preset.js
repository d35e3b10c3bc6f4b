// @ts-check
/** Which preset a run is, or comes closest to: told by the run itself, so that it holds for links and files too. */

/** @typedef {import("../types").Options["presets"][number]} Preset */
/** What decides it. @typedef {Pick<import("../types").State, "options" | "config" | "log">} Standing */

/** Every number and name of a config by its path: {"network.hidden": "[4,2]", …}. @param {object} config
 * @param {string} [path] @returns {[string, string][]} */
function leavesOf(config, path = "") {
  return Object.entries(config).flatMap(([name, value]) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? leavesOf(value, `${path}${name}.`)
      : [/** @type {[string, string]} */ ([path + name, JSON.stringify(value)])],
  );
}

/** How many numbers and names two configs do not share. @param {object} one @param {object} other */
function differences(one, other) {
  const here = new Map(leavesOf(one));
  const there = new Map(leavesOf(other));
  return [...new Set([...here.keys(), ...there.keys()])].filter(path => here.get(path) !== there.get(path)).length;
}

/**
 * The preset that a run stands on, and whether anything was changed since it began as that. Of those with its data, the
 * one that it shares most with; none where there is no preset with its data.
 * @param {Standing} state
 * @returns {{name: string, changed: boolean} | null}
 */
export function presetOf({options, config, log}) {
  if (!options || !config) return null;
  const [nearest] = options.presets
    .filter(preset => preset.config.data.name === config.data.name)
    .map(({name, config: own}) => ({name, apart: differences(own, config)}))
    .sort((a, b) => a.apart - b.apart);
  return nearest ? {name: nearest.name, changed: nearest.apart > 0 || log.length > 0} : null;
}

/** The same, found anew only where a run has changed: frames ask for it. */
export function presetFinder() {
  /** @type {Standing | null} */
  let seen = null;
  /** @type {ReturnType<typeof presetOf>} */
  let found = null;
  return (/** @type {Standing} */ state) => {
    if (!seen || seen.options !== state.options || seen.config !== state.config || seen.log !== state.log) {
      seen = {options: state.options, config: state.config, log: state.log};
      found = presetOf(state);
    }
    return found;
  };
}
