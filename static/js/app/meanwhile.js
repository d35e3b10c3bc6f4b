// @ts-check
/**
 * While the connection is lost: since when and why, what the page answers itself from what it holds, and what is said
 * when it is back.
 */

import {keptInspection} from "../model/kept.js";

/** @typedef {import("../types").State} State */

/** ms of a loss that is told when it is over: a shorter one is over before its words are read. */
const WORTH_TELLING = 1500;
/** ms of silence before a loss that are usual: something comes every 2 s. What is longer was lost already. */
const USUAL = 3000;

export class Meanwhile {
  /**
   * @param {{get(): State, set(patch: Partial<State>): void}} store
   * @param {() => number} clock ms since 1970
   */
  constructor(store, clock = Date.now) {
    this.store = store;
    this.clock = clock;
    /** ms that the last loss took, until it is told. */
    this.took = 0;
    /** When something came last; infinite where nothing did. */
    this.last = Infinity;
  }

  /** Something has come from the server. */
  heard() {
    this.last = this.clock();
  }

  /** It has gone quiet, or speaks again. @param {boolean} quiet */
  doubts(quiet) {
    if (quiet !== this.store.get().quiet) this.store.set({quiet});
  }

  /** Since when there is no connection: from the last that came, where it was noticed late. */
  get since() {
    const now = this.clock();
    return now - this.last > USUAL ? this.last : now;
  }

  /** The connection is another. @param {State["connection"]} connection */
  turned(connection) {
    const {outage, connection: before} = this.store.get();
    if (connection === "lost") this.store.set({connection, outage: outage ?? {since: this.since, cause: null}});
    else {
      if (connection === "open" && outage) this.took = this.clock() - outage.since;
      this.store.set({connection, ...(connection === "open" || before === "connecting" ? {outage: null} : {})});
    }
  }

  /** Why it is lost. @param {NonNullable<NonNullable<State["outage"]>["cause"]>} cause */
  because(cause) {
    const {outage, connection} = this.store.get();
    if (outage && connection === "lost") this.store.set({outage: {...outage, cause}});
  }

  /** The state of the run has come again: ms for which it was away, once; 0 where that is not worth a word. */
  back() {
    const {took} = this;
    this.took = 0;
    return took >= WORTH_TELLING ? took : 0;
  }

  /**
   * The answer to a command that only looks, from what the page holds; null where that says nothing.
   * @param {string} op @param {Record<string, any>} [fields]
   */
  answer(op, fields = {}) {
    const state = this.store.get();
    if (state.connection === "open") return null;
    if (op === "watch") {
      const inspection = fields.target && keptInspection(state, /** @type {any} */ (fields));
      return inspection ? {ok: true, inspection, history: {}} : null;
    }
    const {microscope} = state;
    if (op !== "microscope" || !microscope || (fields.row ?? microscope.row) !== microscope.row) return null;
    this.store.set({microscope: {...microscope}});
    return {ok: true};
  }
}
