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

/** What a config holds by its path, and with it about how deep the network is: a layer more keeps a deep net deep.
 * @param {Preset["config"]} config */
function heldBy(config) {
  const depth = Math.round(Math.log2(config.network.hidden.length + 1));
  return new Map([...leavesOf(config), ["network.depth", String(depth)]]);
}

/** Paths at which two configs differ. @param {Map<string, string>} one @param {Map<string, string>} other */
const apart = (one, other) =>
  [...new Set([...one.keys(), ...other.keys()])].filter(path => one.get(path) !== other.get(path));

/** What a preset's name speaks of, where it is not its data's: a deep linear net that is flat or bends is none. */
const NAMED = ["network.depth", "network.activation"];

/**
 * Whether a run still shows what a preset is there to show: it has its data, of which this is the only preset or whose
 * name it bears; or about its depth, its activation, more than half of what sets it apart from the other presets with
 * this data, and more than half of what no other of them has.
 * @param {{name: string, held: Map<string, string>}} preset
 * @param {{name: string, held: Map<string, string>}[]} all with this data
 * @param {Map<string, string>} now what the run holds
 * @param {string} data
 */
function stands(preset, all, now, data) {
  if (preset.name === data || all.length === 1) return true;
  if (NAMED.some(path => preset.held.get(path) !== now.get(path))) return false;
  const others = all.filter(one => one !== preset).map(one => new Set(apart(preset.held, one.held)));
  const marks = [...new Set(others.flatMap(paths => [...paths]))];
  const own = marks.filter(path => others.every(paths => paths.has(path)));
  return [marks, own].every(paths => {
    const kept = paths.filter(path => preset.held.get(path) === now.get(path)).length;
    return kept > paths.length / 2 || paths.length === 0;
  });
}

/**
 * The preset that a run stands on, and whether anything was changed since it began as that. Of those of which it still
 * has the essence, the one that it shares most with; none where nothing of any is left.
 * @param {Standing} state
 * @returns {{name: string, changed: boolean} | null}
 */
export function presetOf({options, config, log}) {
  if (!options || !config) return null;
  const now = heldBy(config);
  const all = options.presets
    .filter(preset => preset.config.data.name === config.data.name)
    .map(preset => ({name: preset.name, held: heldBy(preset.config)}));
  const [nearest] = all
    .filter(preset => stands(preset, all, now, config.data.name))
    .map(preset => ({name: preset.name, far: apart(preset.held, now).length}))
    .sort((a, b) => a.far - b.far);
  return nearest ? {name: nearest.name, changed: nearest.far > 0 || log.length > 0} : null;
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
