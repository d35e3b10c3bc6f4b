// @ts-check
/**
 * What a control, a number or a label is about: one card tells it on hover, focus and tap (`app/tips.js`), a screen
 * reader hears it as the description. No element has a `title`: fingers and keys do not reach it.
 */

/** What takes the focus by itself, or holds something that does. */
const CONTROL = "button, input, select, textarea, summary, a[href], label, [tabindex]";

/** What elements say: to ask them takes longer, and most are asked in every frame. @type {WeakMap<Element, string>} */
const said = new WeakMap();

/**
 * Explain an element in words; none take the explanation away. What is no control gets a place in the order of the
 * keys, unless it holds one.
 * @param {HTMLElement | SVGElement} element
 * @param {string} words
 */
export function explain(element, words) {
  if ((said.get(element) ?? "") === words) return;
  said.set(element, words);
  if (!words) {
    delete element.dataset.tip;
    element.removeAttribute("aria-description");
    if (element.dataset.reached !== undefined) element.removeAttribute("tabindex");
    delete element.dataset.reached;
    return;
  }
  element.dataset.tip = words;
  const known = [element.getAttribute("aria-label"), element.textContent?.trim()];
  if (known.includes(words)) element.removeAttribute("aria-description");
  else element.setAttribute("aria-description", words);
  if (element.matches(CONTROL) || element.querySelector(CONTROL)) return;
  element.dataset.reached = "";
  element.setAttribute("tabindex", "0");
}

/**
 * Name a control that has no words on it: its name is what the card shows.
 * @param {HTMLElement | SVGElement} element
 * @param {string} name
 */
export function nameControl(element, name) {
  if (element.getAttribute("aria-label") !== name) element.setAttribute("aria-label", name);
  explain(element, name);
}
