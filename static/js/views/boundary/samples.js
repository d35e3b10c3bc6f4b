// @ts-check
/**
 * Samples that are pictures: the chosen one large, what the network takes it for, and a strip of others with their
 * mistakes marked.
 */

import {divergingTable} from "../../draw/color.js";
import {h, setText} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {Seeker} from "../../model/seeker.js";
import {weightImages} from "../shared/neuron_pictures.js";
import {sampleImage} from "../shared/sample_image.js";
import {Bars} from "./bars.js";
import {Judge} from "./judge.js";
import {beside, countMistakes, mistakeAfter} from "./samples_scene.js";
import {Strip} from "./strip.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Data} Data */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("../../types").Frame} Frame */
/** What follows from layout, data, theme and language.
 * @typedef {{key: string, layout: Layout, data: Data, bars: Bars, image: ReturnType<typeof sampleImage>,
 * weights: ReturnType<typeof weightImages>, judge: Judge}} Scene */

/** px of the large picture. */
const SIDE = 168;

export class Samples {
  /** @type {State | null} */
  state = null;
  /** @type {Scene | null} */
  scene = null;
  /** Rows to page through, all where null. @type {number[] | null} */
  chosen = null;
  /** The sample in the large picture; −1 where it must be painted anew. */
  painted = -1;

