// @ts-check
/** Weights from elsewhere: a file or a pasted text, with which the run begins anew. */

import {h, setText} from "../../draw/dom.js";
import {shape} from "../../draw/format.js";

/** Bytes as base64. @param {ArrayBuffer} buffer */
export function packed(buffer) {
  let letters = "";
  for (const byte of new Uint8Array(buffer)) letters += String.fromCharCode(byte);
  return btoa(letters);
}

/** @param {import("../../types").PageContext} context */
export function weightsOf({t, act, wordsOf}) {
  const title = h("h3");
  const words = h("p", {class: "share-words"});
  const label = h("label", {for: "share-weights"});
  const file = h("input", {type: "file", id: "share-weights", dataset: {role: "weights-file"}});
  const pasted = h("textarea", {rows: 2, spellcheck: "false", dataset: {role: "weights-text"}});
  const button = h("button", {type: "submit", dataset: {role: "weights-use"}});
  const told = h("p", {class: "share-words", role: "status", dataset: {role: "weights-told"}});
  const element = h("form", {class: "share-part"}, title, words, label, file, pasted, button, told);
  file.accept = ".json,.npz,.safetensors,.txt";
  element.onsubmit = async event => {
    event.preventDefault();
    const chosen = file.files?.[0];
    if (!chosen && !pasted.value.trim()) {
      setText(told, t("weights.none"));
      return;
    }
    const content = chosen ? {base64: packed(await chosen.arrayBuffer())} : {text: pasted.value};
    setText(told, "");
    button.disabled = true;
    const reply = /** @type {any} */ (await act("bring_weights", content));
    button.disabled = false;
    setText(told, reply.ok === false ? wordsOf(reply) : wordsFor(reply, t));
    if (reply.ok !== false) element.reset();
  };
  return {
    element,
    write() {
      setText(title, t("weights.title"));
      setText(words, t("weights.words"));
      setText(label, t("weights.file"));
      setText(button, t("weights.use"));
      pasted.placeholder = t("weights.paste");
      pasted.setAttribute("aria-label", t("weights.paste"));
    },
  };
}

/**
 * What was brought in, and what of it was not whole.
 * @param {{sizes: number[], digits: number | null, left_out: string[]}} reply
 * @param {import("../../types").PageContext["t"]} t
 */
export function wordsFor({sizes, digits, left_out: leftOut}, t) {
  const parts = [t("weights.taken", {sizes: shape(sizes)})];
  if (digits !== null) parts.push(t("weights.digits", {n: digits}));
  if (leftOut.length) parts.push(t("weights.left_out", {names: leftOut.join(", ")}));
  return parts.join(" ");
}
