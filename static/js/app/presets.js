// @ts-check
/** Presets: one is chosen, the address and the tab keep it, and the page shows what it sets up besides its run. */

import {writeAddress} from "./choices.js";
import {remember} from "./identity.js";

/** @typedef {import("../types").State["view"]} View */
/** @typedef {import("../types").Options} Options */
/**
 * @typedef {object} Hands
 * @property {import("../types").ViewContext["act"]} act
 * @property {(patch: Partial<View>) => void} choose
 * @property {() => Options | null} options
 * @property {import("./identity.js").Identity} identity
 */

/** What a preset may set up, and what it usually is. */
const USUAL = Object.freeze({accuracy: false, log_steps: false, sweep: /** @type {View["sweep"]} */ (null)});

/**
 * The choices that go with a preset: what the one before had set up goes back to what it usually is. Pure.
 * @param {Options | null} options
 * @param {string | null} name of the preset
 * @param {string | null} [before] the one that stood there
 * @returns {Partial<View>}
 */
export function viewOf(options, name, before = null) {
  const shows = (/** @type {string | null} */ of) => options?.presets.find(preset => preset.name === of)?.shows ?? {};
  const left = Object.keys(shows(before)).map(key => [key, USUAL[/** @type {keyof typeof USUAL} */ (key)]]);
  return {...Object.fromEntries(left), ...structuredClone(shows(name))};
}

/** @param {Hands} hands */
export function createPresets({act, choose, options, identity}) {
  let greeted = false;
  return {
    /** @param {string} name */
    async use(name) {
      if (!name) return;
      const reply = await act("preset", {name});
      if (reply.ok === false) return;
      choose(viewOf(options(), name, identity.preset));
      identity.preset = name;
      remember(identity);
      writeAddress(url => url.searchParams.set("preset", name));
    },
    /** The server has said what there is: what the address's preset sets up is shown, once. */
    greet() {
      if (!greeted && identity.preset) choose(viewOf(options(), identity.preset));
      greeted = true;
    },
  };
}