  canvas = h("canvas", {class: "boundary-picture", role: "img"});
  place = h("span", {class: "boundary-place"});
  truth = h("p", {class: "boundary-truth"});
  mistakes = h("p", {class: "boundary-note boundary-mistakes"});
  previous = stepButton("‹", () => this.turn(-1));
  next = stepButton("›", () => this.turn(1));
  nextMistake = stepButton("✗ ›", () => this.scene && this.go(mistakeAfter(this.scene.judge, this.row)));

  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act, draw}) {
    this.root = root;
    this.t = t;
    this.seeker = new Seeker(row => act("sample", {row}));
    this.draw = draw;
    this.strip = new Strip(
      t,
      row => this.go(row),
      () => this.writeStrip(),
    );
    this.nextMistake.classList.add("boundary-mistake");
    this.plot = h(
      "div",
      {class: "boundary-samples"},
      h("div", {class: "boundary-sample"}, this.canvas, this.place),
      h("div", {class: "boundary-answer"}, this.truth, this.mistakes),
      h("div", {class: "boundary-steps"}, this.previous, this.strip.element, this.next, this.nextMistake),
    );
    root.append(this.plot);
  }

  /** The sample on show. */
  get row() {
    return this.state?.frame?.sample ?? 0;
  }

  /** @param {State} state @param {number[] | null} [rows] samples to page through, instead of all */
  update(state, rows = null) {
    const before = this.state;
    const other = rows !== this.chosen || state.frame?.sample !== before?.frame?.sample;
    this.state = state;
    this.chosen = rows;
    if (state.frame) this.seeker.seen(state.frame.seq);
    if (!state.layout || !state.data?.image) return;
    const anew = this.rebuild(state, state.layout, state.data);
    if (!anew) this.judge(before, state);
    if (before?.lang !== state.lang) this.words();
    this.write();
    if (other || anew) this.writeStrip();
  }

  /** Judge all samples anew, where parameters have changed. @param {State | null} before @param {State} now */
  judge(before, {frame, layout}) {
    if (frame && frame.P !== before?.frame?.P && frame.layout === layout?.id) this.scene?.judge.request(frame);
  }

  /** Begin anew with another network, other data, theme or language; whether that was so.
   * @param {State} state @param {Layout} layout @param {Data} data */
  rebuild({theme, lang, frame}, layout, data) {
    const key = JSON.stringify([layout, theme, lang]);
    if (key === this.scene?.key && this.scene.data === data) return false;
    const {judge} = this.build(key, layout, data, theme);
    if (frame) judge.request(frame);
    return true;
  }

  /**
   * @param {string} key
   * @param {Layout} layout
   * @param {Data} data
   * @param {import("../../types").Theme} theme
   */
  build(key, layout, data, theme) {
    const document = this.root.ownerDocument;
    const bars = new Bars(data.class_names, this.t("boundary.bars"));
    this.scene?.judge.destroy();
    this.scene?.bars.element.remove();
    this.truth.after(bars.element);
    this.painted = -1;
    this.strip.shown = "";
    const judge = new Judge(layout, data, this.draw, () => this.judged());
    const image = sampleImage(document, data, theme);
    const weights = weightImages(document, layout, data.image ?? [1, 1], divergingTable(theme));
    this.scene = {key, layout, data, bars, image, weights, judge};
    return this.scene;
  }

  judged() {
    this.writeMistakes();
    if (this.scene) this.strip.mark(this.scene.judge, this.row);
  }

  /** @param {number} to −1 for nowhere */
  go(to) {
    if (to >= 0) this.seeker.to(to);
  }

  /** @param {number} way */
  turn(way) {
    this.go(beside(this.chosen, this.scene?.data.n ?? 1, this.seeker.aim ?? this.row, way));
  }

  writeMistakes() {
    if (!this.scene) return;
    const {t, mistakes, nextMistake} = this;
    const {data, judge} = this.scene;
    const {train, test} = countMistakes(judge, data.train);
    setText(mistakes, t("boundary.mistakes", {train, test}));
    const counts = t("boundary.mistakes_of", {train, all: data.train, test, tests: data.n - data.train});
    explain(mistakes, counts);
    explain(nextMistake, `${t("boundary.next_mistake")}. ${counts}`);
    nextMistake.disabled = train + test === 0;
  }

  /** The chosen sample and its probabilities. */
  write() {
    const {scene, state, truth, t} = this;
    if (!scene || !state?.frame || state.frame.layout !== scene.layout.id) return;
    const {data, layout, judge, bars} = scene;
    const {frame} = state;
    const {offset} = layout.units[layout.sizes.length - 1];
    const k = frame.sample;
    const right = judge.labels[k];
    const best = bars.show(frame.A.subarray(offset, offset + data.outputs), right);
    setText(truth, t("boundary.truth", {truth: data.class_names[right], taken: data.class_names[best]}));
    truth.classList.toggle("bad", best !== right);
    const neuron = firstNeuron(state.view.hover, layout);
    if (neuron >= 0) this.writeWeights(scene, frame, neuron);
    else if (this.painted !== k) this.writePicture(scene, k);
  }

  /** @param {Scene} scene @param {number} k */
  writePicture({data, judge, image}, k) {
    const {t, canvas, place} = this;
    this.painted = k;
    setText(place, t(k < data.train ? "boundary.train_sample" : "boundary.test_sample", {n: k + 1}));
    image.draw(this.brush(), k, 0, 0, SIDE);
    const truth = data.class_names[judge.labels[k]];
    canvas.setAttribute("aria-label", t("boundary.picture", {n: k + 1, truth}));
  }

  /** The weights of a neuron in the first layer, large, while the pointer is on it.
   * @param {Scene} scene @param {Frame} frame @param {number} j */
  writeWeights({weights, layout}, frame, j) {
    this.painted = -1;
    setText(this.place, this.t("boundary.weights", {n: j + 1}));
    weights.begin(frame.P, frame.S);
    const ctx = this.brush();
    ctx.imageSmoothingEnabled = false;
    weights.draw(ctx, layout.sizes[0] + j, 0, 0, SIDE);
  }

  brush() {
    const {canvas} = this;
    if (canvas.width !== SIDE) canvas.width = canvas.height = SIDE;
    return /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  }

  writeStrip() {
    const {scene, state, strip} = this;
    if (!scene || !state) return;
    strip.write(scene, this.chosen, this.row);
    strip.mark(scene.judge, this.row);
  }

  words() {
    const {t, previous, next, nextMistake, strip, scene} = this;
    entitle(previous, t("boundary.previous"));
    entitle(next, t("boundary.next"));
    entitle(nextMistake, t("boundary.next_mistake"));
    strip.element.setAttribute("aria-label", t("boundary.strip"));
    if (scene && scene.judge.taken[0] >= 0) this.writeMistakes();
  }

  destroy() {
    this.strip.destroy();
    this.scene?.judge.destroy();
    this.plot.remove();
  }
}

/** The neuron of the first layer that the pointer is on; −1 for none.
 * @param {import("../../types").Pick | null} pick @param {Layout} layout */
function firstNeuron(pick, {sizes}) {
  return pick?.kind === "neuron" && pick.layer === 1 && pick.index < sizes[1] ? pick.index : -1;
}

/** @param {string} sign @param {() => void} onclick */
const stepButton = (sign, onclick) => h("button", {type: "button", class: "boundary-step", onclick}, sign);

/** A name for eyes and ears. @param {HTMLElement} button @param {string} words */
function entitle(button, words) {
  explain(button, words);
  button.setAttribute("aria-label", words);
}
