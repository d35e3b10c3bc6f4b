// @ts-check
/** Views that are not in the first picture: their modules come after it, or as soon as the state wants them. */

import {fill} from "../draw/i18n.js";
import {close} from "./entrances.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").View} View */
/** @template {View} V @typedef {View & {ready: () => Promise<V>}} Later `ready` fetches the view */

/**
 * Stands for a view until it is here, and tells it the newest state when it comes.
 * @template {View} V
 * @param {() => Promise<V>} load makes the view; a failure is reported and tried again at the next wish
 * @param {(state: State) => boolean} [wanted] whether this state shows the view
 * @param {(coming: Promise<V>) => Promise<unknown>} [awaited] hears of a view that a state wants and that is not here
 * @returns {Later<V>}
 */
export function later(load, wanted = () => false, awaited = coming => coming) {
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
      if (wished && !before) awaited(ready()).catch(reportError);
    },
    destroy() {
      view?.destroy();
    },
  };
}

/**
 * Makes views for later.
 * @param {import("../types").PageContext} context what they are made with
 * @param {import("./guard.js").Guard} guard
 * @param {import("./entrances.js").Entrances} entrances
 */
export function afterwards(context, guard, entrances) {
  /**
   * A view for later, inside `root`. A part that a state wants is closed as it comes if the wish was taken back.
   * @template {HTMLElement} E
   * @template {View} V
   * @param {() => Promise<(root: E, context: any) => V>} load
   * @param {E} root @param {(state: State) => boolean} [wanted] @returns {Later<V>} */
  return (load, root, wanted) => {
    const come = async () => {
      const view = (await load())(root, context);
      fill(root, context.t);
      return view;
    };
    const awaited = async (/** @type {Promise<V>} */ coming) => {
      if (!(await entrances.through(coming))) close(root);
    };
    return guard.at(root, later(come, wanted, root.dataset.part ? awaited : undefined));
  };
}
