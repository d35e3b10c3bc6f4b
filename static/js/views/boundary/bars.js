// @ts-check
/** A bar for the probability of every class, the right one green, a wrong answer red. */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {percent} from "../../draw/format.js";

export class Bars {
  /** @param {string[]} names of the classes @param {string} label what they show */
  constructor(names, label) {
    this.rows = names.map(rowOf);
    // Where many classes have little room they scroll, by keys too.
    const region = {class: "boundary-bars", role: "group", tabindex: 0, "aria-label": label};
    this.element = h("div", region, ...this.rows.map(row => row.line));
  }

  /**
   * @param {ArrayLike<number>} p probabilities
   * @param {number} truth the right class, −1 where there is none
   * @returns {number} the most probable class
   */
  show(p, truth) {
    let best = 0;
    for (let j = 1; j < this.rows.length; j++) if (p[j] > p[best]) best = j;
    this.rows.forEach(({bar, number, line}, j) => {
      // A picture of its own size takes no new place in the layout.
      bar.style.backgroundSize = `${(100 * Math.max(0, Math.min(1, p[j])) || 0).toFixed(1)}% 100%`;
      setText(number, percent(p[j]));
      setAttribute(line, "class", `boundary-row${verdict(j, truth, best)}`);
    });
    return best;
  }
}

/** @param {string} name */
function rowOf(name) {
  const bar = h("i");
  const number = h("output");
  const track = h("span", {class: "boundary-track"}, bar);
  return {bar, number, line: h("div", {class: "boundary-row"}, h("span", {}, name), track, number)};
}

/** How a class looks. @param {number} j @param {number} truth −1 where there is none @param {number} best */
function verdict(j, truth, best) {
  if (j === truth) return " truth";
  if (j !== best) return "";
  return truth < 0 ? " best" : " wrong";
}
