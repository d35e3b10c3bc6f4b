// @ts-check
/** Small hands for building the page: elements with attributes and listeners, and icons. */

import {explain} from "./explain.js";

/**
 * `h("button", {class: "primary", onclick: f, dataset: {role: "play"}}, "text", child)`.
 * Keys starting with "on" are listeners, `dataset` is spread, true and false set and omit an attribute, `tip` explains.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, any>} [props] @param {(Node | string | null | undefined | false)[]} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (key === "tip") continue;
    if (key === "dataset") Object.assign(element.dataset, value);
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(key, String(value));
  }
  element.append(...children.filter(child => child !== null && child !== undefined && child !== false));
  // Numbers that run along are read when somebody goes there: what is to be heard is announced.
  if (tag === "output" && !("aria-live" in props)) element.setAttribute("aria-live", "off");
  if (props.tip) explain(element, props.tip);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** Paths on a 24 × 24 grid, filled. @type {Record<string, string>} */
const ICONS = {
  play: "M7 4.5v15l13-7.5z",
  pause: "M6 4.5h4.2v15H6zm7.8 0H18v15h-4.2z",
  step: "M5 4.5v15l10-7.5zm11.5 0h3v15h-3z",
  back: "M19 4.5v15L9 12zM4.5 4.5h3v15h-3z",
  reverse: "M17 4.5v15L4.5 12z",
  magnifier:
    "M10 3a7 7 0 1 0 4.2 12.6l5.1 5.1 1.8-1.8-5.1-5.1A7 7 0 0 0 10 3zm0 2.6a4.4 4.4 0 1 1 0 8.8 4.4 4.4 0 0 1 0-8.8z",
  reset: "M12 5V1.5L6.5 6.5l5.5 5V8a5.5 5.5 0 1 1-5.5 5.5H3.5A8.5 8.5 0 1 0 12 5z",
  undo: "M9 4 3.5 9.5 9 15v-4h5a4 4 0 0 1 0 8H8v2.6h6A6.6 6.6 0 0 0 14 8.4H9z",
  redo: "M15 4l5.5 5.5L15 15v-4h-5a4 4 0 0 0 0 8h6v2.6h-6A6.6 6.6 0 0 1 10 8.4h5z",
  camera:
    "M9 4.5 7.4 7H4a2 2 0 0 0-2 2v9a2 2 0 0 0 2 2h16a2 2 0 0 0 2-2V9a2 2 0 0 0-2-2h-3.4L15 4.5zM12 9a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zm0 2a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  share:
    "M17 15.2a2.8 2.8 0 0 0-2 .8L9.2 12.6a3 3 0 0 0 0-1.2L15 8a2.9 2.9 0 1 0-.9-2.1l.1.7-5.8 3.4a2.9 2.9 0 1 0 0 4.1l5.8 3.4-.1.6a2.9 2.9 0 1 0 2.9-2.9z",
  sliders:
    "M3 6h9.2a3 3 0 0 1 5.6 0H21v2h-3.2a3 3 0 0 1-5.6 0H3zm0 10h3.2a3 3 0 0 1 5.6 0H21v2h-9.2a3 3 0 0 1-5.6 0H3z",
  gallery: "M3 3h8v8H3zm10 0h8v8h-8zM3 13h8v8H3zm10 0h8v8h-8z",
  book: "M4 4.5A2.5 2.5 0 0 1 6.5 2H20v16H7a1.6 1.6 0 0 0 0 2.6h13V22H6.5A2.5 2.5 0 0 1 4 19.5zM8 6v2h8V6z",
  table:
    "M5 3h14a2 2 0 0 1 2 2v4H3V5a2 2 0 0 1 2-2zM3 10.6h5.6v4.2H3zm7.2 0H21v4.2H10.2zM3 16.4h5.6V21H5a2 2 0 0 1-2-2zm7.2 0H21V19a2 2 0 0 1-2 2h-8.8z",
  dice: "M5.5 3h13A2.5 2.5 0 0 1 21 5.5v13a2.5 2.5 0 0 1-2.5 2.5h-13A2.5 2.5 0 0 1 3 18.5v-13A2.5 2.5 0 0 1 5.5 3zm2.6 3.4a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zm7.8 7.8a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4zM12 10.3a1.7 1.7 0 1 0 0 3.4 1.7 1.7 0 0 0 0-3.4z",
};

/** @param {string} name one of ICONS @returns {SVGSVGElement} */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** Change the picture of an icon made before. @param {SVGElement} svg @param {string} name */
export function setIcon(svg, name) {
  const path = svg.firstElementChild;
  if (path && path.getAttribute("d") !== ICONS[name]) path.setAttribute("d", ICONS[name]);
}

/**
 * Write only what differs, into the text node that is there: a new one would cost a new place in the layout.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  const node = element.firstChild;
  if (node?.nodeType === 3 && node === element.lastChild) {
    if (/** @type {Text} */ (node).data !== text) /** @type {Text} */ (node).data = text;
  } else if (element.textContent !== text) element.textContent = text;
}

/**
 * Write only what differs: a browser takes every writing of an attribute for a change.
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Write only what differs. @param {HTMLElement} element @param {boolean} hidden */
export function hide(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/**
 * A select's options from names, keeping its value, or with the first where that is none of them; those of a group
 * stand under its name.
 * @param {HTMLSelectElement} select
 * @param {{value: string, label: string, group?: string}[]} options
 */
export function setOptions(select, options) {
  const key = JSON.stringify(options);
  if (select.dataset.options === key) return;
  const value = select.value;
  select.dataset.options = key;
  /** @type {Map<string, HTMLOptGroupElement>} */
  const groups = new Map();
  select.replaceChildren();
  for (const {value: name, label, group = ""} of options) {
    if (group && !groups.has(group)) {
      groups.set(group, h("optgroup", {label: group}));
      select.append(/** @type {HTMLOptGroupElement} */ (groups.get(group)));
    }
    (groups.get(group) ?? select).append(h("option", {value: name}, label));
  }
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0; // as any select begins
}

/**
 * Give an element the focus that was asked for a moment ago, unless the user has gone elsewhere since.
 * @param {HTMLElement} element
 * @param {Element | null} held what had the focus when it was asked for
 */
export function focusLate(element, held) {
  const now = document.activeElement;
  if (now === null || now === held || now === document.body) element.focus({preventScroll: true});
}
