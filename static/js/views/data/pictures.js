// @ts-check
/** Pictures of all data sets and functions, as buttons; painted a few in each animation frame. */

import {h, setAttribute} from "../../draw/dom.js";
import {explain} from "../../draw/explain.js";
import {paintLandscape} from "../shared/landscape_picture.js";
import {paintThumbnail} from "../shared/thumbnail.js";

/** @typedef {import("../../types").State} State */
/** @typedef {NonNullable<State["options"]>} Options */

/** Milliseconds of an animation frame that the pictures may take. */
const PAINTING = 4;
const SORTS = /** @type {const} */ (["sets", "functions"]);

export class Pictures {
  /** @param {import("../../types").ViewContext} context */
  constructor({t, act, draw}) {
    this.t = t;
    this.act = act;
    this.draw = draw;
    this.sets = h("div", {class: "thumbnails", role: "group", dataset: {i18nTip: "data.dataset"}});
    const dataset = {i18nTip: "landscape.group", role: "landscapes"};
    this.functions = h("div", {class: "thumbnails", role: "group", dataset});
    this.sorts = SORTS.map(sort =>
      h("button", {
        type: "button",
        "aria-pressed": "false",
        dataset: {sort, i18n: `data.sort_${sort}`, i18nTip: `data.sort_${sort}_title`},
        onclick: () => this.showSort(sort === "functions"),
      }),
    );
    /** @type {Map<string, {button: HTMLButtonElement, picture: HTMLImageElement}>} */
    this.all = new Map();
    /** @type {(() => void)[]} */
    this.unpainted = [];
  }

  /** Pictures of data sets, or of functions in their place: one of them at a time. @param {boolean} functions */
  showSort(functions) {
    this.sets.hidden = functions;
    this.functions.hidden = !functions;
    for (const button of this.sorts)
      button.setAttribute("aria-pressed", String((button.dataset.sort === "functions") === functions));
  }

  /** A button for each that has none yet. @param {Options} options */
  build(options) {
    const given = options.datasets.filter(entry => !entry.upload);
    for (const {name} of given) this.add(name, this.sets);
    for (const {name} of options.landscapes) this.add(name, this.functions);
  }

  /** @param {string} name @param {HTMLElement} place */
  add(name, place) {
    if (this.all.has(name)) return;
    const picture = h("img", {width: 88, height: 88, alt: "", draggable: false});
    const onclick = () => this.act("configure", {data: {name}});
    const button = h("button", {type: "button", class: "thumbnail", dataset: {name}, onclick}, picture);
    this.all.set(name, {button, picture});
    place.append(button);
  }

  /** Names in the page's language, and pictures in its theme. @param {Options} options
   * @param {import("../../types").Theme} theme */
  write(options, theme) {
    for (const [name, {button}] of this.all) {
      explain(button, `${this.t(`dataset.${name}`)}\n↻ ${this.t("restart.hint")}`);
      button.setAttribute("aria-label", this.t(`dataset.${name}`));
    }
    if (!this.unpainted.length) this.draw(() => this.paintSome());
    const given = options.datasets.filter(entry => !entry.upload);
    this.unpainted = [
      ...given.map(entry => () => paintThumbnail(this.pictureOf(entry.name), entry, theme)),
      ...options.landscapes.map(entry => () => paintLandscape(this.pictureOf(entry.name), entry, theme)),
    ];
  }

  paintSome() {
    const end = performance.now() + PAINTING;
    while (this.unpainted.length && performance.now() < end) this.unpainted.shift()?.();
    if (this.unpainted.length) this.draw(() => this.paintSome());
  }

  /** @param {string} name */
  pictureOf(name) {
    return /** @type {HTMLImageElement} */ (this.all.get(name)?.picture);
  }

  /** @param {string} name of the data set in use */
  mark(name) {
    for (const [one, {button}] of this.all) setAttribute(button, "aria-pressed", String(one === name));
  }

  destroy() {
    this.unpainted = [];
  }
}
