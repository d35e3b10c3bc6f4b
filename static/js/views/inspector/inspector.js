// @ts-check
/**
 * The inspector: opens beside the diagram when a weight or neuron is clicked, and shows where its gradient comes from
 * while training goes on.
 */

import {palette as readPalette} from "../../draw/plot.js";
import {exists} from "../shared/symbols.js";
import {Card} from "./card.js";
import {DerivativeSection} from "./derivative.js";
import {Dock} from "./dock.js";
import {NeuronSection} from "./neuron.js";
import {keyOf, targetOf} from "./places.js";
import {isParameter, pointsOf} from "./scene.js";
import {ValueSection} from "./value.js";
import {Watch} from "./watch.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Pick} Pick */
/** @typedef {import("./scene.js").Scene} Scene */

/** What of the state changes the card besides frames. */
const SHOWN = /** @type {const} */ (["view", "lang", "theme", "config"]);

/**
 * @param {HTMLElement} root
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function inspectorView(root, context) {
  return new Inspector(root, context);
}

class Inspector {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, context) {
    const {t, act, choose} = context;
    this.root = root;
    this.t = t;
    this.act = act;
    this.choose = choose;
    /** @type {State | null} */
    this.state = null;
    /** @type {import("../../draw/plot.js").Palette | null} */
    this.palette = null;
    /** The theme of the palette, and what the card's names were made of. */
    this.themed = "";
    this.named = "";
    /** The newest frame that was looked at. */
    this.seq = -1;
    /** Whether something is highlighted in the diagram. */
    this.pointing = false;
    this.watch = new Watch(act, () => this.show());
    const hands = {
      t,
      point: this.point.bind(this),
      leave: () => this.leave(),
      toggle: (/** @type {string} */ place) => this.watch.toggle(place),
      sample: (/** @type {number} */ row) => act("sample", {row}).then(() => this.setOver("sample")),
    };
    this.neuron = new NeuronSection(context, hands, () => this.show());
    const openGraph = () => choose({graph: ""});
    this.derivative = new DerivativeSection(t, hands, () => this.measure(), openGraph);
    this.value = new ValueSection(context);
    this.card = new Card(
      {close: () => this.close(), setOver: over => this.setOver(over), select: pick => choose({selected: pick})},
      [this.neuron.element, this.value.element, this.derivative.element, this.value.step.element],
    );
    root.append(this.card.element);
    this.dock = new Dock(root, this.card.element);
  }

  close() {
    this.choose({selected: null, highlight: null});
  }

  /** @param {"sample" | "batch"} over */
  setOver(over) {
    if (!this.watch.setOver(over)) return;
    this.forget();
    this.watch.ask();
  }

  /** @param {Pick[]} picks @param {"forward" | "backward"} flow */
  point(picks, flow) {
    this.pointing = true;
    this.choose({highlight: {picks, flow}});
  }

  leave() {
    if (this.pointing) this.choose({highlight: null});
    this.pointing = false;
  }

  /** Differences of the loss, measured now; what they say belongs to this step. */
  async measure() {
    const {pick, over} = this.watch;
    if (!pick) return;
    const asked = keyOf(pick, over);
    this.derivative.showChecking(true);
    const reply = await this.act("difference", {target: targetOf(pick), over});
    this.derivative.showChecking(false);
    const now = this.watch.pick;
    if (reply.ok === false || !now || asked !== keyOf(now, this.watch.over)) return;
    this.derivative.sayMeasured(reply);
  }

  /** What was shown no longer holds, and is not seen until the answer has come. */
  forget() {
    this.card.wait(this.t);
    for (const section of [this.derivative, this.neuron, this.value]) section.clear();
  }

  /** @param {Pick | null} pick */
  open(pick) {
    this.watch.open(pick);
    this.forget();
    this.dock.turn(pick !== null);
    this.leave();
    this.named = "";
    this.watch.ask();
  }

  /** Names, where the thing, the network or the language is another one. @param {State} state @param {Pick} pick
   * @param {import("../../types").Layout} layout */
  name(state, pick, layout) {
    const now = `${state.lang} ${JSON.stringify(pick)} ${layout.id}`;
    if (now === this.named) return;
    this.named = now;
    this.card.title(pick, layout, this.watch.over, this.t);
    this.derivative.name(pick);
    this.neuron.forward.clear();
  }

  /** The theme's colours. @param {string} theme */
  colours(theme) {
    if (this.themed !== theme || !this.palette) {
      this.themed = theme;
      this.palette = readPalette(this.card.element);
      this.neuron.curve.clear();
      this.value.clear();
    }
    return this.palette;
  }

  /** Write all numbers. */
  show() {
    const {state, card, watch, t} = this;
    const {pick, found, over} = watch;
    if (!state?.layout || !pick) return;
    const {layout} = state;
    const palette = this.colours(state.theme);
    this.name(state, pick, layout);
    const shown = state.frame?.sample ?? 0;
    card.showOver(over, (shown >= 0 ? shown : (found?.rows?.[0] ?? 0)) + 1, t);
    this.neuron.element.hidden = isParameter(pick);
    if (!found) return;
    const scene = {state, layout, pick, found, palette, over, batch: found.over === "batch"};
    card.say(found.step, this.about(scene));
    this.derivative.show(scene);
    this.showParts(scene);
  }

  /** Of which sample or batch and at which step the numbers are. @param {Scene} scene */
  about({layout, found, batch}) {
    const {t} = this;
    if (found.kept) return t("inspector.kept", {n: (found.rows?.[0] ?? 0) + 1, step: found.step});
    if (!found.tree) return t("inspector.no_batch");
    const n = batch ? (found.samples ?? 0) : (found.rows?.[0] ?? 0) + 1;
    const words = t(batch ? "inspector.about_batch" : "inspector.about_sample", {n, step: found.step});
    if (!layout.normalization?.includes("batch")) return words;
    return `${words} ${t(batch ? "inspector.coupled" : "inspector.statistics")}`;
  }

  /** The sections that a parameter, a neuron and an input have. @param {Scene} scene */
  showParts(scene) {
    const {neuron, derivative, value} = this;
    const {pick, state} = scene;
    if (!pick.layer && pick.kind === "neuron") {
      derivative.streamed.hidden = true;
      value.hide(state.lang);
      this.mark(neuron.showInput(scene, pick));
      return;
    }
    if (pick.kind === "neuron" && !isParameter(pick)) {
      neuron.showForward(scene);
      this.mark(neuron.show(scene, pick, pointsOf(scene.found)));
    }
    value.show(scene, this.watch);
    derivative.showStreamed(scene);
  }

  /** How a neuron fares, for the page's styles; null for an input, undefined where nothing is known.
   * @param {string | null | undefined} health */
  mark(health) {
    const {dataset} = this.card.element;
    if (health === null) delete dataset.health;
    else if (health !== undefined) dataset.health = health;
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    const {watch} = this;
    this.state = next;
    const {layout, frame} = next;
    const wish = layout && exists(next.view.selected, layout) ? next.view.selected : null;
    if (JSON.stringify(wish) !== JSON.stringify(watch.pick)) this.open(wish);
    else if (watch.pick && before && isAnew(before, next)) watch.ask();
    if (!watch.pick) return;
    if (frame && frame.seq !== this.seq) {
      this.seq = frame.seq;
      watch.take(frame.inspections);
      this.show();
    } else if (!before || SHOWN.some(name => before[name] !== next[name])) this.show();
  }

  destroy() {
    this.dock.destroy();
    this.root.replaceChildren();
  }
}

/** Whether the server no longer knows what is watched: of another network, or behind a lost connection.
 * @param {State} before @param {State} next */
const isAnew = (before, next) =>
  before.layout?.id !== next.layout?.id || (before.connection !== "open" && next.connection === "open");
