// @ts-check
/**
 * A landscape where a network would stand: its formula, and the computation graph from x and y to f with the numbers of
 * this very step,
 * forward and backward; under it what the optimizer made of the last gradient. */

import {h, setText} from "../../draw/dom.js";
import {plain} from "../../draw/format.js";
import {GRAPHS, nearest, passThrough} from "../../maths/landscapes.js";
import {calmly} from "../../draw/plot.js";
import {formula} from "./formula.js";

/** @typedef {import("../../types").State} State */
/** @typedef {{element: HTMLElement, value: HTMLElement, slope: HTMLElement}} Box */
/**
 * @typedef {{line: SVGPathElement, label: HTMLElement, from: number, to: number}} Edge from a parameter (0, 1) to a
 * part, or from a part to f (−1)
 */

const SVG = "http://www.w3.org/2000/svg";
const REST = 50;
const NAMES = /** @type {const} */ (["x", "y"]);

/** @param {number} x */
const number = x => plain(x, 3);

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function landscapeView(root, {t, draw}) {
  const title = h("strong");
  const whole = h("span", {class: "landscape-formula"});
  const about = h("p", {class: "landscape-about"});
  const lines = document.createElementNS(SVG, "svg");
  lines.setAttribute("aria-hidden", "true");
  const stage = h("div", {class: "landscape-stage", role: "img"});
  stage.append(lines);
  const ways = {
    forward: h("span", {class: "landscape-way", dataset: {way: "forward"}}),
    backward: h("span", {class: "landscape-way", dataset: {way: "backward"}}),
  };
  const heads = ["landscape.step", "landscape.now", "landscape.gradient", "landscape.update", "landscape.rate"].map(
    key => ({key, cell: h("th", {scope: "col"})}),
  );
  const rows = NAMES.map(name => ({
    name,
    cells: ["now", "gradient", "update", "rate"].map(what => h("td", {dataset: {role: `landscape-${what}-${name}`}})),
  }));
  const table = h(
    "table",
    {class: "landscape-table"},
    h("thead", {}, h("tr", {}, ...heads.map(({cell}) => cell))),
    h("tbody", {}, ...rows.map(({name, cells}) => h("tr", {}, h("th", {scope: "row"}, name), ...cells))),
  );
  const where = h("p", {class: "landscape-where", dataset: {role: "landscape-where"}});
  root.append(
    h("div", {class: "landscape-head"}, h("div", {class: "landscape-name"}, title, whole), about),
    stage,
    h("div", {class: "landscape-ways"}, ways.forward, ways.backward),
    h("div", {class: "landscape-foot"}, table, where),
  );

  /** @type {State | null} */ let state = null;
  let name = "";
  let lang = "";
  let width = 0;
  let height = 0;
  let key = "";
  /** @type {Box[]} x, y, the parts, f */ let boxes = [];
  /** @type {Edge[]} */ let edges = [];
  const painter = calmly(paint, REST, draw);
  const observer = new ResizeObserver(([{contentRect}]) => {
    width = contentRect.width;
    height = contentRect.height;
    arrange();
    paint();
  });
  observer.observe(stage);

  /** @param {string} label @param {string} text formula of what is in it @param {string} kind @returns {Box} */
  function box(label, text, kind) {
    const value = h("output", {class: "landscape-value"});
    const slope = h("output", {class: "landscape-slope"});
    const head = h("div", {class: "landscape-what"}, formula(text ? `${label} = ${text}` : label));
    return {
      element: h("div", {class: "landscape-box", dataset: {kind, role: `landscape-${label}`}}, head, value, slope),
      value,
      slope,
    };
  }

  /** Boxes and lines of a landscape. */
  function build() {
    const graph = GRAPHS[name];
    boxes = [
      ...NAMES.map(label => box(label, "", "parameter")),
      ...graph.parts.map(p => box(p.name, p.text, "part")),
      box("f", graph.sum, "value"),
    ];
    stage.dataset.parts = String(graph.parts.length);
    edges = [];
    graph.parts.forEach((p, k) => {
      if (p.dx) edges.push(edge(0, k));
      if (p.dy) edges.push(edge(1, k));
      edges.push(edge(k, -1));
    });
    lines.replaceChildren(...edges.map(({line}) => line));
    stage.replaceChildren(lines, ...boxes.map(({element}) => element), ...edges.map(({label}) => label));
    whole.replaceChildren(formula(`f = ${graph.text}`));
    arrange();
  }

  /** @param {number} from @param {number} to @returns {Edge} */
  function edge(from, to) {
    const line = /** @type {SVGPathElement} */ (document.createElementNS(SVG, "path"));
    const {parts} = GRAPHS[name];
    const title = to < 0 ? `∂f/∂${parts[from].name}` : `∂${parts[to].name}/∂${NAMES[from]}`;
    return {line, label: h("span", {class: "landscape-factor", title}), from, to};
  }

  /** Places of the boxes, and lines between them. */
  function arrange() {
    if (!boxes.length || width < 40 || height < 40) return;
    const count = boxes.length - 3;
    const narrow = width < 460;
    const wide = [narrow ? 82 : 138, narrow ? 120 : 172, narrow ? 82 : 204];
    const gap = (width - wide[0] - wide[1] - wide[2] - 8) / 2;
    const lefts = [4, 4 + wide[0] + gap, 4 + wide[0] + wide[1] + 2 * gap];
    const rowsOf = (/** @type {number} */ n, /** @type {number} */ k) => (height * (k + 0.5)) / n;
    const at = boxes.map((_, i) =>
      i < 2
        ? {column: 0, y: rowsOf(2, i)}
        : i < 2 + count
          ? {column: 1, y: rowsOf(count, i - 2)}
          : {column: 2, y: height / 2},
    );
    boxes.forEach(({element}, i) => {
      element.style.left = `${lefts[at[i].column]}px`;
      element.style.top = `${at[i].y}px`;
      element.style.width = `${wide[at[i].column]}px`;
    });
    lines.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const {line, label, from, to} of edges) {
      const a = at[to < 0 ? from + 2 : from];
      const b = at[to < 0 ? boxes.length - 1 : to + 2];
      const x0 = lefts[a.column] + wide[a.column];
      const x1 = lefts[b.column];
      const bend = (x1 - x0) * 0.45;
      const spread = to < 0 ? 0 : (from - 0.5) * 16;
      const y1 = b.y + (to < 0 ? (from - (count - 1) / 2) * 14 : spread);
      line.setAttribute("d", `M${x0} ${a.y}C${x0 + bend} ${a.y} ${x1 - bend} ${y1} ${x1} ${y1}`);
      const s = to < 0 ? 0.5 : 0.72;
      const q = 1 - s;
      const mix = (/** @type {number[]} */ [p0, p1, p2, p3]) =>
        q ** 3 * p0 + 3 * q * q * s * p1 + 3 * q * s * s * p2 + s ** 3 * p3;
      label.style.left = `${mix([x0, x0 + bend, x1 - bend, x1])}px`;
      label.style.top = `${mix([a.y, a.y, y1, y1])}px`;
    }
  }

  function paint() {
    const frame = state?.frame;
    const exact = frame?.exact;
    if (!state || !frame || !exact || !boxes.length) return;
    const [x, y] = exact.P;
    const found = passThrough(name, x, y);
    const all = [x, y, ...found.parts.map(p => p.value), found.value];
    const slopes = [...found.gradient, ...found.parts.map(p => p.slope), 1];
    const labels = [...NAMES, ...GRAPHS[name].parts.map(p => p.name), "f"];
    boxes.forEach(({value, slope}, i) => {
      setText(value, number(all[i]));
      setText(slope, `∂f/∂${labels[i]} ${number(slopes[i])}`);
    });
    const flows = edges.map(({from, to}) =>
      to < 0
        ? found.parts[from].slope
        : /** @type {number} */ (found.parts[to][from ? "dy" : "dx"]) * found.parts[to].slope,
    );
    const most = Math.max(...flows.map(Math.abs).filter(Number.isFinite), 1e-300);
    edges.forEach(({line, label, from, to}, k) => {
      const factor = to < 0 ? found.parts[from].slope : /** @type {number} */ (found.parts[to][from ? "dy" : "dx"]);
      setText(label, `×${number(factor)}`);
      const shown = `${(1 + 3.5 * Math.sqrt(Math.min(1, Math.abs(flows[k]) / most) || 0)).toFixed(1)}`;
      if (line.dataset.wide !== shown) {
        line.dataset.wide = shown;
        line.style.strokeWidth = shown;
      }
      const sign = flows[k] < 0 ? "negative" : flows[k] > 0 ? "positive" : "zero";
      if (line.dataset.sign !== sign) line.dataset.sign = sign;
    });
    foot(state, exact, frame.step === 0, found.value);
    describe.request();
  }

  /**
   * @param {State} state
   * @param {NonNullable<import("../../types").Frame["exact"]>} exact
   * @param {boolean} none whether no step was taken yet
   * @param {number} value
   */
  function foot({options, status}, {P, G, U}, none, value) {
    const [x, y] = P;
    rows.forEach(({cells: [now, gradient, update, rate]}, i) => {
      setText(now, plain(P[i], 6));
      setText(gradient, none ? "–" : number(G[i]));
      setText(update, none ? "–" : number(U[i]));
      setText(rate, none || G[i] === 0 || status.kind === "diverged" ? "–" : number(-U[i] / G[i]));
    });
    const entry = options?.landscapes.find(one => one.name === name);
    const near = nearest(entry?.minima ?? [], x, y);
    if (!entry || entry.lowest === null || !near) return setText(where, t("landscape.no_bottom"));
    setText(
      where,
      `${t("landscape.distance", {x: plain(near.x, 4), y: plain(near.y, 4), d: number(near.distance)})} · ${t("landscape.gap", {d: number(Math.max(0, value - entry.lowest))})}`,
    );
  }

  /** The picture in words, for those who cannot see it. */
  const describe = calmly(
    () => {
      if (!state?.frame?.exact) return;
      const [x, y] = state.frame.exact.P;
      const {
        value,
        gradient: [dx, dy],
      } = passThrough(name, x, y);
      stage.setAttribute(
        "aria-label",
        t("landscape.aria", {
          name: t(`dataset.${name}`),
          x: number(x),
          y: number(y),
          f: number(value),
          dx: number(dx),
          dy: number(dy),
        }),
      );
    },
    1000,
    draw,
  );

  /** @param {State} state */
  function words({config}) {
    setText(title, t(`dataset.${name}`));
    setText(about, t(`landscape.about_${name}`));
    setText(ways.forward, t("landscape.forward"));
    setText(ways.backward, t("landscape.backward"));
    for (const {key, cell} of heads) {
      const noisy = key === "landscape.gradient" && config && config.gradient_noise > 0;
      setText(
        cell,
        t(noisy ? "landscape.gradient_noisy" : key, {optimizer: t(`optimizer.${config?.optimizer.name ?? "sgd"}`)}),
      );
    }
    heads[4].cell.title = t("landscape.rate_title");
  }

  return {
    update(next) {
      state = next;
      const wanted = next.layout?.landscape ?? "";
      if (!wanted || !GRAPHS[wanted]) return;
      const fresh = wanted !== name;
      const now = `${wanted} ${next.lang} ${next.config?.optimizer.name} ${Boolean(next.config?.gradient_noise)}`;
      if (fresh) {
        name = wanted;
        build();
      }
      if (now !== key) {
        key = now;
        words(next);
      }
      if (fresh || lang !== next.lang) paint();
      else painter.request();
      lang = next.lang;
    },
    destroy() {
      painter.cancel();
      describe.cancel();
      observer.disconnect();
      root.replaceChildren();
    },
  };
}
