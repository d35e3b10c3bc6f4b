// @ts-check
/** Under the graph: what the optimizer made of the last gradient, for x and for y, and how far the lowest point is. */

import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {plain} from "../../draw/format.js";
import {nearest} from "../../maths/landscapes.js";
import {NAMES} from "./scene.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").ViewContext["t"]} Translate */

const HEADS = ["landscape.step", "landscape.now", "landscape.gradient", "landscape.update", "landscape.rate"];
const COLUMNS = ["now", "gradient", "update", "rate"];
const NOTHING = "–";

/** @param {number} x */
const number = x => plain(x, 3);
/** Six digits, but no more than three beside a power of ten. @param {number} x */
const place = x => (Math.abs(x) < 1e-4 || Math.abs(x) >= 1e6 ? number(x) : plain(x, 6));

/** @param {Translate} t */
export function createTable(t) {
  const heads = HEADS.map(key => ({key, cell: h("th", {scope: "col"})}));
  const rows = NAMES.map(name => COLUMNS.map(what => h("td", {dataset: {role: `landscape-${what}-${name}`}})));
  const table = h(
    "table",
    {class: "landscape-table"},
    h("thead", {}, h("tr", {}, ...heads.map(({cell}) => cell))),
    h("tbody", {}, ...NAMES.map((name, i) => h("tr", {}, h("th", {scope: "row"}, name), ...rows[i]))),
  );
  const where = h("p", {class: "landscape-where", dataset: {role: "landscape-where"}});
  return {
    element: h("div", {class: "landscape-foot"}, table, where),
    /**
     * @param {State} state with a frame that has exact numbers
     * @param {string} name of the landscape
     * @param {number} value of f
     */
    show(state, name, value) {
      const texts = textsOf(state);
      rows.forEach((cells, i) => cells.forEach((cell, k) => setText(cell, texts[i][k])));
      setText(where, whereabouts(state, name, value, t));
    },
    /** @param {State["config"]} config */
    words(config) {
      const optimizer = t(`optimizer.${config?.optimizer.name ?? "sgd"}`);
      const noisy = config !== null && config.gradient_noise > 0;
      for (const {key, cell} of heads)
        setText(cell, t(noisy && key === "landscape.gradient" ? "landscape.gradient_noisy" : key, {optimizer}));
      explain(heads[4].cell, t("landscape.rate_title"));
    },
  };
}

/**
 * Per parameter: where it is, the last gradient, the last step, and by what the optimizer multiplied.
 * @param {Pick<State, "frame" | "status">} state
 * @returns {string[][]}
 */
export function textsOf({frame, status}) {
  if (!frame?.exact) return NAMES.map(() => COLUMNS.map(() => NOTHING));
  const {P, G, U} = frame.exact;
  const stepped = frame.step > 0;
  return NAMES.map((_, i) => [
    place(P[i]),
    stepped ? number(G[i]) : NOTHING,
    stepped ? number(U[i]) : NOTHING,
    stepped && G[i] !== 0 && status.kind !== "diverged" ? number(-U[i] / G[i]) : NOTHING,
  ]);
}

/**
 * How far the lowest point is, where there is one.
 * @param {State} state
 * @param {string} name
 * @param {number} value
 * @param {Translate} t
 */
function whereabouts({options, frame}, name, value, t) {
  const [x, y] = frame?.exact?.P ?? [NaN, NaN];
  const entry = options?.landscapes.find(one => one.name === name);
  const near = nearest(entry?.minima ?? [], x, y);
  if (!entry || entry.lowest === null || !near) return t("landscape.no_bottom");
  const distance = t("landscape.distance", {x: plain(near.x, 4), y: plain(near.y, 4), d: number(near.distance)});
  return `${distance} · ${t("landscape.gap", {d: number(Math.max(0, value - entry.lowest))})}`;
}
