// @ts-check
/** A view that fails takes nothing from the others: its panel says so until it can draw again; it is logged once. */

import {h} from "../draw/dom.js";

/** @typedef {import("../types").State} State */
/** @typedef {import("../types").View} View */
/** @typedef {"update" | "readNumbers"} Way */

export class Guard {
  /** @param {(key: string) => string} t @param {() => State} newest @param {(error: any) => void} [report] */
  constructor(t, newest, report = error => reportError(error)) {
    this.t = t;
    this.newest = newest;
    this.report = report;
    /** @type {Map<View, HTMLElement>} */
    this.places = new Map();
    /** What is said of views that fail, and what they failed at. @type {Map<View, {way: Way, note: HTMLElement}>} */
    this.failed = new Map();
  }

  /** Remember where a view stands. @template {View} V @param {HTMLElement} place @param {V} view @returns {V} */
  at(place, view) {
    this.places.set(view, place);
    return view;
  }

  /** Tell views the newest. @param {Iterable<View>} views @param {State} state @param {Way} [way] */
  tell(views, state, way = "update") {
    for (const view of views) {
      try {
        view[way]?.(state);
      } catch (error) {
        this.fail(view, way, error);
        continue;
      }
      if (this.failed.get(view)?.way === way) this.recover(view);
    }
  }

  /** @param {View} view @param {Way} way @param {unknown} error */
  fail(view, way, error) {
    if (this.failed.has(view)) return;
    this.report(error);
    const again = h(
      "button",
      {type: "button", onclick: () => this.tell([view], this.newest(), way)},
      this.t("panel.again"),
    );
    const note = h("p", {class: "panel-failed", role: "status"}, this.t("panel.failed"), " ", again);
    this.failed.set(view, {way, note});
    this.places.get(view)?.append(note);
  }

  /** @param {View} view */
  recover(view) {
    this.failed.get(view)?.note.remove();
    this.failed.delete(view);
  }
}
