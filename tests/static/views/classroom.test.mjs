import assert from "node:assert/strict";
import test from "node:test";
import {matters} from "../../../static/js/views/classroom/call.js";
import {barsOf, choiceWords, edgeWords, outcomeWords} from "../../../static/js/views/classroom/histogram.js";
import {joinLink, spaced} from "../../../static/js/views/classroom/places.js";
import {questionWords} from "../../../static/js/views/classroom/question.js";

const t = (key, params) => (params ? `${key} ${Object.values(params)}` : key);
const poll = {number: 1, kind: "loss", text: "", choices: [], step: 50, rate: null, revealed: true};

test("the run's own answer is marked in the one bin that holds it", () => {
  const histogram = {edges: [0, 1, 2], counts: [3, 1]};
  const real = value => barsOf({...poll, histogram, outcome: {value}}, t).map(bar => bar.real);
  assert.deepEqual(real(0.5), [true, false]);
  assert.deepEqual(real(1), [false, true]);
  assert.deepEqual(real(2), [false, true]);
  assert.deepEqual(real(null), [false, false]);
});

test("bins are open at the ends where answers lie far away, and the run's own may lie there", () => {
  const histogram = {edges: [null, 0.1, 0.2, 0.3, null], counts: [1, 5, 4, 2]};
  const bars = value => barsOf({...poll, histogram, outcome: {value}}, t);
  assert.deepEqual(
    bars(0.2).map(bar => bar.words),
    ["< 0.10", "0.10 – 0.20", "0.20 – 0.30", "> 0.30"],
  );
  const marked = value => bars(value).findIndex(bar => bar.real);
  assert.deepEqual([0.01, 0.1, 0.2, 0.3, 7, null].map(marked), [0, 1, 2, 2, 3, -1]);
});

test("edges of bins have as many digits as tell them apart", () => {
  assert.deepEqual(edgeWords([0.25, 0.5, 1]), ["0.25", "0.50", "1.0"]);
  assert.deepEqual(edgeWords([0.301, 0.3033, 0.3055]), ["0.301", "0.303", "0.305"]);
});

test("words without room are counted together, and a run without an answer says why", () => {
  const histogram = {words: ["why"], counts: [2], more: 3};
  assert.deepEqual(
    barsOf({...poll, kind: "words", histogram, outcome: null}, t).map(({words, count}) => [words, count]),
    [
      ["why", 2],
      ["poll.more", 3],
    ],
  );
  const words = (kind, outcome) => outcomeWords({...poll, kind, outcome}, t);
  assert.equal(words("loss", {value: null}), "poll.run_diverged 50");
  assert.equal(words("lane", {value: null}), "poll.all_diverged 50");
  assert.equal(words("converge", {value: null, gone: true}), "poll.other_run");
  assert.equal(words("choice", {value: null}), "");
});

test("choices are marked by their number, words not at all", () => {
  const lanes = {...poll, kind: "lane", choices: ["0", "2"], histogram: {counts: [1, 4]}, outcome: {value: 1}};
  assert.deepEqual(
    barsOf(lanes, t).map(({words, real}) => [words, real]),
    [
      ["poll.lane A", false],
      ["poll.lane C", true],
    ],
  );
  const said = {...poll, kind: "words", histogram: {words: ["why"], counts: [2]}, outcome: null};
  assert.deepEqual(barsOf(said, t), [{words: "why", count: 2, real: false}]);
  assert.equal(choiceWords({...poll, kind: "choice", choices: ["<b>"]}, 0, t), "<b>");
});

test("a question is asked in the page's words, an own one in the teacher's", () => {
  assert.equal(questionWords(poll, t), "poll.ask_loss 50,");
  assert.equal(questionWords({...poll, kind: "words", text: "Why?"}, t), "Why?");
});

test("the address of a room lies beside the page, wherever that is", () => {
  assert.equal(joinLink("AAAAAA", "http://10.0.0.1:8765/?lang=zh#x"), "http://10.0.0.1:8765/join#AAAAAA");
  assert.equal(joinLink("AAAAAA", "https://school.example/bs/"), "https://school.example/bs/join#AAAAAA");
  assert.equal(spaced("ABCDEF"), "ABC DEF");
});

test("who plays with a copy is told of what goes on now, each under a name of its own time", () => {
  const room = {poll: null, paused: false, pointed: false, you: {drives: false, answer: null}};
  const told = patch => Object.fromEntries(matters({...room, ...patch}));
  assert.deepEqual(Object.fromEntries(matters(null)), {});
  assert.deepEqual(told({}), {});
  const open = {...poll, open: true, revealed: false};
  assert.deepEqual(told({poll: open}), {"asked 1": "call.asked"});
  assert.deepEqual(told({poll: open, you: {drives: false, answer: 0}}), {"asked 1": "call.answered"});
  assert.deepEqual(told({poll: {...open, number: 2}}), {"asked 2": "call.asked"});
  assert.deepEqual(told({poll: {...open, open: false}}), {}, "over");
  assert.deepEqual(told({poll: {...open, open: false, revealed: true}}), {"revealed 1": "call.revealed"});
  assert.deepEqual(Object.keys(told({paused: true, pointed: true, you: {drives: true}})), [
    ...["drives", "paused", "pointed"],
  ]);
});
