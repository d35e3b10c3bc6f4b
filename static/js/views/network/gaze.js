// @ts-check
/** What is looked at, by pointer, keys or as pinned: the card, the spoken sentence and the frames follow it. */

import {exists} from "../shared/symbols.js";
import {createPicker} from "./picking.js";
import {layersLookedAt} from "./plan.js";
import {frameOf, inward} from "./window.js";
import {sentenceOf} from "./words.js";

/** @typedef {import("../../types").Pick} Pick */

export class Gaze {
  /** @param {import("./network.js").Diagram} diagram */
  constructor(diagram) {
    this.diagram = diagram;
    this.picker = createPicker(diagram.context);
    /** what was said last */
    this.spoken = "";
    /** On which side the keys have reached a weight. @type {import("./finding.js").Fan} */
    this.fan = "in";
    /** the layers that frames were asked to carry */
    this.asked = "[]";
  }

  /** A new connection knows nothing of what was asked. */
  forget() {
    this.asked = "[]";
  }

  /** Ask for frames that carry the layers that are looked at. */
  ask() {
    const {state, scene, context} = this.diagram;
    const layers = layersLookedAt(scene?.part ?? null, Boolean(scene?.matrices), this.focus());
    const wanted = JSON.stringify(layers);
    if (wanted === this.asked || state?.connection !== "open") return;
    this.asked = wanted;
    context.act("look", {layers});
  }

  /** What is looked at: the pointer's pick goes before the pinned one. @returns {Pick | null} */
  focus() {
    const layout = this.diagram.state?.layout;
    const {hover, selected} = this.diagram.context.view();
    return layout ? ([hover, selected].find(pick => exists(pick, layout)) ?? null) : null;
  }

  /** The same as the drawing names it. @returns {Pick | null} */
  aimed() {
    return inward(this.focus(), this.diagram.scene?.part ?? null);
  }

  /** What the card speaks of: the pointer's pick, for the pinned one has the inspector; but inputs have none. */
  pointed() {
    const pick = this.focus();
    const {hover, selected} = this.diagram.context.view();
    if (!pick || (pick !== hover && pick.layer !== 0)) return null;
    const inspected = selected?.layer && JSON.stringify(pick) === JSON.stringify(selected);
    return inspected ? null : pick;
  }

  /** Something else is looked at, or pinned. */
  moved() {
    const {painter, scene, state, header} = this.diagram;
    const pick = this.focus();
    painter.stale.nodes = painter.stale.lines = true;
    this.showCard();
    this.ask();
    const last = (state?.layout?.sizes.length ?? 1) - 1;
    if (pick && !scene?.part && pick.layer > 0 && pick.layer < last) header.choose(pick.layer);
    this.speak(pick);
  }

  /** Say what the keyboard has reached. @param {Pick | null} pick */
  speak(pick) {
    const {state, scene, parts, context} = this.diagram;
    const frame = frameOf(state);
    if (!pick || !scene || !frame || document.activeElement !== parts.stage) return;
    const words = sentenceOf(pick, scene.whole, frame, context.t);
    if (words !== this.spoken) context.announce("network", words);
    this.spoken = words;
  }

  /** Pin a pick, or let go of it. @param {Pick | null} pick @param {boolean} [again] whether it is pinned */
  pin(pick, again = false) {
    const {state, context} = this.diagram;
    if (!this.picker(pick, state?.layout)) context.choose({selected: again ? null : pick});
  }

  showCard() {
    const {scene, state, card} = this.diagram;
    if (!scene || !state) return;
    const pick = this.pointed();
    const here = inward(pick, scene.part);
    card.show(state, scene.g, here && pick, here ? scene.extent(here) : []);
  }
}
