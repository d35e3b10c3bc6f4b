import assert from "node:assert/strict";
import test from "node:test";
import {command, decode, number} from "../../../static/js/wire/protocol.js";

/** A message as server/wire/protocol.py writes it. */
function message(header, ...bodies) {
  let text = JSON.stringify(header);
  text += " ".repeat((4 - (Buffer.byteLength(text) % 4)) % 4);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  const whole = Buffer.concat([
    length,
    Buffer.from(text),
    ...bodies.map(b => Buffer.concat([b, Buffer.alloc((4 - (b.length % 4)) % 4)])),
  ]);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
}

const floats = (...numbers) => Buffer.from(Float32Array.from(numbers).buffer);

test("float32, int32 and bfloat16 arrays are read in order, with their padding", () => {
  const upper = Buffer.from(Uint16Array.from([0x3f80, 0xc000, 0x7fc0]).buffer); // 1, −2, NaN
  const {header, arrays} = decode(
    message(
      {
        kind: "frame",
        arrays: [
          ["P", "f4", [2]],
          ["G", "bf2", [3]],
          ["steps", "i4", [1, 2]],
          ["empty", "f4", [0, 3]],
          ["last", "f4", [1]],
        ],
      },
      floats(1.5, -2.25),
      upper,
      Buffer.from(Int32Array.from([7, -1]).buffer),
      Buffer.alloc(0),
      floats(9),
    ),
  );
  assert.equal(header.kind, "frame");
  assert.deepEqual([...arrays.P], [1.5, -2.25]);
  assert.deepEqual([...arrays.G], [1, -2, NaN]);
  assert.deepEqual([...arrays.steps], [7, -1]);
  assert.equal(arrays.empty.length, 0);
  assert.deepEqual([...arrays.last], [9]);
});

test("infinity and NaN survive in arrays, words survive in the header", () => {
  const {header, arrays} = decode(
    message({word: "学习率 η", arrays: [["x", "f4", [3]]]}, floats(Infinity, -Infinity, NaN)),
  );
  assert.equal(header.word, "学习率 η");
  assert.deepEqual([...arrays.x], [Infinity, -Infinity, NaN]);
});

test("an unknown type of array is named", () => {
  assert.throws(() => decode(message({arrays: [["x", "f8", [1]]]}, floats(0, 0))), /array x has an unknown type f8/);
});

test("null in a header is a number that JSON cannot carry", () => {
  assert.ok(Number.isNaN(number(null)));
  assert.equal(number(0), 0);
});

test("a command carries its id only when an answer is awaited", () => {
  assert.equal(command("set", {learning_rate: 0.1}, 4), '{"id":4,"op":"set","learning_rate":0.1}');
  assert.equal(command("ack", {seq: 9}), '{"op":"ack","seq":9}');
});
