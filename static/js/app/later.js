// @ts-check
/** Views that are not in the first picture: their modules come after it, or as soon as the state wants them. */

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").View} View */
/** @template {View} V @typedef {View & {ready: () => Promise<V>}} Later `ready` fetches the view */

/**
 * Stands for a view until it is here, and tells it the newest state when it comes.
 * @template {View} V
 * @param {() => Promise<V>} load makes the view; a failure is reported and tried again at the next wish
 * @param {(state: State) => boolean} [wanted] whether this state shows the view
 * @returns {Later<V>}
 */
export function later(load, wanted = () => false) {
  /** @type {V | null} */ let view = null;
  /** @type {Promise<V> | null} */ let coming = null;
  /** @type {State | null} */ let newest = null;
  let wished = false;

  async function come() {
    try {
      view = await load();
    } catch (error) {
      coming = null;
      throw error;
    }
    if (newest) view.update(newest);
    return view;
  }

  const ready = () => (coming ??= come());

  return {
    ready,
    readNumbers(state) {
      view?.readNumbers?.(state);
    },
    update(state) {
      newest = state;
      if (view) return view.update(state);
      const before = wished;
      wished = wanted(state);
      if (wished && !before) ready().catch(reportError);
    },
    destroy() {
      view?.destroy();
    },
  };
}
