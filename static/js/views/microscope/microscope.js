// @ts-check
/** Slow motion: one real training step, opened up phase by phase, from a sample of the coming batch to the new loss. */

import {focusLate} from "../../draw/dom.js";
import {framesOf} from "../../model/magnified.js";
import {Seeker} from "../../model/seeker.js";
import {targetsOf} from "../../model/targets.js";
import {ChipRow} from "./chips.js";
import {focusOf} from "./focus.js";
import {listen} from "./input.js";
import {Panel} from "./panel.js";
import {Playback} from "./playback.js";
import {Stage} from "./stage.js";
import {isChoice, tableOf} from "./table.js";
import {Walk} from "./walk.js";
import {captionOf, formulasOf, noteOf} from "./words.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Microscope} Step */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {import("./subject.js").Subject} Subject */

/** ms that a phase stays while it plays by itself, and how much longer the last one. */
const REST = 3200;
const LAST = 1.5;
/** Phases in which the formulas speak of one neuron. @type {Set<Phase["kind"]>} */
const OF_A_NEURON = new Set(["sum", "normalize", "activate", "error", "gradient"]);

/**
 * @param {HTMLElement} root a panel, hidden while nothing is under the microscope
 * @param {import("../../types").ViewContext} context
 * @returns {import("../../types").View}
 */
export function microscopeView(root, context) {
  return new MicroscopePanel(root, context);
}

class MicroscopePanel {
  /** @param {HTMLElement} root @param {import("../../types").ViewContext} context */
  constructor(root, {t, act, choose}) {
    this.root = root;
    this.t = t;
    this.act = act;
    this.choose = choose;
    /** @type {State | null} */
    this.state = null;
    this.open = false;
    this.walk = new Walk();
    /** The diagram before and after the step. @type {ReturnType<typeof framesOf> | null} */
    this.frames = null;
    /** A command is on its way. */
    this.busy = false;
    this.samples = new Seeker(row => this.ask(row));
    /** The config that the step was asked for with. @type {unknown} */
    this.asked = null;
    /** Whether the run was seen to stand at the step that is shown: until then its last frames are on their way. */
    this.stood = false;
    /** Whether the run was going, and what had the keyboard, when it was opened. */
    this.wasPlaying = false;
    this.held = /** @type {Element | null} */ (null);
    this.stage = new Stage(root);
    this.chips = new ChipRow(chip => this.pressChip(chip));
    this.playback = new Playback({
      rest: () => (REST * (this.walk.atEnd ? LAST : 1)) / Number(this.panel.speed.value),
      next: () => (this.walk.atEnd ? this.takeStep(true) : this.go(this.walk.at + 1)),
      show: on => this.panel.showPlaying(on),
    });
    this.panel = new Panel(root, this.chips.element, {
      leave: () => this.leave(),
      sampleBy: way => this.sampleBy(way),
      move: way => this.move(way),
      turnPlay: () => this.turnPlay(),
      changeSpeed: () => this.playback.set(this.playback.on),
      take: () => this.pressTake(),
      chooseParameter: () => this.render(),
    });
    this.deafen = listen({
      open: () => this.open,
      move: way => this.move(way),
      pickBy: way => this.pickBy(way),
      jump: end => this.go(end ? this.walk.end : 0),
      turnPlay: () => this.turnPlay(),
      enter: () => this.enter(),
    });
  }

  /** Ask for the coming step, and for a sample of its batch. @param {number} [row] */
  async ask(row) {
    this.asked = this.state?.config;
    this.busy = true;
    let reply = await this.act("microscope", row === undefined ? {} : {row});
    if (reply.ok === false && row !== undefined && this.open) reply = await this.act("microscope");
    this.busy = false;
    if (reply.ok === false && !(reply.code === "disconnected" && this.walk.step)) this.shut();
    return reply;
  }

  shut() {
    this.choose({microscope: false, focus: null, phase: null});
  }

  /** Leave: at the end the step is taken, as it was shown; else the run stands as it stood. */
  leave() {
    const {step, atEnd} = this.walk;
    if (step && atEnd && !step.diverged) this.takeStep(false);
    else {
      if (this.wasPlaying) this.act("play");
      this.shut();
    }
  }

  /** @param {boolean} again look at the step after it too */
  async takeStep(again) {
    if (this.busy || !this.walk.step) return;
    this.busy = true;
    const reply = await this.act("step");
    this.busy = false;
    if (reply.ok === false || !again) {
      if (reply.ok !== false && this.wasPlaying) this.act("play");
      this.shut();
    } else {
      this.walk.at = 0;
      this.ask();
    }
  }

  /** The large button: to the result, and from there the step is taken; a step that diverges is only left. */
  pressTake() {
    const {step, atEnd, end} = this.walk;
    if (step?.diverged) this.leave();
    else if (atEnd) this.takeStep(false);
    else this.go(end);
  }

  turnPlay() {
    this.playback.set(!this.playback.on);
  }

  /** @param {number} place */
  go(place) {
    if (!this.walk.go(place)) return;
    this.panel.page.scrollTop = 0;
    this.render();
  }

  /** A hand moves: it plays by itself no more. Beyond the end the step is taken. @param {number} way */
  move(way) {
    this.playback.set(false);
    if (way > 0 && this.walk.atEnd) this.takeStep(false);
    else this.go(this.walk.at + way);
  }

  /** @param {number} way */
  sampleBy(way) {
    const {walk, samples, busy} = this;
    if (walk.step && (samples.under || !busy)) samples.to(walk.sampleBy(way, samples.aim ?? walk.step.row));
  }

