// The golden files that tests/server/wire/test_protocol.py reads too: what the server writes is what the browser
// understands.
import assert from "node:assert/strict";
import {readdirSync, readFileSync} from "node:fs";
import test from "node:test";
import {decode} from "../../../static/js/wire/protocol.js";

const folder = new URL("../../fixtures/wire/", import.meta.url);
const names = readdirSync(folder)
  .filter(name => name.endsWith(".bin"))
  .map(name => name.slice(0, -4));

test("there are golden files of every kind of message", () => {
  const kinds = new Set(
    names.map(name => JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8")).header.kind),
  );
  assert.deepEqual([...kinds].sort(), ["data", "frame", "history", "surface"]);
});

for (const name of names) {
  test(`golden file ${name}`, () => {
    const expected = JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
    const bytes = readFileSync(new URL(`${name}.bin`, folder));
    const {header, arrays} = decode(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
    const {arrays: entries, ...rest} = header;
    assert.deepEqual(rest, expected.header);
    assert.deepEqual(Object.keys(arrays), Object.keys(expected.arrays));
    for (const [array, , shape] of entries) {
      assert.deepEqual(shape, expected.arrays[array].shape);
      const values = expected.arrays[array].values.map(
        value => ({nan: NaN, inf: Infinity, "-inf": -Infinity})[value] ?? value,
      );
      assert.deepEqual([...arrays[array]], values, array);
    }
  });
}
