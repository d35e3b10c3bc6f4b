// @ts-check
/** What is written, given to the server to be read: for the preview, to be played, and as files and links. */

import {CODES} from "../../../draw/i18n.js";
import {saveFile} from "../../shared/file.js";
import {draftOf, filesOf, folderName} from "./draft.js";

/** @typedef {import("./editor.js").Editor} Editor */

/** ms without a key until the server reads what was written. */
const REST = 350;
const ZIP = /\.zip$/i;

export class Exchange {
  /** @param {Editor} editor @param {import("../../../types").PageContext["lessons"]} lessons */
  constructor(editor, lessons) {
    this.editor = editor;
    this.lessons = lessons;
    /** The lesson that could be read last. @type {import("../lesson.js").Lesson | null} */
    this.read = null;
    /** How often was asked: only the newest answer counts. */
    this.asked = 0;
    this.timer = 0;
  }

  /** Have it read, a little later. */
  ask() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.give({}), REST);
  }

  /** No answer is waited for any more. */
  end() {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  /** @param {Record<string, string>} options @returns {Promise<any>} what the server says; null where it is not the
   * newest, or could not read it: then that is told */
  async give(options) {
    const {draft, lang, preview, at} = this.editor;
    if (!draft) return null;
    this.end();
    const {asked} = this;
    const reply = await this.lessons.give(JSON.stringify(filesOf(draft)), {lang, ...options});
    if (asked !== this.asked) return null;
    if (reply.ok) this.read = reply.lesson;
    preview.show(reply, at);
    return reply.ok ? reply : null;
  }

  /** What a press of a button asks for: where the lesson cannot be read, what is to be mended first is told and shown.
   * @param {Record<string, string>} options */
  async wish(options) {
    const reply = await this.give(options);
    const {editor} = this;
    if (!reply && editor.preview.broken) {
      editor.say("writing.mend_first");
      editor.preview.faults.scrollIntoView({block: "nearest"});
    }
    return reply;
  }

  async save() {
    const name = folderName(this.editor.draft?.name ?? "");
    const reply = await this.wish({zip: name});
    if (reply) saveFile({name: `${name}.zip`, media_type: "application/zip", base64: reply.zip});
  }

  async saveParts() {
    const reply = await this.wish({});
    if (!reply) return;
    for (const [name, text] of Object.entries(/** @type {Record<string, string>} */ (reply.files)))
      saveFile({name, media_type: name.endsWith(".md") ? "text/markdown" : "application/json", text});
  }

  /** Put a link that holds the whole lesson into the clipboard, and where it can be seen. */
  async link() {
    const reply = await this.wish({});
    if (!reply) return;
    const {address} = this.editor;
    address.value = await this.lessons.link(reply.files);
    address.hidden = false;
    address.select();
    const words = await navigator.clipboard.writeText(address.value).then(
      () => "writing.link_copied",
      () => "writing.link_here",
    );
    this.editor.say(words, {n: address.value.length});
  }

  /** @param {File[]} files */
  async takeFiles(files) {
    const [first] = files;
    if (!first) return;
    if (ZIP.test(first.name)) {
      await this.take(first, first.name.replace(ZIP, ""));
      return;
    }
    const texts = await Promise.all(files.map(async file => [file.name, await file.text()]));
    await this.take(JSON.stringify(Object.fromEntries(texts)));
  }

  /** Go on writing a lesson that is there already. @param {BodyInit} content its files @param {string} [name] */
  async take(content, name = "") {
    const {editor, lessons} = this;
    const reply = await lessons.give(content, {lang: editor.lang});
    if (!reply.ok) {
      editor.preview.show(reply, editor.at);
      return;
    }
    const files = JSON.stringify(reply.files);
    /** @type {Record<string, number[]>} */
    const lines = {};
    for (const lang of CODES.filter(code => `${code}.md` in reply.files)) {
      const {lesson} = await lessons.give(files, {lang});
      lines[lang] = lesson.steps.map((/** @type {import("../lesson.js").Step} */ step) => step.lines.words);
    }
    editor.another(draftOf(reply.files, lines, folderName(name || reply.lesson.title)));
  }
}
