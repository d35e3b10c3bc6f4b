// @ts-check
/** What a film is asked for with: length, pictures a second, format; a button that begins and cancels, and progress. */

import {h, setOptions, setText} from "../../draw/dom.js";
import {compact, integer} from "../../draw/format.js";
import {lasting} from "../../draw/lasting.js";
import {MOST, RATES} from "./filming.js";

/** @typedef {import("./filming.js").Filming} Filming */
/** @typedef {import("./filming.js").Form} Form */
/** @typedef {import("../../types").ViewContext["t"]} Translate */
/** @typedef {{seconds: number, rate: number, form: Form, pictures: number}} Chosen */

/** Seconds and pictures a second at first. */
const FIRST = {seconds: 5, rate: 10};

/** @param {{press: () => void, choose: () => void}} hands @param {string} of begins the parts’ roles */
function createParts({press, choose}, of) {
  const role = (/** @type {string} */ name) => ({dataset: {role: `${of}-${name}`}, onchange: choose});
  const seconds = h("input", {
    type: "number",
    min: 1,
    max: 300,
    step: 1,
    value: FIRST.seconds,
    oninput: choose,
    ...role("seconds"),
  });
  const rate = h("select", role("rate"));
  const form = h("select", role("form"));
  setOptions(
    rate,
    RATES.map(n => ({value: String(n), label: String(n)})),
  );
  rate.value = String(FIRST.rate);
  const fields = Object.entries({seconds, rate, form}).map(([name, field]) => ({name, field, words: h("span")}));
  return {
    seconds,
    rate,
    form,
    fields,
    labels: fields.map(({field, words}) => h("label", {}, words, field)),
    begin: h("button", {type: "button", class: "primary", dataset: {role: `${of}-begin`}, onclick: press}),
    progress: h("progress", {max: 1}),
    told: h("p", {class: "film-told", role: "status", dataset: {role: `${of}-told`}}),
    missing: h("p", {class: "film-told", hidden: true}),
  };
}

/** @param {Translate} t @param {{press: () => void, choose: () => void}} hands @param {"film" | "zoom"} of */
export function filmControls(t, hands, of) {
  const {seconds, rate, form, fields, labels, begin, progress, told, missing} = createParts(hands, of);
  /** @type {Form[]} */
  let forms = [];
  const listForms = () => {
    setOptions(
      form,
      forms.map(value => ({value, label: t(`film.form_${value}`)})),
    );
    missing.hidden = !forms.length || forms.includes("webm");
    setText(missing, missing.hidden ? "" : t("film.no_webm"));
  };
  return {
    labels,
    begin,
    progress,
    told,
    missing,
    /** Ask the browser what it can make; asked once. */
    async find() {
      if (forms.length) return;
      const {formsHere} = await import("../../draw/film/encoders.js");
      forms = await formsHere();
      listForms();
      hands.choose();
    },
    /** @returns {Chosen} */
    chosen() {
      const length = Math.max(0, Number(seconds.value) || 0);
      const each = Number(rate.value);
      return {seconds: length, rate: each, form: /** @type {Form} */ (form.value), pictures: Math.round(length * each)};
    },
    /** What stands against it, as a key of words; "" for nothing. */
    problem() {
      const {pictures} = this.chosen();
      return pictures < 1 ? "film.no_length" : pictures > MOST ? "film.too_long" : "";
    },
    write() {
      for (const {name, words} of fields) setText(words, t(`film.${name}`));
      listForms();
    },
    /** @param {Filming} filming @param {string} note what is said while nothing goes on */
    tell({busy, done, count, left}, note) {
      setText(begin, t(busy ? "film.cancel" : "film.begin"));
      for (const {field} of fields) field.disabled = busy;
      progress.value = busy && count ? done / count : 0;
      progress.classList.toggle("idle", !busy);
      const time = Number.isFinite(left) ? lasting(left, t) : "…";
      setText(told, busy ? t("film.going", {done: integer(done), count, left: time}) : note);
    },
  };
}

/** What is said of a film that was saved. @param {Blob} blob @param {string} name @param {Chosen} chosen
 * @param {Translate} t */
export const savedWords = ({size}, name, {pictures, rate}, t) =>
  t("film.saved", {name, pictures, seconds: compact(pictures / rate), size: compact(size / 1e6)});
