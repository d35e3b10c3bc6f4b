// @ts-check
/**
 * A cursor for pictures that only a pointer could read: arrow keys move it, and what lies under it is said. What the
 * keys of a picture do stands in the words under `keys.NAME`: as its description, and in the list of keys.
 */

/**
 * @typedef {object} Cursor
 * @property {(dx: number, dy: number, shift: boolean) => boolean | void} move by an arrow key, y upwards; false where
 * that means nothing
 * @property {() => string} said what lies under it, "" for nothing new
 * @property {() => void} leave the keys have gone elsewhere
 * @property {Record<string, () => void>} [keys] what other keys do, by their names
 */

/** @typedef {Pick<import("../../types").ViewContext, "t" | "announce">} Voice */

/** @type {Record<string, [number, number]>} */
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};

/**
 * @param {HTMLElement} picture that has a name
 * @param {string} name of its keys in the words
 * @param {Voice} voice
 * @param {Cursor} cursor
 */
export function keyCursor(picture, name, voice, {move, said, leave, keys = {}}) {
  describeKeys(picture, name, voice.t);
  picture.tabIndex = 0;
  picture.setAttribute("role", "application"); // else a screen reader keeps the arrow keys to itself
  /** @param {KeyboardEvent} event */
  function press(event) {
    const {target, key, shiftKey, ctrlKey, metaKey, altKey} = event;
    if (target !== picture || ctrlKey || metaKey || altKey) return;
    const way = WAYS[key];
    if (way ? move(...way, shiftKey) === false : !keys[key]) return;
    if (!way) keys[key]();
    event.preventDefault();
    voice.announce(name, said());
  }
  picture.addEventListener("keydown", press);
  picture.addEventListener("blur", leave);
}

/** Say what the keys of a picture do, now and in other languages. @param {HTMLElement} picture @param {string} name
 * @param {Voice["t"]} t */
export function describeKeys(picture, name, t) {
  picture.dataset.i18nKeys = name;
  picture.setAttribute("aria-description", t(`keys.${name}`));
}

/**
 * Arrow keys lead from cell to cell of a table of buttons; Tab stops at one of them.
 * @param {HTMLElement} table
 */
export function cellKeys(table) {
  table.addEventListener("keydown", event => {
    const cell = event.target instanceof Element ? event.target.closest("button") : null;
    const way = WAYS[event.key];
    if (!cell || !way || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    beside(table, cell, way)?.focus();
  });
  table.addEventListener("focusin", event => {
    const {target} = event;
    for (const cell of table.querySelectorAll("button")) cell.tabIndex = cell === target ? 0 : -1;
  });
}

/** The cell beside another, if there is one. @param {HTMLElement} table @param {HTMLButtonElement} cell
 * @param {[number, number]} way */
function beside(table, cell, [dx, dy]) {
  const rows = [...table.querySelectorAll("tr")].map(row => [...row.querySelectorAll("button")]);
  const filled = rows.filter(row => row.length > 0);
  const row = filled.findIndex(cells => cells.includes(cell));
  return filled[row - dy]?.[filled[row].indexOf(cell) + dx];
}
