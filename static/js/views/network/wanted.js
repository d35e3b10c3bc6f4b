// @ts-check
/** The network that the controls speak of: the one there is, or the one that was asked for and is on its way. */

import {activationsOf, normalizationsOf, parameterCount} from "../shared/architecture.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../shared/architecture.js").Patch} Patch */

export class WantedNetwork {
  /** @param {import("../../types").ViewContext["act"]} act @param {() => void} changed */
  constructor(act, changed) {
    this.act = act;
    this.changed = changed;
    /** @type {State | null} */
    this.state = null;
    /** @type {Patch | null} */
    this.wish = null;
    /** requests on their way */
    this.waiting = 0;
    /** Whether there was none when a state was seen last. */
    this.settled = true;
  }

  /** @returns {Patch} */
  get network() {
    return this.wish ?? /** @type {Patch} */ (this.state?.config?.network);
  }

  get connected() {
    return this.state?.connection === "open";
  }

  /**
   * @param {Patch} patch
   * @param {boolean} [live] whether it asks for no more than another activation, which the weights outlive
   */
  async ask(patch, live = false) {
    this.wish = patch;
    this.waiting++;
    this.changed();
    const reply = await (live
      ? this.act("set", {activation: patch.activation})
      : this.act("configure", {network: patch}));
    this.waiting--;
    if (reply.ok === false && this.waiting === 0) this.wish = null;
    this.changed();
  }

  /** Whether the limits allow a network. @param {Patch} patch */
  allows(patch) {
    const {hidden} = patch;
    const limits = this.state?.options?.limits;
    const layout = this.state?.layout;
    if (!limits || !layout) return false;
    const count = parameterCount(layout.sizes[0], patch, layout.sizes[layout.sizes.length - 1], layout.bias);
    return (
      hidden.length <= limits.layers && hidden.every(n => n >= 1 && n <= limits.neurons) && count <= limits.parameters
    );
  }

  /**
   * Take note of the newest state: a wish that came true, or was overtaken, is forgotten. What comes before the answer,
   * or first after it, may be a network on the way there, which the next press must not count from.
   * @param {State} next
   */
  seen({config}) {
    const before = this.state?.config;
    const {wish, settled} = this;
    this.settled = this.waiting === 0;
    if (!wish || !config || config === before || !this.settled) return;
    if (settled || sameNetwork(wish, config.network)) this.wish = null;
  }
}

/** @param {Patch} a @param {Patch} b */
const sameNetwork = (a, b) =>
  JSON.stringify([a.hidden, activationsOf(a), normalizationsOf(a)]) ===
  JSON.stringify([b.hidden, activationsOf(b), normalizationsOf(b)]);
