// @ts-check
/**
 * Controls whose wish is on its way show it until there is a newer config than that which it was made under: no frame
 * between sets them back.
 */

/** @typedef {import("../../types").RunConfig} RunConfig */

/** @param {import("../../types").ViewContext["act"]} act */
export function createWishes(act) {
  /** @type {Map<HTMLElement, RunConfig | null>} */
  const wishes = new Map();
  /** @type {RunConfig | null} */
  let present = null;

  return {
    /** @param {HTMLElement} control @param {string} op @param {Record<string, unknown>} fields */
    async wish(control, op, fields) {
      wishes.set(control, present);
      const reply = await act(op, fields);
      if (reply.ok === false) wishes.delete(control);
    },
    /** Take note of the newest config. @param {RunConfig | null} config */
    seen(config) {
      present = config;
      for (const [control, before] of wishes) if (before !== config) wishes.delete(control);
    },
    /** Show the server's value, but not over a wish. @param {HTMLSelectElement} select @param {string} value */
    show(select, value) {
      if (!wishes.has(select) && select.value !== value) select.value = value;
    },
    /** The same. @param {HTMLInputElement} box @param {boolean} value */
    tick(box, value) {
      if (!wishes.has(box)) box.checked = value;
    },
  };
}
