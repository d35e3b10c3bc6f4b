// @ts-check
/** The class that a teacher has prepared: kept in this browser, saved as a file, and led through by one press each. */

import {FILE_NAME, MOST_ITEMS, fieldsOf, moved, readPlan, writePlan} from "../model/plan.js";
import {recall} from "./choices.js";
import {glanceOf, viewOf} from "./glance.js";
import {runOf} from "./link.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").PlannedItem} Item */
/** @typedef {import("../types").PlannedState} Kept */

const NAME = "class";
const PLACE = "class_next";

/**
 * @typedef {object} Hands
 * @property {{get(): State, set(patch: Partial<State>): void, subscribe(listener: (state: State) => void): () => void}}
 * store
 * @property {(name: string, text: string) => boolean} keep remembers something in this browser; false where it cannot
 * @property {(op: string, fields?: Record<string, unknown>, quiet?: boolean) => Promise<any>} act
 * @property {(patch: Partial<State["view"]>) => void} choose
 * @property {(text: () => string, kind?: "error" | "info") => void} say
 * @property {(key: string, params?: Record<string, string | number>) => string} t
 */

export class Plan {
  /** @param {Hands} hands */
  constructor(hands) {
    this.hands = hands;
    /** Ends the waiting for a state that was asked for. */
    this.stop = () => {};
    this.recall();
    globalThis.addEventListener?.("storage", ({key}) => key?.startsWith("backscope:class") && this.recall());
  }

  /** What this browser has kept, also by another tab. */
  recall() {
    const found = readPlan(recall(NAME) ?? "");
    const items = "items" in found ? found.items : [];
    const next = Number(recall(PLACE)) || 0;
    this.hands.store.set({plan: {items, next: Math.min(Math.max(0, next), items.length)}});
  }

  /** @returns {State["plan"]} */
  get now() {
    return this.hands.store.get().plan;
  }

  /** Have these items, of which this one is the next. @param {Item[]} items @param {number} next */
  become(items, next) {
    const {store, keep, say, t} = this.hands;
    const before = this.now;
    store.set({plan: {items, next}});
    const kept = (items === before.items || keep(NAME, writePlan(items))) && keep(PLACE, String(next));
    if (!kept) say(() => t("plan.not_kept"), "error");
  }

  /** Put items at the end; false where that are too many. @param {Item[]} items */
  add(...items) {
    const {say, t} = this.hands;
    const whole = [...this.now.items, ...items];
    if (whole.length > MOST_ITEMS) {
      say(() => t("plan.full", {n: MOST_ITEMS}), "error");
      return false;
    }
    this.become(whole, this.now.next);
    return true;
  }

  /** Put an item in the place of another. @param {number} at @param {Item} item */
  put(at, item) {
    this.become(this.now.items.with(at, item), this.now.next);
  }

  /** Move an item; the same one stays the next. @param {number} at @param {number} by */
  move(at, by) {
    const {items, next} = this.now;
    const to = at + by;
    if (to < 0 || to >= items.length) return;
    const turned = moved(items, at, to);
    const coming = items[next];
    this.become(turned, coming ? turned.indexOf(coming) : next);
  }

  /** @param {number} at */
  remove(at) {
    const {items, next} = this.now;
    this.become(items.toSpliced(at, 1), at < next ? next - 1 : next);
  }

  clear() {
    this.become([], 0);
  }

  /** Begin again with the first. */
  rewind() {
    this.become(this.now.items, 0);
  }

  /** The run as it stands, and what the page shows of it; null where it is about a file of one's own, which a list does
   * not hold. @param {string} name @returns {Kept | null} */
  here(name) {
    const {store, say, t} = this.hands;
    const state = store.get();
    if (!state.config) return null;
    if (state.config.data.name.startsWith("upload-")) {
      say(() => t("plan.own_data"), "error");
      return null;
    }
    return {name, run: runOf(state), view: glanceOf(state)};
  }

  /** Ask the question, or set the state, and go on to the one after it. @param {number} [at] @returns {Promise<any>} */
  async go(at = this.now.next) {
    const item = this.now.items[at];
    if (!item) return {ok: false};
    const {act, store} = this.hands;
    const reply =
      "question" in item
        ? await act("ask", fieldsOf(item.question, store.get().frame?.step ?? 0))
        : await this.set(item);
    const place = this.now.items.indexOf(item);
    if (reply.ok !== false && place >= 0) this.become(this.now.items, place + 1);
    return reply;
  }

  /** Have the run be this one, and the page show what it showed, once it has heard of it. @param {Kept} kept */
  async set({run, view}) {
    const {act, store, choose} = this.hands;
    this.stop();
    const reply = await act("open_run", {...run}, true);
    if (reply.ok === false) return reply;
    const config = JSON.stringify(reply.config);
    const look = (/** @type {State} */ state) => {
      const {frame, layout} = state;
      const there = frame !== null && frame.layout === layout?.id && frame.step >= reply.target;
      if (!there || JSON.stringify(state.config) !== config) return;
      this.stop();
      choose(viewOf(view, state));
    };
    const end = store.subscribe(look);
    this.stop = () => {
      end();
      this.stop = () => {};
    };
    look(store.get());
    return reply;
  }

  /** The list as a file to be saved. */
  file() {
    return {name: FILE_NAME, media_type: "application/json", text: writePlan(this.now.items)};
  }

  /** Put what a file holds at the end of the list. @param {Blob} file */
  async openFile(file) {
    const {say, t} = this.hands;
    const found = readPlan(await file.text());
    if ("wrong" in found) say(() => t(`plan.${found.wrong}`), "error");
    else this.add(...found.items);
  }
}
