// @ts-check
/** Choosing what a step looks at by pressing it on the page. */

import {nameAt} from "../look.js";

/** Events that the page shall not hear of while something is chosen. */
const SILENT = ["pointerdown", "pointerup", "mousedown", "mouseup", "click", "dblclick", "touchstart"];
const OVER = "lesson-pointed";
const POINTING = "lesson-pointing";

/**
 * Wait for a press on what has a name; Escape, and a press elsewhere, end it with null.
 * @param {Document} page @returns {Promise<string | null>}
 */
export function pointAt(page) {
  /** @type {Element | null} */
  let over = null;

  /** @param {Element | null} element */
  function show(element) {
    over?.classList.remove(OVER);
    over = element;
    over?.classList.add(OVER);
  }

  return new Promise(resolve => {
    const ended = new AbortController();
    const options = {capture: true, signal: ended.signal};

    /** @param {string | null} name */
    function end(name) {
      // What the press would still cause has to be silenced too.
      setTimeout(() => ended.abort());
      show(null);
      page.documentElement.classList.remove(POINTING);
      resolve(name);
    }

    /** @param {Event} event */
    function silence(event) {
      event.preventDefault();
      event.stopPropagation();
      if (event.type === "click") end(nameAt(event.target)?.name ?? null);
    }

    page.documentElement.classList.add(POINTING);
    for (const kind of SILENT) page.addEventListener(kind, silence, options);
    page.addEventListener("pointerover", event => show(nameAt(event.target)?.element ?? null), options);
    page.addEventListener(
      "keydown",
      event => {
        if (event.key !== "Escape") return;
        event.preventDefault();
        event.stopPropagation();
        end(null);
      },
      options,
    );
  });
}
