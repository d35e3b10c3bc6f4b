// @ts-check
/** The gallery of presets: a picture and a sentence for each, grouped by what they are for. */

import {toggleWindow} from "../../draw/dialog.js";
import {h, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {palette} from "../../draw/plot.js";
import {paintLandscape} from "../shared/landscape_picture.js";
import {paintThumbnail} from "../shared/thumbnail.js";
import {paintNetwork} from "./network_picture.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../../types").Options} Options */
/** @typedef {Options["presets"][number]} Preset */
/** @typedef {{button: HTMLButtonElement, data: HTMLImageElement, network: HTMLImageElement}} Card */

/** px: a side of the data, width and height of the network below it. */
const [SIDE, WIDE, HIGH] = [56, 76, 40];

class Gallery {
  /** what the cards were written in, and painted for */
  worded = "";
  painted = "";
  /** @type {Map<string, Card>} */
  cards = new Map();
  /** @type {Options | null} */
  options = null;

  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
  constructor(root, {t, usePreset}) {
    this.root = root;
    this.t = t;
    this.usePreset = usePreset;
    this.title = h("h2", {id: "title-gallery"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "gallery-close"}}, "×");
    this.close.onclick = () => root.close();
    this.groups = h("div", {class: "gallery"});
    root.append(h("div", {class: "dialog-head"}, this.title, this.close), this.groups);
  }

  toggle() {
    toggleWindow(this.root);
  }

  /** @param {State} state */
  update({options, lang, theme}) {
    if (!this.root.open || !options) return;
    if (this.options !== options) this.build(options);
    if (this.worded !== lang) this.write(options, lang);
    if (this.painted !== theme) this.paint(options, theme);
  }

  /** A card for each preset. @param {Options} options */
  build(options) {
    this.options = options;
    this.worded = this.painted = "";
    this.cards.clear();
    this.groups.replaceChildren(
      ...options.gallery.map(({name, presets}) =>
        h(
          "section",
          {"aria-labelledby": `gallery-${name}`},
          h("h3", {id: `gallery-${name}`, dataset: {group: name}}),
          h("div", {class: "gallery-cards"}, ...presets.map(preset => this.card(preset))),
        ),
      ),
    );
  }

  /** @param {string} name of a preset */
  card(name) {
    const data = h("img", {width: SIDE, height: SIDE, alt: ""});
    const network = h("img", {width: WIDE, height: HIGH, alt: ""});
    const onclick = () => {
      this.root.close();
      this.usePreset(name);
    };
    const words = h("span", {class: "gallery-words"}, h("strong"), h("span"));
    const pictures = h("span", {class: "gallery-pictures"}, data, network);
    const button = h("button", {type: "button", class: "gallery-card", dataset: {preset: name}, onclick});
    button.append(pictures, words);
    this.cards.set(name, {button, data, network});
    return button;
  }

  /** @param {Options} options @param {string} lang */
  write({gallery}, lang) {
    const {t} = this;
    this.worded = lang;
    setText(this.title, t("gallery.title"));
    nameControl(this.close, t("gallery.close"));
    for (const {name} of gallery)
      setText(/** @type {Element} */ (this.groups.querySelector(`[data-group="${name}"]`)), t(`gallery.group_${name}`));
    for (const [name, {button}] of this.cards) {
      const [title, sentence] = button.querySelectorAll(".gallery-words > *");
      setText(title, t(`preset.${name}`));
      setText(sentence, t(`gallery.${name}`));
    }
  }

  /** @param {Options} options @param {import("../../types").Theme} theme */
  paint({presets, datasets, landscapes}, theme) {
    this.painted = theme;
    const {muted, accent} = palette(this.root);
    for (const {name, config} of presets) {
      const card = this.cards.get(name);
      if (!card) continue;
      const landscape = landscapes.find(entry => entry.name === config.data.name);
      const data = datasets.find(entry => entry.name === config.data.name);
      card.network.hidden = landscape !== undefined;
      if (landscape) paintLandscape(card.data, landscape, theme);
      else if (data) {
        paintThumbnail(card.data, data, theme);
        paintNetwork(card.network, [data.inputs, ...config.network.hidden, data.outputs], {line: muted, dot: accent});
      }
    }
  }

  destroy() {
    this.root.replaceChildren();
  }
}

/** @param {HTMLDialogElement} root @param {import("../../types").PageContext} context */
export const galleryView = (root, context) => new Gallery(root, context);
