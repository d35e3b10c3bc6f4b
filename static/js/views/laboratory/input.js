// @ts-check
/** The laboratory's keys and pointer as intentions: turn to a page, point at a layer, choose one, close. */

import {keyCursor} from "../shared/key_cursor.js";

/**
 * @typedef {object} Hands
 * @property {() => void} shut
 * @property {(page: import("./panel.js").PageName) => void} turn
 * @property {() => import("./panel.js").PageName} page that is open
 * @property {(at: {x: number, y: number} | null) => void} point the pointer is there, or has left
 * @property {() => void} press the layer that is pointed at
 * @property {(dx: number, dy: number) => boolean} move the choice up or down, or along its past; false where there are
 * no layers
 * @property {() => string} said of what is chosen
 * @property {import("../shared/key_cursor.js").Voice} voice
 */

/** @param {import("./panel.js").Panel} panel @param {Hands} hands */
export function listen({root, stage, strip, tabs, pages}, {shut, turn, page, point, press, move, said, voice}) {
  stage.addEventListener("pointermove", event => {
    const {left, top} = stage.getBoundingClientRect();
    point({x: event.clientX - left, y: event.clientY - top});
  });
  stage.addEventListener("pointerleave", () => point(null));
  stage.addEventListener("click", press);
  keyCursor(stage, "laboratory", voice, {
    move,
    said,
    leave: () => point(null),
  });
  // The arrows move along the tabs.
  strip.addEventListener("keydown", event => {
    const way = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (way === undefined) return;
    event.preventDefault();
    const next = (pages.indexOf(page()) + way + pages.length) % pages.length;
    turn(pages[next]);
    tabs[next].element.focus();
  });
  root.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    shut();
  });
}
