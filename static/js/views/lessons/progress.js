// @ts-check
/**
 * How far somebody is in each lesson, and what they wrote: kept in this browser, or for this page where it keeps
 * nothing.
 */

const KEY = "backscope:lessons";
/** Letters of notes that are kept of a lesson. */
const LONGEST = 20_000;

/**
 * @typedef {object} Progress of one lesson; steps are counted from 0
 * @property {number} step where somebody is
 * @property {number[]} done steps that are completed
 * @property {Record<string, number>} answers by step, from 1
 * @property {Record<string, string>} numbers by step, as they were typed
 * @property {string} notes
 */

/** @returns {Progress} */
export const nothing = () => ({step: 0, done: [], answers: {}, numbers: {}, notes: ""});

/**
 * @param {Pick<Storage, "getItem" | "setItem"> | null} storage
 */
export function createProgress(storage) {
  /** @type {Record<string, Progress>} */
  let kept = {};
  try {
    const read = JSON.parse(storage?.getItem(KEY) ?? "{}");
    if (typeof read === "object" && read !== null) kept = read;
  } catch {
    // what cannot be read is begun anew
  }

  return {
    /** @param {string} name @returns {Progress | null} null for a lesson that was never begun */
    get: name => (Object.hasOwn(kept, name) ? {...nothing(), ...kept[name]} : null),
    /** @param {string} name @param {Partial<Progress>} patch */
    set(name, patch) {
      const next = {...nothing(), ...kept[name], ...patch};
      kept = {...kept, [name]: {...next, notes: next.notes.slice(0, LONGEST)}};
      try {
        storage?.setItem(KEY, JSON.stringify(kept));
      } catch {
        // it holds for this page
      }
    },
  };
}

/** The browser's storage, where it lets us. @returns {Storage | null} */
export function browserStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
