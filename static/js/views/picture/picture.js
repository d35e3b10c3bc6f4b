// @ts-check
/** A small menu at each panel's title: a picture of it, to be saved or copied, and its numbers as a table. */

import {h, icon, setText} from "../../draw/dom.js";
import {nameControl} from "../../draw/explain.js";
import {TABLED} from "./numbers.js";
import {Tables} from "./tables.js";
import {openBelow} from "../shared/below.js";
import {copies, panelOf, PANELS, takePicture} from "../shared/pictures.js";

/** @typedef {import("../../types").State} State */
/** @typedef {import("../shared/pictures.js").Name} Name */

const FORMS = /** @type {const} */ (["png", "svg", "copy"]);

class Pictures {
  /** @type {State | null} */
  state = null;
  lang = "";
  /** Whose menu is open. @type {Name} */
  name = "network";
  /** Panels that have no title yet. @type {Name[]} */
  waiting = [...PANELS];
  /** @type {Map<Name, HTMLButtonElement>} */
  buttons = new Map();

  /** @param {HTMLElement} root @param {import("../../types").PageContext & {openFilm(name: Name): void}} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    this.forms = FORMS.map(form => ({
      form,
      element: h("button", {type: "button", dataset: {role: `picture-${form}`}, onclick: () => this.take(form)}),
    }));
    const window = /** @type {HTMLDialogElement} */ (document.querySelector('[data-part="table"]'));
    this.tables = new Tables(window, context);
    this.table = h("button", {type: "button", dataset: {role: "picture-table"}, onclick: () => this.openTable()});
    this.film = h("button", {type: "button", dataset: {role: "picture-film"}, onclick: () => this.openFilm()});
    this.told = h("p", {class: "picture-told", role: "status"});
    const items = [...this.forms.map(({element}) => element), this.film, this.table];
    for (const item of items) item.setAttribute("role", "menuitem");
    this.menu = h("div", {class: "picture-items", role: "menu"}, ...items);
    root.append(this.menu, this.told);
  }

  /** @param {State} state */
  update(state) {
    this.state = state;
    this.tables.update(state);
    if (this.waiting.length) this.waiting = this.waiting.filter(name => !this.attach(name));
    if (this.lang === state.lang) return;
    this.lang = state.lang;
    for (const [name, button] of this.buttons) this.writeButton(name, button);
    for (const {form, element} of this.forms) setText(element, this.context.t(`picture.${form}`));
    setText(this.table, this.context.t("table.open"));
    setText(this.film, this.context.t("picture.film"));
  }

  /** Put the button beside a panel's title. @param {Name} name @returns {boolean} whether there is one */
  attach(name) {
    const title = panelOf(name)?.querySelector("h2");
    if (!title) return false;
    const button = h("button", {type: "button", class: "picture-open", "aria-haspopup": "menu"}, icon("camera"));
    button.dataset.role = `picture-of-${name}`;
    button.onclick = () => this.open(name, button);
    // Titles whose words stand in an element of their own hold the button; those that are written whole have it after
    // them.
    if (title.querySelector("span")) title.append(button);
    else title.after(button);
    this.buttons.set(name, button);
    if (this.lang) this.writeButton(name, button);
    return true;
  }

  /** @param {Name} name @param {HTMLButtonElement} button */
  writeButton(name, button) {
    const {t} = this.context;
    nameControl(button, t("picture.open", {what: t(`picture.panel_${name}`)}));
  }

  /** @param {Name} name @param {HTMLElement} button */
  open(name, button) {
    this.name = name;
    setText(this.told, "");
    for (const {form, element} of this.forms) element.hidden = form === "copy" && !copies();
    this.table.hidden = !TABLED.includes(name);
    this.menu.setAttribute("aria-label", button.getAttribute("aria-label") ?? "");
    openBelow(this.root, button);
  }

  openFilm() {
    this.root.hidePopover();
    this.context.openFilm(this.name);
  }

  openTable() {
    this.root.hidePopover();
    if (this.state) this.tables.open(this.name, this.state);
  }

  /** @param {typeof FORMS[number]} form */
  async take(form) {
    const {state, context} = this;
    if (!state) return;
    try {
      await takePicture(this.name, form, state, context);
      if (form !== "copy") this.root.hidePopover();
      else setText(this.told, context.t("picture.copied"));
    } catch (error) {
      setText(this.told, context.t("picture.failed"));
      reportError(error);
    }
  }
}

/**
 * @param {HTMLElement} root
 * @param {import("../../types").PageContext & {openFilm(name: Name): void}} context
 * @returns {import("../../types").View}
 */
export function pictureView(root, context) {
  const pictures = new Pictures(root, context);
  return {
    update: state => pictures.update(state),
    destroy() {
      pictures.tables.destroy();
      root.replaceChildren();
    },
  };
}
