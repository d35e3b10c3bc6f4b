// @ts-check
/** Changes that the server has not yet said to be kept: after a loss, the page can name them. */

import {changeWords} from "../model/changes.js";

/** @typedef {{op: string, fields: Record<string, unknown>}} Change */

/** Commands that change a run; what only looks, or moves on, is not worth a word. */
const CHANGES = new Set(["set", "set_parameter", "configure", "preset", "reset", "reseed"]);
/** How many are named at most. */
const MOST = 5;

export function createUnsaved() {
  /** Obeyed, and not yet kept, by their ids. @type {Map<number, Change>} */
  const obeyed = new Map();
  /** Those to which no answer came. @type {Change[]} */
  let unanswered = [];
  let keeps = false;
  return {
    /** Whether the server keeps runs. @param {boolean} on */
    keeps(on) {
      keeps = on;
    },
    /** A command has been answered. @param {string} op @param {Record<string, unknown>} fields @param {any} reply */
    note(op, fields, reply) {
      if (!CHANGES.has(op)) return;
      if (reply.ok === false && reply.code === "disconnected") unanswered = [...unanswered, {op, fields}].slice(-MOST);
      else if (reply.ok !== false && keeps) obeyed.set(reply.id, {op, fields});
    },
    /** All changes up to this one are kept. @param {number} id */
    saved(id) {
      for (const known of obeyed.keys()) if (known <= id) obeyed.delete(known);
    },
    /**
     * The changes that may be lost, asked for once after a connection has come back.
     * @param {boolean} rebuilt whether the server had to build the run again from what it keeps
     */
    lost(rebuilt) {
      const found = [...(rebuilt ? obeyed.values() : []), ...unanswered].slice(-MOST);
      obeyed.clear();
      unanswered = [];
      return found;
    },
  };
}

/** Changes in a few words. @param {Change[]} changes @param {import("../types").ViewContext["t"]} t
 * @param {string} lang */
export function lostWords(changes, t, lang) {
  const words = changes.map(({op, fields}) => (op === "set" && changeWords(t, fields, lang)) || t("undo.change"));
  return [...new Set(words)].join(", ");
}
