// @ts-check
/** Samples that are pictures: the chosen one large, what the network takes it for, and a strip of others with their mistakes marked. */

import {divergingTable} from "../color.js";
import {h, setText} from "../dom.js";
import {percent} from "../format.js";
import {createSweep, firstUnits, loadSamples} from "../forward.js";
import {weightImages} from "./network_maps.js";
import {sampleImage} from "./network_nodes.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").Data} Data */
/** @typedef {import("../types").ViewContext} ViewContext */

/** Samples judged at a time, ms of judging per animation frame, ms between two judgements of all, px of a thumbnail with its gap, of the large picture. */
const BLOCK = 64, BUDGET = 0.5, GAP = 600, THUMB = 36, SIDE = 168;

/** @param {HTMLElement} root @param {ViewContext} context */
export function createSamples(root, {t, act}) {
  const document = root.ownerDocument, canvas = h("canvas", {class: "boundary-picture"}), bars = h("div", {class: "boundary-bars"}), strip = h("div", {class: "boundary-strip"});
  const place = h("span", {class: "boundary-place"}), truth = h("p", {class: "boundary-truth"}), mistakes = h("p", {class: "boundary-note"});
  const [previous, next, nextMistake] = [["‹", -1], ["›", 1]].map(([sign, way]) => h("button", {type: "button", class: "boundary-step", onclick: () => go(row() + Number(way))}, String(sign)))
    .concat(h("button", {type: "button", class: "boundary-step boundary-mistake", onclick: () => go(mistakeAfter(row()))}, "✗ ›"));
  const plot = h("div", {class: "boundary-samples"},
    h("div", {class: "boundary-sample"}, canvas, place),
    h("div", {class: "boundary-answer"}, truth, bars, h("div", {class: "boundary-mistakes"}, mistakes, nextMistake)),
    h("div", {class: "boundary-steps"}, previous, strip, next));
  root.append(plot);
  /** @type {State | null} */
  let state = null;
  /** Everything that follows from layout, data and theme. @type {ReturnType<typeof build> | null} */
  let scene = null;
  let built = "", width = 0, stripKey = "", pending = 0, since = -Infinity, from = -1, painted = -1, stale = false;

  const row = () => state?.frame?.sample ?? 0;

  /** @param {State} of */
  function build(of) {
    const layout = /** @type {import("../types").Layout} */ (of.layout), data = /** @type {Data} */ (of.data), sweep = createSweep(layout, BLOCK), outputs = firstUnits(layout.sizes)[layout.sizes.length - 1];
    bars.replaceChildren(...data.class_names.map(name => h("div", {class: "boundary-row"}, h("span", {}, name), h("span", {class: "boundary-track"}, h("i")), h("output"))));
    return {layout, data, sweep, outputs, image: sampleImage(document, data, of.theme), weights: weightImages(document, layout, data.image ?? [1, 1], divergingTable(of.theme)), labels: labelsOf(data),
      /** what each sample is taken for, −1 while unknown */ taken: new Int16Array(data.n).fill(-1)};
  }

  /** @param {number} to */
  function go(to) {
    const count = scene?.data.n ?? 1;
    if (to >= 0) act("sample", {row: (to + count) % count});
    else if (to === -1 && row() === 0) act("sample", {row: count - 1});
  }

  /** The next sample that the network takes for something else. @param {number} after @returns {number} −2 if there is none */
  function mistakeAfter(after) {
    if (!scene) return -2;
    const {data: {n}, taken, labels} = scene;
    for (let k = 1; k <= n; k++) {
      const at = (after + k) % n;
      if (taken[at] >= 0 && taken[at] !== labels[at]) return at;
    }
    return -2;
  }

  /** Judge all samples, a block at a time. */
  function tick() {
    pending = 0;
    if (!scene || !state?.frame || state.frame.layout !== scene.layout.id || document.hidden) return;
    const now = performance.now(), {data, sweep, outputs, taken} = scene, inputs = data.inputs;
    if (from < 0 && stale && now - since >= GAP) {
      [from, since, stale] = [0, now, false];
      sweep.start(state.frame.P, state.frame.S);
      loadSamples(sweep, data.X, inputs, 0, Math.min(BLOCK, data.n));
    }
    while (from >= 0 && from < data.n && sweep.advance(now + BUDGET)) {
      const count = Math.min(BLOCK, data.n - from);
      for (let p = 0; p < count; p++) {
        let best = 0;
        for (let j = 1; j < data.outputs; j++) if (sweep.rows[outputs + j][p] > sweep.rows[outputs + best][p]) best = j;
        taken[from + p] = best;
      }
      from += BLOCK;
      if (from >= data.n) break;
      loadSamples(sweep, data.X, inputs, from, Math.min(BLOCK, data.n - from));
      sweep.start(state.frame.P, state.frame.S);
      if (performance.now() > now + BUDGET) break;
    }
    if (from >= data.n) {
      from = -1;
      writeMistakes();
      markStrip();
    }
    if (from >= 0) again();
    else if (stale) window.setTimeout(again, GAP);
  }

  function again() {
    if (!pending) pending = requestAnimationFrame(tick);
  }

  function writeMistakes() {
    if (!scene) return;
    const {data, taken, labels} = scene;
    let [inTraining, inTest] = [0, 0];
    for (let k = 0; k < data.n; k++) if (taken[k] !== labels[k]) k < data.train ? inTraining++ : inTest++;
    setText(mistakes, t("boundary.mistakes", {train: inTraining, test: inTest}));
    mistakes.title = t("boundary.mistakes_of", {train: inTraining, all: data.train, test: inTest, tests: data.n - data.train});
    nextMistake.disabled = inTraining + inTest === 0;
  }

  /** The chosen sample and its probabilities. */
  function write() {
    if (!scene || !state?.frame || state.frame.layout !== scene.layout.id) return;
    const {data, layout, labels, image} = scene, {frame} = state, {offset} = layout.units[layout.sizes.length - 1], k = frame.sample;
    let best = 0;
    for (let j = 1; j < data.outputs; j++) if (frame.A[offset + j] > frame.A[offset + best]) best = j;
    [...bars.children].forEach((line, j) => {
      const [, track, number] = line.children, p = frame.A[offset + j];
      /** @type {HTMLElement} */ (track.firstElementChild).style.transform = `scaleX(${Math.max(0, Math.min(1, p)) || 0})`;
      setText(number, percent(p));
      line.className = `boundary-row${j === labels[k] ? " truth" : j === best ? " wrong" : ""}`;
    });
    setText(truth, t("boundary.truth", {truth: data.class_names[labels[k]], taken: data.class_names[best]}));
    truth.classList.toggle("bad", best !== labels[k]);
    const pick = state.view.hover, neuron = pick?.kind === "neuron" && pick.layer === 1 && pick.index < layout.sizes[1] ? pick.index : -1;
    if (neuron >= 0) writeWeights(neuron);
    else if (painted !== k) {
      painted = k;
      setText(place, t(k < data.train ? "boundary.train_sample" : "boundary.test_sample", {n: k + 1}));
      image.draw(brush(), k, 0, 0, SIDE);
      canvas.setAttribute("aria-label", t("boundary.picture", {n: k + 1, truth: data.class_names[labels[k]]}));
    }
  }

  /** The weights of a neuron in the first layer, large, while the pointer is on it. @param {number} j */
  function writeWeights(j) {
    if (!scene || !state?.frame) return;
    painted = -1;
    setText(place, t("boundary.weights", {n: j + 1}));
    scene.weights.begin(state.frame.P, state.frame.S);
    const ctx = brush();
    ctx.imageSmoothingEnabled = false;
    scene.weights.draw(ctx, scene.layout.sizes[0] + j, 0, 0, SIDE);
  }

  function brush() {
    if (canvas.width !== SIDE) canvas.width = canvas.height = SIDE;
    return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  /** Thumbnails of the page of samples that holds the chosen one. */
  function writeStrip() {
    if (!scene || !state) return;
    const {data, image, labels} = scene, count = Math.max(1, Math.floor(width / THUMB)), first = Math.min(Math.floor(row() / count) * count, Math.max(0, data.n - count));
    const key = JSON.stringify([built, count, first]);
    if (key !== stripKey) {
      stripKey = key;
      strip.replaceChildren(...Array.from({length: Math.min(count, data.n)}, (_, i) => {
        const thumb = h("canvas", {width: 32, height: 32}), k = first + i;
        image.draw(/** @type {CanvasRenderingContext2D} */ (thumb.getContext("2d")), k, 0, 0, 32);
        return h("button", {type: "button", class: "boundary-thumb", dataset: {row: k}, title: t("boundary.picture", {n: k + 1, truth: data.class_names[labels[k]]}), onclick: () => act("sample", {row: k})}, thumb);
      }));
    }
    markStrip();
  }

  function markStrip() {
    if (!scene) return;
    for (const thumb of /** @type {HTMLElement[]} */ ([...strip.children])) {
      const k = Number(thumb.dataset.row);
      thumb.setAttribute("aria-pressed", String(k === row()));
      thumb.classList.toggle("wrong", scene.taken[k] >= 0 && scene.taken[k] !== scene.labels[k]);
    }
  }

  function words() {
    for (const [button, key] of /** @type {[HTMLElement, string][]} */ ([[previous, "boundary.previous"], [next, "boundary.next"], [nextMistake, "boundary.next_mistake"]])) {
      button.title = t(key);
      button.setAttribute("aria-label", t(key));
    }
    strip.setAttribute("aria-label", t("boundary.strip"));
    if (scene && since > 0) writeMistakes();
  }

  const observer = new ResizeObserver(() => {
    width = strip.clientWidth;
    writeStrip();
  });
  observer.observe(strip);
  document.addEventListener("visibilitychange", again);

  return {
    /** @param {State} following */
    update(following) {
      const before = state;
      state = following;
      if (!following.layout || !following.data?.image) return;
      const key = JSON.stringify([following.layout, following.theme, following.lang]);
      if (key !== built || scene?.data !== following.data) {
        scene = build(following);
        [built, painted, from, stale, since] = [key, -1, -1, true, -Infinity];
      }
      if (before?.lang !== following.lang) words();
      if (following.frame !== before?.frame || key !== built) stale = true;
      write();
      if (following.frame?.sample !== before?.frame?.sample || scene && stripKey === "" || !stripKey.includes(JSON.stringify(built).slice(1, -1))) writeStrip();
      again();
    },
    destroy() {
      cancelAnimationFrame(pending);
      observer.disconnect();
      document.removeEventListener("visibilitychange", again);
      plot.remove();
    },
  };
}

/** Class of every sample. @param {Data} data */
function labelsOf({y, n, outputs}) {
  return Int16Array.from({length: n}, (_, k) => {
    let best = 0;
    for (let j = 1; j < outputs; j++) if (y[k * outputs + j] > y[k * outputs + best]) best = j;
    return best;
  });
}
