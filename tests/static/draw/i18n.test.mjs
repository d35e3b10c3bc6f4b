import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {test} from "node:test";

import {
  CODES,
  fillIn,
  has,
  LANGUAGES,
  languageFor,
  learn,
  loadLanguage,
  pluralForm,
  translate,
} from "../../../static/js/draw/i18n.js";

test("a browser gets the first of its languages that the page speaks, else English", () => {
  assert.equal(languageFor(["zh-CN", "en-US"]), "zh");
  assert.equal(languageFor(["fr-FR", "zh-TW", "en"]), "zh");
  assert.equal(languageFor(["en-GB", "zh"]), "en");
  assert.equal(languageFor(["fr", "enx"]), "en");
  assert.equal(languageFor([]), "en");
});

test("every language has a name of its own", () => {
  assert.deepEqual(CODES, Object.keys(LANGUAGES));
  assert.equal(new Set(Object.values(LANGUAGES)).size, CODES.length);
});

test("a count chooses its form, written or not, and is written with grouped thousands", () => {
  const steps = "{n, plural, one {# step} other {# steps}} of {all}";
  assert.equal(fillIn("en", steps, {n: 1, all: "1"}), "1 step of 1");
  assert.equal(fillIn("en", steps, {n: "1", all: 12345}), "1 step of 12,345");
  assert.equal(fillIn("en", steps, {n: 0, all: -1234}), "0 steps of −1,234");
  assert.equal(fillIn("en", steps, {n: "1,001", all: 0.25}), "1,001 steps of 0.25");
  assert.equal(fillIn("en", steps, {n: "–", all: 1e-8}), "– steps of 10⁻⁸");
  assert.equal(fillIn("en", "{n, plural, =0 {none} other {# of {all}}}", {n: 0, all: 3}), "none");
  assert.equal(fillIn("en", "{n, plural, =0 {none} other {# of {all}}}", {n: 2, all: 3}), "2 of 3");
  assert.equal(fillIn("en", "{n} and {gap}", {n: 1}), "1 and {gap}");
});

test("a language with more forms than English has each of them", () => {
  const files = "{n, plural, one {# plik} few {# pliki} many {# plików} other {# pliku}}";
  const told = [1, 2, 5, 22, 1.5].map(n => fillIn("pl", files, {n}));
  assert.deepEqual(told, ["1 plik", "2 pliki", "5 plików", "22 pliki", "1.5 pliku"]);
  assert.equal(pluralForm("ar", 2), "two");
});

/** Every count with its forms in a text. */
const plurals = text => [...text.matchAll(/\{(\w+), plural,((?: [\w=]+ \{(?:[^{}]|\{\w+\})*\})+)\}/g)];

for (const lang of CODES)
  test(`every count has the forms that ${LANGUAGES[lang]} asks for, and each differs`, () => {
    const table = JSON.parse(readFileSync(new URL(`../../../static/i18n/${lang}.json`, import.meta.url), "utf-8"));
    const wanted = new Intl.PluralRules(lang).resolvedOptions().pluralCategories;
    for (const [key, text] of Object.entries(table))
      for (const [whole, , written] of plurals(text)) {
        const forms = [...written.matchAll(/ ([\w=]+) \{/g)].map(match => match[1]);
        assert.deepEqual(forms.filter(form => !form.startsWith("=")).sort(), [...wanted].sort(), `${key}: ${whole}`);
        assert.ok(!/^\{(\w+), plural, one \{(.*)\} other \{\2\}\}$/.test(whole), key);
      }
  });

test("parts that the server has by another's hand are called as it says, in the language that it has", () => {
  assert.equal(translate("zh", "activation.bend"), "activation.bend");
  learn({"activation.bend": {en: "Bend", zh: "弯曲"}, "loss.soft": {en: "Soft"}, "loss.doux": {fr: "Doux"}});
  assert.equal(translate("zh", "activation.bend"), "弯曲");
  assert.equal(translate("zh", "loss.soft"), "Soft");
  assert.equal(translate("en", "loss.doux"), "Doux");
  assert.equal(has("en", "loss.soft"), true);
  assert.equal(has("en", "loss.none"), false);
});

test("words come from where the page says, and as they are now where that version is gone", async () => {
  const given = [globalThis.fetch, globalThis.document];
  const asked = /** @type {string[]} */ ([]);
  globalThis.document = /** @type {any} */ ({documentElement: {dataset: {words: "joined/1"}}});
  globalThis.fetch = /** @type {any} */ (
    async (/** @type {string} */ path) => {
      asked.push(path);
      return path.includes("joined/1/ya") || path.startsWith("i18n/")
        ? {ok: true, json: async () => ({made_up: path})}
        : {ok: false};
    }
  );
  try {
    await Promise.all(["ya", "yb"].map(loadLanguage));
    assert.equal(translate("ya", "made_up", {}), "joined/1/ya.json");
    assert.equal(translate("yb", "made_up", {}), "i18n/yb.json");
    assert.deepEqual(asked.sort(), ["i18n/yb.json", "joined/1/ya.json", "joined/1/yb.json"]);
  } finally {
    [globalThis.fetch, globalThis.document] = given;
  }
});
