// @ts-check
/**
 * Samples that are pictures: the chosen one large, what the network takes it for, and a strip of others with their
 * mistakes marked.
 */

import {divergingTable} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {createBars} from "./bars.js";
import {createJudge} from "./judge.js";
import {weightImages} from "../shared/neuron_pictures.js";
import {sampleImage} from "../shared/sample_image.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").ViewContext} ViewContext */

/** px of a thumbnail with its gap, of the large picture. */
const THUMB = 36;
const SIDE = 168;

/** @param {HTMLElement} root @param {ViewContext} context */
export function createSamples(root, {t, act, draw}) {
  const document = root.ownerDocument;
  const canvas = h("canvas", {class: "boundary-picture"});
  const strip = h("div", {class: "boundary-strip"});
  const place = h("span", {class: "boundary-place"});
  const truth = h("p", {class: "boundary-truth"});
  const mistakes = h("p", {class: "boundary-note boundary-mistakes"});
  const [previous, next, nextMistake] = [
    ["‹", -1],
    ["›", 1],
  ]
    .map(([sign, way]) =>
      h("button", {type: "button", class: "boundary-step", onclick: () => turn(Number(way))}, String(sign)),
    )
    .concat(
      h(
        "button",
        {type: "button", class: "boundary-step boundary-mistake", onclick: () => go(mistakeAfter(row()))},
        "✗ ›",
      ),
    );
  const answer = h("div", {class: "boundary-answer"}, truth, mistakes);
  const plot = h(
    "div",
    {class: "boundary-samples"},
    h("div", {class: "boundary-sample"}, canvas, place),
    answer,
    h("div", {class: "boundary-steps"}, previous, strip, next, nextMistake),
  );
  root.append(plot);
  /** @type {State | null} */
  let state = null;
  /** Everything that follows from layout, data and theme. @type {ReturnType<typeof build> | null} */
  let scene = null;
  /** @type {ReturnType<typeof createJudge> | null} */
  let judge = null;
  /** rows to page through, all where null @type {number[] | null} */
  let chosen = null;
  let built = "";
  let width = 0;
  let stripKey = "";
  let painted = -1;

  const row = () => state?.frame?.sample ?? 0;

  /** @param {State} of */
  function build(of) {
    const layout = /** @type {import("../../types").Layout} */ (of.layout);
    const data = /** @type {Data} */ (of.data);
    const bars = createBars(data.class_names);
    judge?.destroy();
    answer.querySelector(".boundary-bars")?.remove();
    truth.after(bars.element);
    judge = createJudge(layout, data, draw, () => {
      writeMistakes();
      markStrip();
    });
    return {
      layout,
      data,
      bars,
      image: sampleImage(document, data, of.theme),
      weights: weightImages(document, layout, data.image ?? [1, 1], divergingTable(of.theme)),
      labels: judge.labels,
      taken: judge.taken,
    };
  }

  /** @param {number} to */
  function go(to) {
    if (to >= 0) act("sample", {row: to});
  }

  /** The sample before or after, of those to page through. @param {number} way */
  function turn(way) {
    const count = chosen?.length ?? scene?.data.n ?? 1;
    const at = chosen ? chosen.indexOf(row()) : row();
    const to = (Math.max(at, way < 0 ? 0 : -1) + way + count) % count;
    go(chosen ? chosen[to] : to);
  }

  /**
   * The next sample that the network takes for something else.
   * @param {number} after
   * @returns {number} −2 if there is none
   */
  function mistakeAfter(after) {
    if (!scene) return -2;
    const {
      data: {n},
      taken,
      labels,
    } = scene;
    for (let k = 1; k <= n; k++) {
      const at = (after + k) % n;
      if (taken[at] >= 0 && taken[at] !== labels[at]) return at;
    }
    return -2;
  }

  function writeMistakes() {
    if (!scene) return;
    const {data, taken, labels} = scene;
    let [inTraining, inTest] = [0, 0];
    for (let k = 0; k < data.n; k++) if (taken[k] !== labels[k]) k < data.train ? inTraining++ : inTest++;
    setText(mistakes, t("boundary.mistakes", {train: inTraining, test: inTest}));
    mistakes.title = t("boundary.mistakes_of", {
      train: inTraining,
      all: data.train,
      test: inTest,
      tests: data.n - data.train,
    });
    nextMistake.title = `${t("boundary.next_mistake")}. ${mistakes.title}`;
    nextMistake.disabled = inTraining + inTest === 0;
  }

  /** The chosen sample and its probabilities. */
  function write() {
    if (!scene || !state?.frame || state.frame.layout !== scene.layout.id) return;
    const {data, layout, labels, image} = scene;
    const {frame} = state;
    const {offset} = layout.units[layout.sizes.length - 1];
    const k = frame.sample;
    const best = scene.bars.show(frame.A.subarray(offset, offset + data.outputs), labels[k]);
    setText(truth, t("boundary.truth", {truth: data.class_names[labels[k]], taken: data.class_names[best]}));
    truth.classList.toggle("bad", best !== labels[k]);
    const pick = state.view.hover;
    const neuron = pick?.kind === "neuron" && pick.layer === 1 && pick.index < layout.sizes[1] ? pick.index : -1;
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
    const {data, image, labels} = scene;
    const all = chosen?.length ?? data.n;
    const count = Math.min(all, Math.max(1, Math.floor(width / THUMB)));
    const at = chosen ? Math.max(0, chosen.indexOf(row())) : row();
    const first = Math.min(Math.floor(at / count) * count, Math.max(0, all - count));
    const key = JSON.stringify([built, count, first, chosen]);
    if (key !== stripKey) {
      stripKey = key;
      strip.replaceChildren(
        ...Array.from({length: count}, (_, i) => {
          const thumb = h("canvas", {width: 32, height: 32});
          const k = chosen?.[first + i] ?? first + i;
          image.draw(/** @type {CanvasRenderingContext2D} */ (thumb.getContext("2d")), k, 0, 0, 32);
          return h(
            "button",
            {
              type: "button",
              class: "boundary-thumb",
              dataset: {row: k},
              title: t("boundary.picture", {n: k + 1, truth: data.class_names[labels[k]]}),
              onclick: () => act("sample", {row: k}),
            },
            thumb,
          );
        }),
      );
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
    for (const [button, key] of /** @type {[HTMLElement, string][]} */ ([
      [previous, "boundary.previous"],
      [next, "boundary.next"],
      [nextMistake, "boundary.next_mistake"],
    ])) {
      button.title = t(key);
      button.setAttribute("aria-label", t(key));
    }
    strip.setAttribute("aria-label", t("boundary.strip"));
    if (scene && scene.taken[0] >= 0) writeMistakes();
  }

  const observer = new ResizeObserver(() => {
    width = strip.clientWidth;
    writeStrip();
  });
  observer.observe(strip);

  return {
    /** @param {State} following @param {number[] | null} [rows] samples to page through, instead of all */
    update(following, rows = null) {
      const before = state;
      const other = rows !== chosen;
      state = following;
      chosen = rows;
      if (!following.layout || !following.data?.image) return;
      const key = JSON.stringify([following.layout, following.theme, following.lang]);
      if (key !== built || scene?.data !== following.data) {
        scene = build(following);
        [built, painted] = [key, -1];
        if (following.frame) judge?.request(following.frame);
      }
      if (before?.lang !== following.lang) words();
      if (following.frame && following.frame.P !== before?.frame?.P && following.frame.layout === following.layout.id)
        judge?.request(following.frame);
      write();
      if (
        other ||
        following.frame?.sample !== before?.frame?.sample ||
        (scene && stripKey === "") ||
        !stripKey.includes(JSON.stringify(built).slice(1, -1))
      )
        writeStrip();
    },
    destroy() {
      observer.disconnect();
      judge?.destroy();
      plot.remove();
    },
  };
}
