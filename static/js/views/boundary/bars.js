// @ts-check
/** A bar for the probability of every class, the right one green, a wrong answer red. */

import {h, setAttribute, setText} from "../../draw/dom.js";
import {percent} from "../../draw/format.js";

/** @param {string[]} names of the classes */
export function createBars(names) {
  const rows = names.map(name => {
    const bar = h("i");
    const number = h("output");
    return {
      bar,
      number,
      line: h("div", {class: "boundary-row"}, h("span", {}, name), h("span", {class: "boundary-track"}, bar), number),
    };
  });
  return {
    element: h("div", {class: "boundary-bars"}, ...rows.map(row => row.line)),
    /**
     * @param {ArrayLike<number>} p probabilities
     * @param {number} truth the right class, −1 where there is none
     * @returns {number} the most probable class
     */
    show(p, truth) {
      let best = 0;
      for (let j = 1; j < rows.length; j++) if (p[j] > p[best]) best = j;
      rows.forEach(({bar, number, line}, j) => {
        bar.style.backgroundSize = `${(100 * Math.max(0, Math.min(1, p[j])) || 0).toFixed(1)}% 100%`; // a picture of its own, no new place in the layout
        setText(number, percent(p[j]));
        setAttribute(
          line,
          "class",
          `boundary-row${j === truth ? " truth" : j !== best ? "" : truth < 0 ? " best" : " wrong"}`,
        );
      });
      return best;
    },
  };
}
