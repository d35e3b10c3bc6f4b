// @ts-check
/** Where a file comes from: chosen, dropped anywhere on the window, or pasted as text. */

import {h} from "../../draw/dom.js";

/** ms without a key after which a pasted or typed table is read. */
const TYPED = 400;
/** Letters above which pasted text is taken as a file is: laying tens of thousands of lines out stops the page. */
const WRITTEN = 50_000;
const ACCEPTED = ".csv,.tsv,.txt,.data,.xlsx,.xlsm,text/csv,text/plain";
const EXAMPLE = "x1,x2,y\n0,0,0\n0,1,1\n1,0,1\n1,1,0";

export class Source {
  /**
   * @param {HTMLElement} root what files can be dropped on
   * @param {(content: Blob, name: string) => void} take what becomes of a file; text that is shown has no name
   * @param {() => string} pasted the name of pasted text that is too long to be shown
   */
  constructor(root, take, pasted) {
    this.take = take;
    this.pasted = pasted;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.typing = undefined;
    this.file = h("input", {
      type: "file",
      accept: ACCEPTED,
      dataset: {role: "upload-file"},
      onchange: () => this.takeFile(this.file.files),
    });
    this.text = h("textarea", {
      rows: 5,
      spellcheck: "false",
      dataset: {role: "upload-text", i18nTip: "upload.paste"},
      placeholder: EXAMPLE,
      oninput: () => this.type(),
      onpaste: (/** @type {ClipboardEvent} */ event) => this.paste(event),
    });
    const choose = h("label", {class: "upload-choose"}, h("span", {dataset: {i18n: "upload.choose"}}), this.file);
    const or = h("span", {class: "upload-or", dataset: {i18n: "upload.drop"}});
    this.note = h("span", {class: "upload-note", dataset: {i18n: "upload.note"}});
    this.element = h("div", {class: "upload-drop"}, choose, or, this.text, this.note);
    this.listen(root);
  }

  /** @param {HTMLElement} root */
  listen(root) {
    const {classList} = this.element;
    for (const type of ["dragenter", "dragover"])
      root.addEventListener(type, event => {
        event.preventDefault();
        classList.add("over");
      });
    for (const type of ["dragleave", "drop"]) root.addEventListener(type, () => classList.remove("over"));
    root.addEventListener("drop", event => {
      event.preventDefault();
      this.takeFile(event.dataTransfer?.files);
    });
  }

  type() {
    clearTimeout(this.typing);
    this.typing = setTimeout(() => {
      if (this.text.value.trim()) this.take(new Blob([this.text.value]), "");
    }, TYPED);
  }

  /** @param {ClipboardEvent} event */
  paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (text.length <= WRITTEN) return;
    event.preventDefault();
    clearTimeout(this.typing);
    this.text.value = "";
    this.take(new Blob([text]), this.pasted());
  }

  /** @param {FileList | null | undefined} files */
  takeFile(files) {
    const file = files?.[0];
    if (!file) return;
    clearTimeout(this.typing);
    this.text.value = "";
    this.take(file, file.name);
    this.file.value = ""; // the same file can be chosen again once it is mended
  }

  /** Leave the room to what is said of a file. @param {boolean} given whether there is one */
  shrink(given) {
    this.text.rows = given ? 1 : 5;
    this.text.placeholder = given ? "" : EXAMPLE;
    this.note.hidden = given;
  }

  destroy() {
    clearTimeout(this.typing);
  }
}