  /** A chip leads to its first phase; pressed there, it folds or unfolds. @param {import("./phases.js").Chip} chip */
  pressChip({id, group}) {
    this.playback.set(false);
    if (group && this.walk.phase.chip === id) this.fold(group);
    else this.go(this.walk.phases.findIndex(({chip}) => chip === id));
  }

  /** @param {string} group */
  fold(group) {
    if (!this.state?.layout) return;
    this.walk.fold(group, this.state.layout.sizes);
    this.render();
  }

  enter() {
    const group = this.state?.layout ? this.walk.group(this.state.layout.sizes) : null;
    if (group) this.fold(group);
    else if (this.walk.atEnd) this.takeStep(false);
  }

  /** @param {number} way */
  pickBy(way) {
    if (!this.walk.pickBy(way, this.panel.choices)) return;
    this.render();
    this.panel.revealChoice();
  }

  render() {
    const {state, walk, frames} = this;
    if (!state?.layout || !state.data || !walk.step || !frames || !walk.phases.length) return;
    const {layout, data, config} = state;
    const {step, phase} = walk;
    const subject = walk.subject(step, layout, targetsOf(data, step.row, config), config?.huber_delta);
    this.write(phase, subject, data);
    this.chips.paint(walk.chips(layout.sizes), phase.chip, layout.sizes.length - 1, state.lang, this.t);
    this.panel.nameStep(step, {first: walk.at === 0, last: walk.atEnd}, this.t);
    const neuron = OF_A_NEURON.has(phase.kind) ? {layer: subject.layer, index: subject.index} : null;
    const output = phase.kind === "error" && phase.layers[0] === layout.sizes.length - 1;
    this.stage.set(output ? "loss" : phase.kind);
    this.choose({
      focus: focusOf(phase, subject, neuron, phase.kind === "result" ? frames.after : frames.before),
      phase: walk.place,
    });
  }

  /** Caption, formulas and table of a phase. @param {Phase} phase @param {Subject} subject
   * @param {import("../../types").Data} data */
  write(phase, subject, data) {
    const {root, panel, walk, t} = this;
    const {kind, layers} = phase;
    root.dataset.phase = layers[0] === layers[1] ? `${kind}:${layers[0]}` : kind;
    root.dataset.row = String(subject.step.row);
    panel.write(captionOf(phase, subject, data.train, t), formulasOf(phase, subject, t), noteOf(phase, subject, t));
    const table = tableOf(phase, subject, data, t);
    const pick = (/** @type {number} */ row) => this.pickBy(row - walk.row);
    const choice = isChoice(kind, table) ? {row: walk.row, pick} : null;
    panel.paintTable(table, choice, t);
    panel.paintParameters(kind === "update" ? walk.parameters : null, subject.step, t);
  }

  /** @param {State} next */
  begin(next) {
    this.open = true;
    this.wasPlaying = next.playing;
    this.held = document.activeElement;
    this.walk.clear();
    this.frames = null;
    this.panel.clear();
    this.chips.clear();
    this.root.hidden = false;
    this.root.dataset.phase = "opening";
    this.stage.cover(true);
    this.stage.set("opening");
    this.panel.name(this.t);
    this.stage.reveal();
    this.ask();
  }

  end() {
    this.open = false;
    this.playback.set(false);
    this.root.hidden = true;
    this.stage.cover(false);
    this.stage.set(null);
    const focused = document.activeElement;
    if (this.root.contains(focused) || focused === document.body)
      /** @type {HTMLElement | null} */ (this.held)?.focus?.();
  }

  /** A step has come. @param {Step} step @param {import("../../types").Layout} layout
   * @param {import("../../types").Frame} frame */
  take(step, layout, frame) {
    const {walk} = this;
    const first = !walk.step;
    if (walk.step?.number !== step.number) this.stood = false;
    walk.take(step, layout.sizes);
    if (!this.samples.under) this.samples.drop();
    this.frames = framesOf(step, frame);
    this.render();
    if (first) focusLate(this.panel.page, this.held);
  }

  /** Where the run goes on, there is no coming step to look at; where its settings change, it is another one.
   * @param {State} state @param {Step} step */
  follow({frame, playing, config}, step) {
    const ahead = (frame?.step ?? 0) - (step.number - 1);
    const stands = !playing && ahead === 0;
    if (ahead > 0 || (this.stood && !stands)) this.shut();
    else if (!this.stood) this.stood = stands;
    else if (config !== this.asked && JSON.stringify(config) !== JSON.stringify(this.asked)) this.ask(step.row);
  }

  /** @param {State} next @param {import("../../types").Layout} layout @param {Step | null} [known] */
  hear({microscope: step, frame, ...rest}, layout, known) {
    const fresh = step && step !== this.walk.step && step !== known && step.layout === layout.id;
    if (fresh && frame) this.take(step, layout, frame);
    else if (this.walk.step && !this.busy) this.follow({microscope: step, frame, ...rest}, this.walk.step);
    if (this.open && this.walk.lead(rest.view.phase, layout.sizes)) this.render();
  }

  /** @param {State} next */
  update(next) {
    const before = this.state;
    this.state = next;
    if (next.view.microscope !== this.open) {
      if (this.open) this.end();
      else this.begin(next);
    }
    if (!this.open || !next.layout) return;
    this.hear(next, next.layout, before?.microscope);
    if (before && before.lang !== next.lang) {
      this.panel.name(this.t);
      this.render();
    }
  }

  destroy() {
    this.deafen();
    this.playback.stop();
    this.root.replaceChildren();
  }
}
