import assert from "node:assert/strict";
import test from "node:test";
import {decodeLesson, encodeRun} from "../../../../static/js/app/link.js";
import {areLesson} from "../../../../static/js/app/lessons.js";
import {initialState} from "../../../../static/js/model/model.js";
import {createOwn} from "../../../../static/js/views/lessons/own.js";
import {
  draftOf,
  filesOf,
  folderName,
  hasPart,
  placeOfFault,
  withMoved,
  withNewStep,
  withoutPart,
  withoutStep,
  withPart,
  withStep,
  withText,
} from "../../../../static/js/views/lessons/writing/draft.js";
import {createKept} from "../../../../static/js/views/lessons/writing/kept.js";
import {between, holdsIn, snapshotOf, suggestionsOf} from "../../../../static/js/views/lessons/writing/suggest.js";

const FILES = {
  "lesson.json":
    '{"minutes": 5, "steps": [\n  {"state": {"preset": "xor"}, "question": {"right": 2}},\n  {"until": "step > 3"}]}\n',
  "en.md": "# Title\n\nAbout.\n\n## One\n\nText.\n\n### question\n\nWhich?\n\n- A\n- B\n\n## Two\n\nEnd.",
  "zh.md": "# 标题\n\n简介。\n\n## 一\n\n### question\n\n哪个？\n\n- 甲\n- 乙\n\n\n## 二\n",
};
const DRAFT = draftOf(FILES, {en: [5, 16], zh: [5, 15]}, "mine");
const memory = () => {
  const kept = new Map();
  return {getItem: key => kept.get(key) ?? null, setItem: (key, text) => kept.set(key, text)};
};

test("a lesson that is opened and saved is the same letter by letter", () => {
  assert.deepEqual(filesOf(DRAFT), FILES);
  assert.deepEqual(DRAFT.words.en.steps[1], "## Two\n\nEnd.");
});

