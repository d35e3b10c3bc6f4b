// @ts-check
/**
 * The wire as the browser sees it: binary messages in (server/wire/protocol.py writes them), commands out. Version 1.
 */

export const VERSION = 1;

/**
 * A binary message: `u32` header length, JSON header, then the arrays that `header.arrays` names, each padded to 4
 * bytes.
 * `f4` and `i4` arrays are views of `buffer`; `bf2` (bfloat16, the upper half of a float32) is widened.
 * @param {ArrayBuffer} buffer
 * @returns {{header: Record<string, any>, arrays: Record<string, Float32Array | Int32Array>}}
 */
export function decode(buffer) {
  const headerLength = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, headerLength)));
  /** @type {Record<string, Float32Array | Int32Array>} */
  const arrays = {};
  let offset = 4 + headerLength;
  for (const [name, dtype, shape] of header.arrays) {
    const count = shape.reduce((/** @type {number} */ n, /** @type {number} */ m) => n * m, 1);
    if (dtype === "bf2") {
      arrays[name] = widen(new Uint16Array(buffer, offset, count));
      offset += count * 2 + (count % 2) * 2;
    } else if (dtype === "f4" || dtype === "i4") {
      arrays[name] = dtype === "f4" ? new Float32Array(buffer, offset, count) : new Int32Array(buffer, offset, count);
      offset += count * 4;
    } else {
      throw new Error(`array ${name} has an unknown type ${dtype}`);
    }
  }
  return {header, arrays};
}

/** @param {Uint16Array} upper bfloat16 numbers @returns {Float32Array} */
function widen(upper) {
  const bits = new Uint32Array(upper.length);
  for (let i = 0; i < upper.length; i++) bits[i] = upper[i] << 16;
  return new Float32Array(bits.buffer);
}

/** A number that JSON cannot carry arrives as null. @param {number | null | undefined} x @returns {number} */
export const number = x => x ?? NaN;

/** @param {string} op @param {Record<string, unknown>} fields @param {number} [id] @returns {string} */
export function command(op, fields, id) {
  return JSON.stringify(id === undefined ? {op, ...fields} : {id, op, ...fields});
}
