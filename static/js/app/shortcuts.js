// @ts-check
/**
 * Keys of the page. Space plays after any press of a pointer, wherever that left the focus; a control that was reached
 * by keyboard keeps its own keys. Keys without Ctrl can be switched off (WCAG 2.1.4). Every press meets the page as the
 * last one left it, though the two come within one animation frame.
 */

/** What is written into keeps every key. */
const WRITTEN =
  'textarea, [contenteditable], input:not([type="range"], [type="checkbox"], [type="radio"], [type="file"], [type="button"])';
/** What has keys of its own, when it was reached by keyboard. */
const CONTROL = 'input, select, textarea, button, summary, a[href], dialog, [tabindex], [role="slider"]';

/**
 * The command of a key with Ctrl or ⌘: undo and redo.
 * @param {{key: string, ctrlKey: boolean, metaKey: boolean, altKey: boolean, shiftKey: boolean}} event
 * @returns {"undo" | "redo" | null}
 */
export function travelOf({key, ctrlKey, metaKey, altKey, shiftKey}) {
  if ((!ctrlKey && !metaKey) || altKey) return null;
  const letter = key.toLowerCase();
  if (letter === "z") return shiftKey ? "redo" : "undo";
  return letter === "y" && !shiftKey ? "redo" : null;
}

/**
 * @param {Document} page
 * @param {{
 *   act: (op: string) => unknown, help: () => unknown, playing: () => boolean, enabled: () => boolean, meet: () => void
 * }} wiring `help` tells of the keys; `enabled`: whether those without Ctrl do anything; `meet` has the
 * page be as the hand has left it
 */
export function listenForShortcuts(page, {act, help, playing, enabled, meet}) {
  /** Whether the focus came by a pointer. */
  let pressed = true;
  const window = /** @type {Window} */ (page.defaultView);

  /** @param {Event} event @param {string} kind */
  const within = (event, kind) => event.target instanceof Element && event.target.closest(kind) !== null;
  /** @param {KeyboardEvent} event */
  const bare = event => !event.ctrlKey && !event.metaKey && !event.altKey;

  /** The Space of a control that a pointer has pressed is the page's. @param {KeyboardEvent} event */
  function early(event) {
    meet();
    if (["Tab", "Enter", "Escape", "ArrowDown", "ArrowUp"].includes(event.key)) pressed = false;
    if (event.key !== " " || !bare(event) || !event.isTrusted || within(event, WRITTEN)) return;
    if (!enabled()) {
      if (!within(event, CONTROL)) event.stopImmediatePropagation();
      return;
    }
    if (!pressed || event.target === page.body) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat)
      page.body.dispatchEvent(new KeyboardEvent("keydown", {key: " ", bubbles: true, cancelable: true}));
  }

  /** Some browsers press a button when Space is let go. @param {KeyboardEvent} event */
  function released(event) {
    if (event.key === " " && pressed && enabled() && !within(event, WRITTEN)) event.preventDefault();
  }

  /** @param {KeyboardEvent} event */
  function late(event) {
    const travel = travelOf(event);
    if (travel && !within(event, WRITTEN)) {
      event.preventDefault();
      act(travel);
    }
    const elsewhere = event.key === "?" ? WRITTEN : CONTROL;
    if (travel || event.defaultPrevented || !bare(event) || !enabled() || within(event, elsewhere)) return;
    const op = {" ": playing() ? "pause" : "play", ArrowRight: "step", ArrowLeft: "step_back"}[event.key];
    if (!op && event.key !== "?") return;
    event.preventDefault();
    if (op) act(op);
    else help();
  }

  window.addEventListener("pointerdown", () => ((pressed = true), meet()), true);
  window.addEventListener("keydown", early, true);
  window.addEventListener("keyup", released, true);
  page.addEventListener("keydown", late);
}
