// @ts-check
/** From a pressed cure to commands: the lane beside the run is opened, changed, kept alone or taken away. */

import {asPatch} from "../../model/patch.js";
import {pairIn, taken} from "./pair.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Lane} Lane */
/** @typedef {import("./table.js").Cure} Cure */
/** @typedef {import("./pair.js").Pair} Pair */
/** @typedef {Record<string, unknown>} Fields */

export class CuredLane {
  /** @param {import("../../types").ViewContext["act"]} act @param {() => State | null} state the newest */
  constructor(act, state) {
    this.act = act;
    this.state = state;
    /** @type {import("./pair.js").Made | null} */
    this.made = null;
    this.busy = false;
  }

  /** The run and the lane with cures beside it. @returns {Pair | null} */
  get pair() {
    const state = this.state();
    return state && pairIn(state.lanes, state.lane, this.made);
  }

  /** Take a cure, or give it up where the lane has it. @param {Cure} cure */
  async apply(cure) {
    const {lanes = [], lane = 0} = this.state() ?? {};
    const {pair} = this;
    const target = pair?.now ?? lanes.find(({id}) => id === lane);
    if (!target || this.busy) return;
    const fields = cure.has(target.config) ? cure.off : cure.fields(target.config);
    if (!fields) return;
    this.busy = true;
    if (pair) await this.change(pair, cure, fields);
    else await this.begin(target, cure, fields);
    this.busy = false;
  }

  /** A lane beside the run: from here where the cure acts at once and the run can go on, else both from step 0.
   * @param {Lane} base @param {Cure} cure @param {Fields} fields */
  async begin(base, cure, {batch_size, ...fields}) {
    const {act} = this;
    const here = cure.live && base.status.kind !== "diverged";
    const playing = Boolean(this.state()?.playing);
    const reply = await act("lane_add", {change: fields, from: base.id, start: here ? "here" : "start"});
    if (reply.ok === false) return;
    const id = Number(reply.lane);
    this.made = {base: base.id, id};
    if (!here) await act("seek", {step: 0});
    await act("lane_focus", {lane: id});
    if (batch_size && batch_size !== base.config.batch_size) await act("set", {batch_size});
    if (playing && !here) await act("play");
  }

  /** Another cure for the lane that has some, or one less; without any it goes.
   * @param {Pair} pair @param {Cure} cure @param {Fields} fields */
  async change({before, now}, cure, fields) {
    const {act} = this;
    const names = taken(before.config, now.config);
    const last = names.length === 1 && names[0].name === cure.name && cure.has(now.config) !== cure.has(before.config);
    if (last) {
      await act("lane_remove", {lane: now.id});
      this.made = null;
      await this.focus(before.id);
      return;
    }
    const together = this.state()?.lanes.every(({status, step}) => status.kind !== "diverged" && step === now.step);
    this.made = {base: before.id, id: now.id};
    await (cure.live && together
      ? act("set", {lane: now.id, ...fields})
      : act("configure", {lane: now.id, ...asPatch(fields)}));
    await this.focus(now.id);
  }

  /** @param {number} lane */
  async focus(lane) {
    if (this.state()?.lane !== lane) await this.act("lane_focus", {lane});
  }

  /** The cured run alone goes on. */
  async keep() {
    const {pair} = this;
    if (!pair) return;
    this.made = null;
    await this.act("lane_promote", {lane: pair.now.id});
  }
}
