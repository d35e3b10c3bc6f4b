import assert from "node:assert/strict";
import {test} from "node:test";
import {crc32, deflateSync} from "node:zlib";

import {withWords} from "../../../static/js/draw/png.js";
import {PATH} from "../../../static/js/draw/svg_path.js";

/** A PNG of one black pixel, its chunks made by Node. */
function onePixel() {
  const chunk = (name, data) => {
    const said = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(said));
    return Buffer.concat([length, said, sum]);
  };
  const head = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  const pixels = chunk("IDAT", deflateSync(Buffer.from([0, 0])));
  return Buffer.concat([signature, chunk("IHDR", head), pixels, chunk("IEND", Buffer.alloc(0))]);
}

test("a PNG keeps its chunks and holds words in any script, each with the right checksum", () => {
  const before = onePixel();
  const png = Buffer.from(withWords(new Uint8Array(before), {Title: "损失", Source: "http://x/#run=z.AB"}));
  const found = [];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const said = png.subarray(at + 4, at + 8 + length);
    assert.equal(png.readUInt32BE(at + 8 + length), crc32(said));
    found.push([said.toString("latin1", 0, 4), said.subarray(4)]);
    at += 12 + length;
  }
  assert.deepEqual(
    found.map(([name]) => name),
    ["IHDR", "iTXt", "iTXt", "IDAT", "IEND"],
  );
  assert.equal(found[1][1].toString(), "Title\0\0\0\0\0损失");
  assert.equal(found[2][1].toString(), "Source\0\0\0\0\0http://x/#run=z.AB");
});

/** Scaled by `s` and moved by `x`, `y`. */
const moved = (s, x, y) => ({a: s, b: 0, c: 0, d: s, e: x, f: y});

test("a path is written at the place that the transform gives it", () => {
  assert.equal(PATH.moveTo(moved(2, 10, 1), [3, 4], false), "M16 9");
  assert.equal(PATH.lineTo(moved(1, 0, 0), [3, 4], false), "M3 4");
  assert.equal(PATH.rect(moved(1, 1, 1), [0, 0, 2, 3], false), "M1 1L3 1L3 4L1 4Z");
});

test("arcs end where the canvas ends them, whole, part and counter to the clock", () => {
  const ends = d => [...d.matchAll(/(-?[\d.]+) (-?[\d.]+)(?=A|$)/g)].map(([, x, y]) => [+x, +y]);
  for (const [from, to, counter] of [
    [0, 2 * Math.PI, false],
    [0.3, 2.1, false],
    [2.1, 0.3, false],
    [0.3, 2.1, true],
  ]) {
    const [start, middle, end] = ends(PATH.arc(moved(1, 0, 0), [0, 0, 100, from, to, counter], false));
    const near = (point, angle) => {
      assert.ok(Math.abs(point[0] - 100 * Math.cos(angle)) < 0.01, `${point}`);
      assert.ok(Math.abs(point[1] - 100 * Math.sin(angle)) < 0.01, `${point}`);
    };
    const turn = 2 * Math.PI;
    const way = to - from === turn ? turn : (((counter ? from - to : to - from) % turn) + turn) % turn;
    near(start, from);
    near(middle, from + ((counter ? -1 : 1) * way) / 2);
    near(end, to);
  }
});
