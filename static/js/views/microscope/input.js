// @ts-check
/** The microscope's keys as intentions. They reach it before the page, wherever the keyboard is, except in fields. */

/** @typedef {object} Hands
 * @property {() => boolean} open
 * @property {(way: number) => void} move to the next or the last phase
 * @property {(way: number) => void} pickBy another row
 * @property {(end: boolean) => void} jump to the first or the last phase
 * @property {() => void} turnPlay
 * @property {() => void} enter */

/** What has keys of its own. */
const FIELDS = "dialog, textarea, select, input, [role=slider]";

/** @param {Hands} hands @returns {() => void} stops listening */
export function listen(hands) {
  /** @type {Record<string, () => void>} */
  const always = {
    ArrowRight: () => hands.move(1),
    ArrowLeft: () => hands.move(-1),
    ArrowDown: () => hands.pickBy(1),
    ArrowUp: () => hands.pickBy(-1),
    Home: () => hands.jump(false),
    End: () => hands.jump(true),
  };
  /** On a button these press it. @type {Record<string, () => void>} */
  const elsewhere = {" ": () => hands.turnPlay(), Enter: () => hands.enter()};
  const press = (/** @type {KeyboardEvent} */ event) => {
    if (!hands.open() || !ours(event)) return;
    const {key, target} = event;
    const onButton = /** @type {Element} */ (target).closest("button") !== null;
    const action = always[key] ?? (onButton ? undefined : elsewhere[key]);
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    action();
  };
  document.addEventListener("keydown", press, true);
  return () => document.removeEventListener("keydown", press, true);
}

/** @param {KeyboardEvent} event */
function ours({ctrlKey, metaKey, altKey, target}) {
  if (ctrlKey || metaKey || altKey || !(target instanceof Element)) return false;
  return !target.closest(FIELDS);
}
