// @ts-check
/** What is said of a file, in the page's language: how it is written, and what is wrong in it. */

import {has} from "../../draw/i18n.js";

/** @typedef {(key: string, params?: Record<string, string | number>) => string} Translate */
/**
 * @typedef {{problem: string, words: string, row: number | null, column: number | null, name: string,
 * params?: Record<string, string | number>}} Defect
 */
/**
 * How a file is written: what was chosen, else what was recognised. `decimal` is null where columns differ or cannot be
 * told.
 * @typedef {{encoding: string | null, delimiter: string | null, decimal: string | null, header: boolean | null, sheet:
 * string | null}} Form
 */

/** Delimiters as keys of their names. @type {Record<string, string>} */
const DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "spaces"};

/** What can be chosen of a file; names of encodings are the server's. */
export const CHOICES = {
  delimiter: [",", ";", "\t", "|", " "],
  decimal: [".", ","],
  header: ["names", "data"],
  encoding: ["utf-8", "utf-16", "windows-1252", "windows-1250", "windows-1251", "gb18030", "big5", "shift_jis"],
};

/** @typedef {keyof typeof CHOICES} Choice */

/** Names that are the same in every language. @type {Record<string, string>} */
const SAME = {
  ".": "1,234.5",
  ",": "1.234,5",
  "utf-8": "UTF-8",
  "utf-16": "UTF-16",
  "windows-1252": "Windows-1252",
  "windows-1250": "Windows-1250",
  "windows-1251": "Windows-1251",
  gb18030: "GB18030",
  big5: "Big5",
  shift_jis: "Shift_JIS",
};

/** @param {Translate} t @param {Choice} choice @param {string} value */
export function choiceWords(t, choice, value) {
  if (choice === "header") return t(`upload.header_${value}`);
  return choice === "delimiter" ? t(`upload.delimiter_${DELIMITERS[value]}`) : SAME[value];
}

/** Whose letters an encoding has. @param {Translate} t @param {Choice} choice @param {string} value */
export function choiceGroup(t, choice, value) {
  return choice === "encoding" ? t(`upload.encoding_${value.replace("-", "_")}`) : "";
}

/** What was recognised, as one of the choices; null where nothing was. @param {Choice} choice @param {Form} form */
export function recognised(choice, form) {
  if (choice !== "header") return form[choice];
  return form.header === null ? null : form.header ? "names" : "data";
}

/** @param {Translate} t @param {string} lang @param {Defect} defect */
export function defectWords(t, lang, {problem, words, params = {}}) {
  const key = `upload.problem_${problem}`;
  if (!has(lang, key)) return words;
  return t(key, params);
}

/** @param {Translate} t @param {import("../../types").DatasetOption} option */
export function summary(t, {samples, inputs, kind, class_names: classes}) {
  const words = t("upload.summary", {n: samples, inputs, kind: t(`upload.kind_${kind}`)});
  return classes.length ? `${words}: ${classes.slice(0, 6).join(", ")}${classes.length > 6 ? ", …" : ""}` : words;
}
