// @ts-check
/**
 * The one place of the page's state: a patch replaces fields, listeners hear of it once per animation frame, or as soon
 * as they have to.
 */

/**
 * @template {object} S
 * @param {S} initial
 * @param {(run: () => void) => void} schedule runs its argument once, later: `requestAnimationFrame` in the page
 */
export function createStore(initial, schedule) {
  let state = initial;
  let pending = false;
  /** What was told last. @type {S | null} */
  let told = null;
  /** @type {Set<(state: S) => void>} */
  const listeners = new Set();

  function announce() {
    if (!pending) return;
    pending = false;
    told = state;
    for (const listener of listeners) listener(state);
  }

  return {
    get: () => state,
    /** @param {Partial<S>} patch */
    set(patch) {
      state = {...state, ...patch};
      if (!pending) {
        pending = true;
        schedule(announce);
      }
    },
    /** Tell at once what waits to be told, if a field is among it. @param {keyof S} name */
    catchUp(name) {
      if (told?.[name] !== state[name]) announce();
    },
    /** @param {(state: S) => void} listener @returns {() => void} ends the subscription */
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** What every frame brings. */
const STREAMED = new Set(["frame", "furthest", "surface", "lanes"]);

/** Whether nothing has changed but what every frame brings.
 * @param {import("../types").State} before @param {import("../types").State} now */
export function streamedOnly(before, now) {
  return /** @type {(keyof import("../types").State)[]} */ (Object.keys(now)).every(
    name => STREAMED.has(name) || before[name] === now[name],
  );
}
