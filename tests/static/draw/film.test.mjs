import assert from "node:assert/strict";
import {test} from "node:test";

import {vp8Of} from "../../../static/js/draw/film/encoders.js";
import {changesOf, commonInks, gifEncoder} from "../../../static/js/draw/film/gif.js";
import {clustersOf, webmOf} from "../../../static/js/draw/film/webm.js";

/** Elements whose content is elements: head, segment, its parts and theirs. */
const NESTED = new Set([
  "1a45dfa3",
  "18538067",
  "114d9b74",
  "4dbb",
  "1549a966",
  "1654ae6b",
  "ae",
  "e0",
  "1f43b675",
  "1c53bb6b",
  "bb",
  "b7",
]);

/** @returns the elements of a part, each with its name, its place and its content, as RFC 8794 reads them */
function elements(bytes, from = 0, to = bytes.length) {
  const found = [];
  for (let at = from; at < to;) {
    const begin = at;
    const long = Math.clz32(bytes[at]) - 23;
    const name = bytes.subarray(at, at + long).toString("hex");
    at += long;
    const wide = Math.clz32(bytes[at]) - 23;
    let size = bytes[at] & (255 >> wide);
    for (let k = 1; k < wide; k++) size = size * 256 + bytes[at + k];
    at += wide;
    const content = bytes.subarray(at, at + size);
    found.push({name, begin, content, inner: NESTED.has(name) ? elements(bytes, at, at + size) : []});
    at += size;
    assert.ok(at <= to, `${name} is longer than what it stands in`);
  }
  return found;
}

const whole = content => [...content].reduce((value, byte) => value * 256 + byte, 0);
const within = ({inner}, name) => inner.filter(each => each.name === name);
const one = (element, ...names) => names.reduce((at, name) => within(at, name)[0], element);

test("a WebM says its length and size, and its table leads to whole pictures at their times", () => {
  for (const rate of [5, 10, 20, 25]) {
    const pictures = Array.from({length: 7 * rate + 1}, (_, k) => ({
      data: Uint8Array.of(k % 256, 1, 2),
      whole: k % (2 * rate) === 0,
    }));
    const bytes = Buffer.from(webmOf({codec: "V_VP9", width: 1280, height: 720, rate}, pictures, "损失 · step 3"));
    const [head, segment, ...more] = elements(bytes);
    assert.equal(more.length, 0);
    assert.equal(one(head, "4282").content.toString(), "webm");
    const info = one(segment, "1549a966");
    assert.equal(one(info, "4489").content.readDoubleBE(), (pictures.length * 1000) / rate);
    assert.equal(one(info, "7ba9").content.toString(), "损失 · step 3");
    const video = one(segment, "1654ae6b", "ae", "e0");
    assert.deepEqual(
      [one(video, "b0"), one(video, "ba")].map(({content}) => whole(content)),
      [1280, 720],
    );
    const start = segment.begin + 12;
    const seeks = within(one(segment, "114d9b74"), "4dbb");
    for (const seek of seeks) {
      const place = start + whole(one(seek, "53ac").content);
      assert.ok(bytes.subarray(place).indexOf(one(seek, "53ab").content) === 0);
    }
    assert.equal(seeks.length, 3);
    const clusters = within(segment, "1f43b675");
    const times = clusters.flatMap(cluster =>
      within(cluster, "a3").map(({content}) => whole(one(cluster, "e7").content) + content.readInt16BE(1)),
    );
    assert.deepEqual(
      times,
      pictures.map((_, k) => (k * 1000) / rate),
    );
    const cues = within(one(segment, "1c53bb6b"), "bb");
    assert.deepEqual(
      cues.map(cue => [whole(one(cue, "b3").content), start + whole(one(cue, "b7", "f1").content)]),
      clusters.map(cluster => [whole(one(cluster, "e7").content), cluster.begin]),
    );
    assert.ok(cues.length > 3);
    for (const cluster of clusters) assert.equal(within(cluster, "a3")[0].content[3], 0x80);
  }
});

test("clusters of whole pictures alone are a second long at least, and no block lies too far behind its begin", () => {
  const pictures = Array.from({length: 100}, () => ({data: new Uint8Array(1), whole: true}));
  assert.deepEqual(
    clustersOf(pictures, 25).map(({length}) => length),
    [25, 25, 25, 25],
  );
});

test("the VP8 picture of a WebP file is found behind other parts; a lossless one has none", () => {
  const part = (name, data) => {
    const head = Buffer.alloc(8);
    head.write(name);
    head.writeUInt32LE(data.length, 4);
    return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
  };
  const file = (...parts) => new Uint8Array(Buffer.concat([Buffer.from("RIFF0000WEBP"), ...parts]));
  const picture = Buffer.from([7, 8, 9]);
  assert.deepEqual(
    [...vp8Of(file(part("VP8X", Buffer.alloc(10)), part("ICCP", Buffer.alloc(3)), part("VP8 ", picture)))],
    [...picture],
  );
  assert.equal(vp8Of(file(part("VP8L", picture))), null);
});

/** The pictures of a GIF: how long each is shown (1/100 s), whether it has a transparent colour, and its colours. */
function picturesOf(gif) {
  const found = [];
  const table = at => (gif[at] & 128 ? 3 * 2 ** ((gif[at] & 7) + 1) : 0);
  let at = 13 + table(10);
  let colours = gif.subarray(13, at);
  let control = {};
  while (gif[at] !== 0x3b) {
    if (gif[at] === 0x21) {
      if (gif[at + 1] === 0xf9) control = {delay: gif.readUInt16LE(at + 4), clear: (gif[at + 3] & 1) === 1};
      at += 2;
    } else {
      assert.equal(gif[at], 0x2c);
      const own = table(at + 9);
      if (own) colours = gif.subarray(at + 10, at + 10 + own);
      found.push({...control, colours});
      at += 11 + own;
    }
    while (gif[at]) at += gif[at] + 1;
    at++;
  }
  return found;
}

test("a GIF shows each picture for its time, keeps what stays, and common colours to the last bit", async () => {
  const [width, height] = [32, 16];
  const ground = 0xfffaf6f4;
  const canvas = column => {
    const inks = new Uint32Array(width * height).fill(ground);
    for (let row = 0; row < height; row++) inks[row * width + column] = 0xff010203 + row;
    return {getContext: () => ({getImageData: () => ({data: new Uint8ClampedArray(inks.buffer)})})};
  };
  const encoder = await gifEncoder({width, height, rate: 20, title: ""});
  await encoder.add(canvas(1), 2);
  await encoder.add(canvas(1), 1);
  await encoder.add(canvas(5), 4);
  const blob = await encoder.finish();
  assert.equal(blob.type, "image/gif");
  const gif = Buffer.from(await blob.arrayBuffer());
  assert.deepEqual([gif.readUInt16LE(6), gif.readUInt16LE(8)], [width, height]);
  const pictures = picturesOf(gif);
  assert.deepEqual(
    pictures.map(({delay, clear}) => [delay, clear]),
    [
      [15, false],
      [20, true],
    ],
  );
  for (const {colours} of pictures) assert.ok(colours.includes(Buffer.from([0xf4, 0xf6, 0xfa])));
});

test("what is not as before is found, and which colours are common", () => {
  const inks = Uint32Array.of(7, 7, 7, 2, 2, 1);
  const all = changesOf(new Uint32Array(0), inks);
  assert.equal(all.length, 6);
  assert.deepEqual(commonInks(inks, all, 2), [7, 2]);
  assert.deepEqual([...changesOf(Uint32Array.of(7, 7, 7, 2, 2, 2), inks)], [5]);
});
