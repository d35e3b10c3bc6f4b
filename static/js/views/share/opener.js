// @ts-check
/** A link that somebody was given: opened in a tab of its own, be it one of Backscope or of TensorFlow Playground. */

import {h, setText} from "../../draw/dom.js";

/** @param {import("../../types").PageContext} context */
export function openerOf({t, openLink}) {
  const label = h("label", {for: "share-open"});
  const field = h("input", {id: "share-open", type: "text", dataset: {role: "share-open"}, autocomplete: "off"});
  const button = h("button", {type: "submit", dataset: {role: "share-open-link"}});
  const told = h("p", {class: "share-words", role: "status", dataset: {role: "share-open-told"}});
  const line = h("div", {class: "share-line"}, field, button);
  const element = h("form", {class: "share-part", novalidate: ""}, label, line, told);
  element.onsubmit = async event => {
    event.preventDefault();
    setText(told, "");
    const opened = await openLink(field.value);
    setText(told, t(opened ? "share.opened" : "share.no_link"));
    if (opened) field.value = "";
    else field.focus();
  };
  return {
    element,
    write() {
      setText(label, t("share.open"));
      setText(button, t("share.open_link"));
      field.placeholder = "playground.tensorflow.org/#…";
    },
  };
}
