import assert from "node:assert/strict";
import test from "node:test";
import {placeOf, sizeOf, SLIDE} from "../../../static/js/views/film/painting.js";
import {complete, stands, Steps} from "../../../static/js/views/film/steps.js";
import {Filming, shotsOf} from "../../../static/js/views/shared/filming.js";

test("pictures are spread evenly from the first step to the last; a step that lasts is painted once", () => {
  const steps = (first, last, pictures) => shotsOf(pictures, share => Math.round(first + share * (last - first)));
  assert.deepEqual(
    steps(3, 7, 5),
    [3, 4, 5, 6, 7].map(place => ({place, times: 1})),
  );
  for (const [first, last, pictures] of [
    [0, 2, 10],
    [0, 1000, 50],
    [5, 6, 2],
    [0, 7, 25],
  ]) {
    const shots = steps(first, last, pictures);
    assert.equal(shots[0].place, first);
    assert.equal(shots.at(-1).place, last);
    assert.equal(
      shots.reduce((sum, {times}) => sum + times, 0),
      pictures,
    );
    assert.equal(new Set(shots.map(({place}) => place)).size, shots.length);
  }
});

test("a film has even sides, and the picture lies within it as it is", () => {
  for (const [width, height] of [
    [397, 211],
    [1234.5, 300],
    [90, 1000],
  ]) {
    const looks = sizeOf("looks", {width, height});
    assert.equal(looks.width % 2 || looks.height % 2, 0);
    assert.ok(Math.abs(looks.width / looks.height - width / height) < (0.02 * width) / height);
    assert.deepEqual(placeOf("looks", looks, {width, height}), {left: 0, top: 0, ...looks});
    const {left, top, width: across, height: high} = placeOf("slide", SLIDE, {width, height});
    assert.ok(left >= 24 && top >= 24 && left + across <= SLIDE.width - 24 && top + high <= SLIDE.height - 44);
    assert.ok(Math.abs(across / high - width / height) < 1e-9 * (width / height));
  }
});

/** A canvas without a browser. */
function sham() {
  const size = {width: 0, height: 0};
  const data = () => new Uint8ClampedArray(4 * size.width * size.height);
  const canvas = {...size, getContext: () => ({canvas, getImageData: () => ({data: data()})})};
  Object.defineProperties(canvas, {
    width: {set: value => (size.width = value), get: () => size.width},
    height: {set: value => (size.height = value), get: () => size.height},
  });
  return canvas;
}

test("a film tells how far it is; cancelled it is none, and another can be begun", async () => {
  globalThis.document = {createElement: sham};
  const film = {width: 4, height: 4, rate: 10, title: ""};
  const shots = shotsOf(4, share => share);
  const told = [];
  let clock = 0;
  const filming = new Filming(
    () => told.push([filming.busy, filming.done, filming.left]),
    () => (clock += 100),
  );
  const painted = [];
  const blob = await filming.make("gif", film, shots, async place => void painted.push(place));
  assert.equal(blob.type, "image/gif");
  assert.deepEqual(painted, [0, 1 / 3, 2 / 3, 1]);
  assert.deepEqual(told, [
    [true, 0, NaN],
    [true, 1, 300],
    [true, 2, 200],
    [true, 3, 100],
    [true, 4, 0],
    [false, 4, 0],
  ]);
  let wanted = true;
  const none = await filming.make("gif", film, shots, async (place, _ctx, goes) => {
    if (place > 0) filming.cancel();
    wanted = goes();
  });
  assert.deepEqual([none, wanted, filming.busy, filming.done], [null, false, false, 1]);
  await assert.rejects(
    filming.make("gif", film, shots, () => Promise.reject(new Error("film.lost"))),
    /film.lost/,
  );
  assert.equal(filming.busy, false);
  delete globalThis.document;
});

const frameAt = (step, more = {}) => ({step, target: null, coarse: {P: false, A: false}, ...more});

test("a step is there when its frame has all digits, and what is measured beside it is of it too", () => {
  assert.ok(stands({frame: frameAt(3)}, 3));
  for (const frame of [null, frameAt(4), frameAt(3, {target: 9}), frameAt(3, {coarse: {P: true, A: false}})])
    assert.ok(!stands({frame}, 3));
  const rests = {computing: {share: 1, resolution: 0}, surface: {progress: 1}, laboratory: {step: 3}};
  for (const panel of ["lab", "surface", "curves"]) assert.ok(complete(rests, panel, 3));
  assert.ok(!complete(rests, "lab", 4));
  assert.ok(!complete({...rests, computing: {share: 0.5, resolution: 65}}, "surface", 3));
  assert.ok(!complete({...rests, surface: {progress: 0.3}}, "surface", 3));
});

test("a run that plays rests for its film, and plays on from where it was", async () => {
  globalThis.window = globalThis;
  const state = {frame: frameAt(40), layout: {id: 1}, playing: true, connection: "open"};
  const asked = [];
  const steps = new Steps(async (op, fields) => {
    asked.push([op, fields?.step]);
    if (op === "pause") state.playing = false;
    if (op === "seek") state.frame = frameAt(fields.step);
    return {ok: op !== "seek" || fields.step < 90};
  });
  steps.update(state);
  await steps.begin();
  await steps.to(5, "curves");
  await steps.to(6, "curves");
  await steps.end();
  assert.deepEqual(asked, [
    ["pause", undefined],
    ["seek", 5],
    ["seek", 6],
    ["seek", 40],
    ["play", undefined],
  ]);
  state.playing = false;
  await steps.begin();
  await assert.rejects(steps.to(90, "curves"), /film.refused/);
  state.layout = {id: 2};
  await assert.rejects(steps.to(7, "curves"), /film.another/);
  delete globalThis.window;
});