test("a step that is added, moved and removed leaves the others as they were", () => {
  const grown = withNewStep(DRAFT, 2, {until: "loss < 1"}, lang => `## New ${lang}\n\n`);
  assert.match(filesOf(grown)["en.md"], /End\.\n\n## New en\n\n$/);
  const moved = withMoved(grown, 2, 0);
  assert.match(filesOf(moved)["zh.md"], /简介。\n\n## New zh\n\n## 一/);
  assert.deepEqual(
    moved.lesson.steps.map(step => Object.keys(step)[0]),
    ["until", "state", "until"],
  );
  assert.equal(filesOf(withoutStep(moved, 0))["en.md"].trim(), FILES["en.md"].trim());
  assert.deepEqual(JSON.parse(filesOf(withoutStep(moved, 0))["lesson.json"]), JSON.parse(FILES["lesson.json"]));
});

test("a part comes and goes in all languages and in the entries", () => {
  assert.ok(hasPart(DRAFT, 0, "question"));
  const none = withoutPart(DRAFT, 0, "question");
  assert.equal(none.words.en.steps[0].trim(), "## One\n\nText.");
  assert.deepEqual(none.lesson.steps[0], {state: {preset: "xor"}});
  const check = withPart(none, 1, "check", () => "Work it out.");
  assert.match(check.words.zh.steps[1], /### check\n\nWork it out\./);
  assert.deepEqual(check.lesson.steps[1], {until: "step > 3", check: {value: "loss", slips: []}});
  assert.ok(!hasPart(withoutPart(check, 1, "check"), 1, "check"));
});

test("every line of the files leads to its step", () => {
  const draft = withStep(withText(DRAFT, "en", 1, "## Two\n\nEnd\n<b>"), 1, {until: "x"});
  for (const [name, file] of Object.entries(filesOf(draft))) {
    const lines = file.trimEnd().split("\n");
    const places = lines.map((_, i) => placeOfFault(draft, {file: name, line: i + 1}));
    lines.forEach((text, i) => {
      if (/^## (Two|二)/.test(text)) assert.deepEqual(places[i], {step: 1, line: 1}, name);
      if (text === "<b>") assert.deepEqual(places[i], {step: 1, line: 4});
      if (text.includes('"until"')) assert.equal(places[i]?.step, 1);
      if (text.includes('"preset"')) assert.equal(places[i]?.step, 0);
      if (text.startsWith("# ")) assert.deepEqual(places[i], {step: -1, line: 1});
    });
  }
});

test("a folder's name is what the server takes for one", () => {
  assert.equal(folderName("My Lesson: XOR!"), "my-lesson-xor");
  assert.equal(folderName("学习率"), "my-lesson");
});

test("what is written is kept as it is typed, and the lesson before can be had back", () => {
  const storage = memory();
  const kept = createKept(storage);
  assert.ok(kept.keep(DRAFT));
  kept.begin({...DRAFT, name: "other"});
  assert.deepEqual(createKept(storage).before(), DRAFT);
  assert.equal(createKept(storage).draft()?.name, "other");
  storage.setItem("backscope:lesson-draft", '{"words": {"en": {"steps": 3}}}');
  assert.equal(createKept(storage).draft(), null);
  assert.ok(!createKept(null).keep(DRAFT));
});

test("the browser keeps the last lessons that came, and no more than it has room for", () => {
  const storage = memory();
  const own = createOwn(storage);
  const lesson = name => ({name, title: name, summary: [], minutes: 5, steps: [1, 2]});
  for (let n = 0; n < 25; n += 1) own.keep(lesson(`own-${n}`), FILES, "en");
  assert.equal(createOwn(storage).entries("zh").length, 20);
  assert.equal(own.entries("en")[0].name, "own-24");
  assert.equal(own.files("own-0"), null);
  for (let n = 0; n < 9; n += 1) own.keep(lesson(`large-${n}`), {"en.md": "x".repeat(250_000)}, "en");
  assert.ok(storage.getItem("backscope:own-lessons").length < 1_500_001);
  own.remove("large-8");
  assert.equal(createOwn(storage).files("large-8"), null);
});

test("a link carries a lesson's files, and what is cut off carries none", async () => {
  const packed = await encodeRun(FILES);
  assert.deepEqual(await decodeLesson(packed), FILES);
  for (const broken of [null, "", "z.", packed.slice(0, -9), "bnVsbA", await encodeRun({a: 1}), await encodeRun([1])])
    assert.equal(await decodeLesson(broken), null);
});

test("files are a lesson's by their names", () => {
  const named = (...names) => names.map(name => ({name}));
  assert.ok(areLesson(named("lesson.json", "en.md")) && areLesson(named("mine.zip")));
  for (const names of [[], ["data.csv"], ["en.md", "data.csv"], ["run.backscope.json"]])
    assert.ok(!areLesson(named(...names)));
});

test("a threshold lies between then and now, with few digits", () => {
  for (const [from, to] of [
    [0.6909, 0.1234],
    [0.1, 12],
    [-78.3, -78.2],
    [1e-7, 3e-9],
    [5, 4.999],
  ]) {
    const edge = between(from, to);
    assert.ok(edge !== null && (edge - from) * (edge - to) < 0, `${from} ${edge} ${to}`);
  }
  assert.equal(between(1, 1), null);
});

test("what is offered as a condition holds now and did not when the step began", () => {
  const config = {
    data: {name: "xor", noise: 0.1},
    network: {hidden: [4], activation: "tanh", residual: false, dropout: 0, normalization: null},
    optimizer: {name: "sgd", learning_rate: 0.1},
    ...{batch_size: 10, l2: 0, clip_norm: null, initializer: "he_normal", loss: "bce"},
  };
  const first = {...initialState("en", "light"), config};
  const frame = {step: 0, epoch: 0, loss: 0.7, accuracy: 0.5, test_loss: 0.7, test_accuracy: 0.5, symptoms: []};
  const then = {...first, frame: {...frame, norms: {delta: [], gradient: [], weight: [], update: []}}};
  const changed = {...config, optimizer: {...config.optimizer, name: "adam", learning_rate: 0.01}};
  const later = {...then.frame, step: 40, loss: 0.1, accuracy: 0.9, symptoms: [{name: "dead"}]};
  const now = {
    ...then,
    config: changed,
    frame: later,
    view: {...then.view, selected: {kind: "neuron", layer: 1, index: 0}},
  };
  const [before, after] = [snapshotOf(then), snapshotOf(now)];
  const found = suggestionsOf(before, after).map(({text}) => text);
  for (const text of ["step >= 40", 'optimizer == "adam"', 'opened("inspector")', 'symptom("dead")'])
    assert.ok(found.includes(text), text);
  assert.ok(
    found.some(text => text.startsWith("loss < 0.")) && found.some(text => text.startsWith("learning_rate < ")),
  );
  for (const text of [...found, ...suggestionsOf(after, before).map(each => each.text)])
    assert.notEqual(holdsIn(text, before), holdsIn(text, after), text);
  assert.deepEqual(suggestionsOf(before, before), []);
});
