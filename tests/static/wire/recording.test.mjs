import assert from "node:assert/strict";
import {test} from "node:test";
import {deflateRawSync} from "node:zlib";

import {connectRecorded} from "../../../static/js/wire/recorded.js";
import {folded, historyUntil, messagesIn, nearest} from "../../../static/js/wire/recording.js";

/** A message as the wire has it. */
function message(header, arrays) {
  const named = Object.entries(arrays).map(([name, array]) => [
    name,
    array instanceof Int32Array ? "i4" : "f4",
    [array.length],
  ]);
  let text = JSON.stringify({...header, arrays: named});
  text += " ".repeat((4 - (Buffer.byteLength(text) % 4)) % 4);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text), ...Object.values(arrays).map(a => Buffer.from(a.buffer))]);
}

/** A block of three moments, at steps 0, 10 and 20, of which the last two can be inspected. */
function block() {
  const blobs = [];
  let size = 0;
  const keep = blob => {
    const place = [size, blob.length];
    blobs.push(blob);
    size += blob.length;
    return place;
  };
  const data = keep(message({kind: "data"}, {}));
  const first = {layout: {id: 1}, config: {rate: 1}, data};
  const changes = step => (step === 0 ? first : step === 20 ? {config: {rate: 2}} : {});
  const frame = step => keep(message({kind: "frame", step}, {P: Float32Array.of(step)}));
  const steps = Int32Array.of(0, 10, 20);
  const rows = Float32Array.of(0, 3, 3, 1, 1, 10, 2, 2, 1, 1, 20, 1, 1, 1, 1);
  const series = {batch: Float32Array.of(9, 9, 9, 8, 8, 8), rates: Float32Array.of(1, 1)};
  const header = {
    version: 1,
    end: 20,
    state: {lanes: [{id: 0}], speed: 60, status: {kind: "paused"}},
    history: keep(
      message({kind: "history"}, {batch_steps: Int32Array.of(10, 20), ...series, metrics: rows, metric_steps: steps}),
    ),
    moments: [0, 10, 20].map(step => ({step, frame: frame(step), microscope: null, path: 0, ...changes(step)})),
    inspections: {"1 0 0 sample": {1: {step: 10, value: 5, tree: null}, 2: {step: 20, value: 6, tree: null}}},
    curves: [],
  };
  let text = JSON.stringify(header);
  text += " ".repeat((4 - (text.length % 4)) % 4);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return deflateRawSync(Buffer.concat([length, Buffer.from(text), ...blobs])).toString("base64");
}

/** A player that is open, and what it has said. */
async function opened() {
  const said = [];
  let open;
  const ready = new Promise(resolve => {
    open = resolve;
  });
  const player = connectRecorded(
    block(),
    {},
    {
      hello: () => ({}),
      text: told => said.push(told),
      binary: (header, arrays) => {
        said.push({...header, arrays});
        if (header.kind === "frame") open();
      },
      connection: state => said.push({kind: state}),
    },
  );
  await ready;
  return {player, said, last: kind => said.findLast(told => told.kind === kind)};
}

test("a recording opens at its end, and goes to the moment nearest to a step", async () => {
  const {player, said, last} = await opened();
  assert.deepEqual(
    said.map(({kind}) => kind),
    ["connecting", "open", "welcome", "layout", "state", "data", "history", "frame"],
  );
  assert.equal(last("frame").step, 20);
  assert.equal(last("state").config.rate, 2);
  assert.equal((await player.request("seek", {step: 12})).target, 10);
  assert.equal(last("state").config.rate, 1, "what was changed later is not so yet");
  assert.deepEqual([...last("frame").arrays.P], [10]);
  assert.equal(last("history").ahead, true);
  assert.equal((await player.request("step")).target, 20);
  assert.equal((await player.request("step_back", {})).target, 10);
  player.close();
});

test("what is inspected is there at the moments at which it was, and only those are shown meanwhile", async () => {
  const {player, last} = await opened();
  await player.request("seek", {step: 0});
  const watch = {target: {layer: 1, to: 0, from: 0}, over: "sample", unfold: [], key: "k"};
  const reply = await player.request("watch", watch);
  assert.deepEqual(reply.history, {steps: [10], values: [5]});
  assert.equal(last("frame").step, 10);
  assert.equal(last("frame").inspections[0].key, "k");
  assert.equal((await player.request("seek", {step: 0})).target, 10);
  assert.equal((await player.request("watch", {...watch, over: "batch"})).code, "recorded");
  assert.equal((await player.request("seek", {step: 0})).target, 0);
  player.close();
});

test("what needs a server is refused, and what the page asks by itself is not spoken of", async () => {
  const {player} = await opened();
  for (const op of ["set", "configure", "surface", "take_away"])
    assert.equal((await player.request(op, {})).code, "recorded");
  assert.equal((await player.request("look", {})).code, "superseded");
  player.close();
});

test("a history is cut at a step, and the rest is the run's future", () => {
  const arrays = {
    batch_steps: Int32Array.of(1, 2, 3),
    batch: Float32Array.from({length: 9}, (_, k) => k),
    rates: Float32Array.of(1, 1, 1),
    metric_steps: Int32Array.of(0, 2, 3),
    metrics: Float32Array.from({length: 15}, (_, k) => k),
  };
  const {header, arrays: cut} = historyUntil({header: {ghosts: []}, arrays}, 2);
  assert.deepEqual([...cut.batch], [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([...cut.metric_steps], [0, 2]);
  assert.deepEqual(header.ghosts, [{step: [2, 3], loss: [6, 11]}]);
  assert.equal(historyUntil({header: {}, arrays}, 3).header.ahead, false);
});

test("a tree shows what is unfolded, and what always is", () => {
  const tree = {n: "dC_dw", c: "product", k: [{n: "dC_dz", c: "sum", k: [{n: "path", c: "product", k: [{n: "w"}]}]}]};
  assert.deepEqual(folded(tree, new Set()).k[0], {n: "dC_dz", c: "sum"});
  assert.deepEqual(folded(tree, new Set(["0"])), tree);
});

test("of equally near moments the earlier is taken", () => {
  const moments = [0, 10, 20].map(step => ({step}));
  assert.equal(nearest(moments, [0, 1, 2], 5), 0);
  assert.equal(nearest(moments, [1, 2], 0), 1);
});

test("a block of messages is cut where its header says", () => {
  const header = JSON.stringify({
    texts: [{kind: "state"}],
    binaries: [
      [0, 3],
      [4, 2],
    ],
    checksum: 7,
  }).padEnd(80);
  const bytes = Buffer.concat([Buffer.from([80, 0, 0, 0]), Buffer.from(header), Buffer.from([1, 2, 3, 0, 5, 6])]);
  const {texts, binaries, checksum} = messagesIn(new Uint8Array(bytes).buffer);
  assert.deepEqual(texts, [{kind: "state"}]);
  assert.deepEqual(
    binaries.map(one => [...new Uint8Array(one)]),
    [
      [1, 2, 3],
      [5, 6],
    ],
  );
  assert.equal(checksum, 7);
});
