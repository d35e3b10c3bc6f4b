// @ts-check
/** Share and take away: a link to the run, and the run as a file: code that does it again, or its numbers. */

import {openWindow} from "../../draw/dialog.js";
import {h, setText} from "../../draw/dom.js";
import {saveFile} from "../shared/file.js";
import {openerOf} from "./opener.js";
import {picturesOf} from "./pictures.js";
import {weightsOf} from "./weights.js";
import {runsOf} from "./runs.js";

/** @typedef {import("../../types").State} State */
/** @typedef {NonNullable<State["options"]>["forms"][number]} Form */

/** @typedef {{openRoom(): void, openFilm(panel: import("../shared/pictures.js").Name): void}} Openers */

/** A recorded run belongs into the page without a server. @param {import("../shared/file.js").Taken} taken */
async function saveReplay({name, media_type, base64 = ""}) {
  const page = await (await fetch("replay.html")).text();
  saveFile({name, media_type, text: page.replace("@RECORDING@", base64)});
}

class Share {
  /** @param {HTMLDialogElement} root @param {import("../../types").PageContext & Openers} context */
  constructor(root, context) {
    this.root = root;
    this.context = context;
    /** The language, and the forms that the rows were made of. */
    this.written = "";
    /** @type {{form: Form, button: HTMLButtonElement, name: HTMLElement, words: HTMLElement}[]} */
    this.rows = [];
    this.title = h("h2", {id: "title-share"});
    this.close = h("button", {class: "quiet", type: "button", dataset: {role: "share-close"}}, "×");
    this.close.onclick = () => root.close();
    this.link = h("button", {type: "button", dataset: {role: "share-link"}});
    this.link.onclick = () => context.shareLink();
    this.linkWords = h("p", {class: "share-words"});
    this.here = h("p", {class: "share-words", dataset: {role: "share-here"}});
    this.opener = openerOf(context);
    this.room = h("button", {type: "button", dataset: {role: "share-room"}});
    this.room.onclick = () => {
      root.close();
      context.openRoom();
    };
    this.roomWords = h("p", {class: "share-words"});
    this.weights = weightsOf(context);
    this.runs = runsOf(context);
    this.pictures = picturesOf(context, panel => {
      root.close();
      context.openFilm(panel);
    });
    this.fileTitle = h("h3");
    this.files = h("ul", {class: "share-files"});
    this.step = h("p", {class: "share-words", dataset: {role: "share-step"}});
    const head = h("div", {class: "dialog-head"}, this.title, this.close);
    const link = h("section", {class: "share-part"}, this.link, this.linkWords, this.here);
    const room = h("section", {class: "share-part"}, this.room, this.roomWords);
    const files = h("section", {}, this.fileTitle, this.step, this.files);
    const {runs, pictures, opener, weights} = this;
    const own = [runs, pictures].map(({element}) => element);
    const parts = [link, room, ...own, files, opener.element, weights.element];
    root.append(head, h("div", {class: "share"}, ...parts));
  }

  toggle() {
    if (this.root.open) {
      this.root.close();
      return;
    }
    openWindow(this.root);
    this.runs.refresh();
    this.pictures.list();
  }

  /** @param {State} state */
  update(state) {
    const {options, lang, config, frame, connection} = state;
    if (!this.root.open || !options || !config) return;
    this.pictures.update(state);
    const key = `${lang} ${options.forms.map(({name}) => name)}`;
    if (this.written !== key) {
      this.written = key;
      this.list(options.forms);
      this.runs.write(lang);
      this.write();
    }
    const {t} = this.context;
    setText(this.step, t("share.step", {n: frame?.step ?? 0}));
    const onLandscape = Boolean(state.layout?.landscape);
    for (const {form, button} of this.rows)
      button.disabled = connection !== "open" || (form.needs_network && onLandscape);
    this.weights.element.hidden = onLandscape;
  }

  /** @param {Form[]} forms */
  list(forms) {
    this.rows = forms.map(form => {
      const button = h("button", {type: "button", dataset: {role: `take-${form.name}`}});
      button.onclick = () => this.take(form, button);
      return {form, button, name: h("strong"), words: h("span", {class: "share-words"})};
    });
    this.files.replaceChildren(
      ...this.rows.map(({button, name, words}) => h("li", {}, h("div", {}, name, words), button)),
    );
  }

  write() {
    const {t, ownComputer} = this.context;
    setText(this.title, t("share.title"));
    this.close.setAttribute("aria-label", t("setting.close"));
    setText(this.link, t("share.link"));
    setText(this.linkWords, t("share.link_words"));
    setText(this.room, t("share.room"));
    setText(this.roomWords, t("share.room_words"));
    setText(this.here, ownComputer() ? t("share.own_computer") : "");
    this.opener.write();
    this.pictures.write();
    this.weights.write();
    setText(this.fileTitle, t("share.files"));
    for (const {form, button, name, words} of this.rows) {
      setText(name, t(`share.form_${form.name}`));
      setText(words, t(`share.words_${form.name}`));
      setText(button, t("share.save"));
      button.setAttribute("aria-label", t("share.save_as", {what: t(`share.form_${form.name}`)}));
    }
  }

  /** @param {Form} form @param {HTMLButtonElement} button */
  async take(form, button) {
    button.disabled = true;
    const reply = await this.context.act("take_away", {form: form.name});
    if (reply.ok !== false) {
      const taken = /** @type {import("../shared/file.js").Taken} */ (reply);
      if (form.name === "replay") await saveReplay(taken);
      else saveFile(taken);
    }
    button.disabled = false;
  }
}

/**
 * @param {HTMLDialogElement} root
 * @param {import("../../types").PageContext & Openers} context
 * @returns {import("../../types").View & {toggle(): void}}
 */
export function shareView(root, context) {
  const share = new Share(root, context);
  return {
    update: state => share.update(state),
    toggle: () => share.toggle(),
    destroy: () => root.replaceChildren(),
  };
}
