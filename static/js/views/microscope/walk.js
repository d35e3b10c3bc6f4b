// @ts-check
/** Where one stands in the phases of a step: which phase, which row of its table, which groups are unfolded. Pure. */

import {chipsOf, phasesOf, placeIn} from "./phases.js";
import {ParameterRows, pickAt} from "./parameters.js";

/** @typedef {import("../../types").Microscope} Microscope */
/** @typedef {import("../../types").Layout} Layout */
/** @typedef {import("./phases.js").Phase} Phase */
/** @typedef {import("./subject.js").Subject} Subject */

export class Walk {
  constructor() {
    /** Groups of layers that were unfolded; they stay so from step to step. @type {Set<string>} */
    this.unfolded = new Set();
    /** @type {Microscope | null} */
    this.step = null;
    /** @type {Phase[]} */
    this.phases = [];
    this.at = 0;
    /** The row that was chosen: a neuron. */
    this.row = 0;
    /** What the update tells of, once it is looked at. @type {ParameterRows | null} */
    this.parameters = null;
  }

  /** Nothing is known yet. */
  clear() {
    this.step = null;
    this.phases = [];
    this.restart();
  }

  restart() {
    this.at = this.row = 0;
    this.parameters = null;
  }

  /** A step has come: another one begins at its first phase, the same with another sample goes on where it is.
   * @param {Microscope} step @param {number[]} sizes */
  take(step, sizes) {
    if (this.step && this.step.number !== step.number) this.restart();
    this.step = step;
    this.phases = phasesOf(sizes, step.normalization, this.unfolded);
    this.at = Math.min(this.at, this.phases.length - 1);
  }

  get phase() {
    return this.phases[this.at];
  }

  get end() {
    return this.phases.length - 1;
  }

  get atEnd() {
    return this.at === this.end;
  }

  /** Go to a phase; in another layer the first row is chosen. @param {number} place @returns {boolean} whether moved */
  go(place) {
    const next = Math.max(0, Math.min(this.end, place));
    if (next === this.at) return false;
    const before = this.phase;
    this.at = next;
    if (this.phase.layers[0] !== before.layers[0]) this.row = 0;
    return true;
  }

  /** Where it stands, as others can be led there. @returns {import("../../types").State["view"]["phase"]} */
  get place() {
    return {at: this.at, row: this.row, unfolded: [...this.unfolded]};
  }

  /** Go where somebody else stands. @param {import("../../types").State["view"]["phase"]} place @param {number[]} sizes
   * @returns {boolean} whether that is elsewhere */
  lead(place, sizes) {
    if (!place || !this.step || JSON.stringify(place) === JSON.stringify(this.place)) return false;
    this.unfolded = new Set(place.unfolded);
    this.phases = phasesOf(sizes, this.step.normalization, this.unfolded);
    this.at = Math.max(0, Math.min(place.at, this.end));
    this.row = place.row;
    return JSON.stringify(place) === JSON.stringify(this.place);
  }

  /** @param {number[]} sizes */
  chips(sizes) {
    return chipsOf(sizes, this.unfolded);
  }

  /** The group of layers that the phase is in; null where it is in none. @param {number[]} sizes */
  group(sizes) {
    return this.chips(sizes).find(({id}) => id === this.phase?.chip)?.group ?? null;
  }

  /** Fold or unfold a group of layers, and stay in it. @param {string} group @param {number[]} sizes */
  fold(group, sizes) {
    if (!this.step) return;
    const {phase} = this;
    if (!this.unfolded.delete(group)) this.unfolded.add(group);
    this.phases = phasesOf(sizes, this.step.normalization, this.unfolded);
    this.at = placeIn(this.phases, phase);
  }

  /** Choose another row of so many, in the update another parameter. @param {number} way @param {number} rows
   * @returns {boolean} whether there is one */
  pickBy(way, rows) {
    const {parameters} = this;
    if (this.phase?.kind === "update" && parameters) parameters.move(way);
    else if (rows) this.row = (this.row + way + rows) % rows;
    else return false;
    return true;
  }

  /** The sample of the batch before or after another, as rows of the set. @param {number} way @param {number} from */
  sampleBy(way, from) {
    const rows = this.step?.rows ?? new Int32Array(0);
    const index = Math.max(0, rows.indexOf(from));
    return rows[(index + way + rows.length) % rows.length];
  }

  /**
   * What the phase speaks of: a neuron, or in the update a parameter, at first the one that moves most.
   * @param {Microscope} step
   * @param {Layout} layout
   * @param {ArrayLike<number>} y
   * @param {number} [huber_delta]
   * @returns {Subject}
   */
  subject(step, layout, y, huber_delta) {
    const {kind, layers} = this.phase;
    const common = {step, layout, y, huber_delta};
    if (kind === "update") {
      const parameter = (this.parameters ??= new ParameterRows(step, layout)).place;
      const pick = pickAt(layout, parameter);
      return {...common, parameter, layer: pick.layer, index: pick.kind === "weight" ? pick.to : pick.index};
    }
    this.row = Math.min(this.row, layout.sizes[layers[0]] - 1);
    return {...common, parameter: 0, layer: layers[0], index: this.row};
  }
}
