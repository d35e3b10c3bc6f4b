// @ts-check
/** A picture as PNG, with words in it: https://www.w3.org/TR/png-3/, sections 5 and 11.3.3. */

/** Bytes before the first chunk, and of the header chunk, which must come first: words follow it. */
const SIGNATURE = 8;
const HEADER = 25;

const TABLE = Uint32Array.from({length: 256}, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {Uint8Array} bytes */
function crc32(bytes) {
  let c = 0xffffffff;
  for (const byte of bytes) c = TABLE[(c ^ byte) & 0xff] ^ (c >>> 8);
  return (c ^ 0xffffffff) >>> 0;
}

/** Words in any script, uncompressed. @param {string} keyword Latin letters, 1…79 @param {string} text */
function textChunk(keyword, text) {
  const said = new TextEncoder().encode(`iTXt${keyword}\0\0\0\0\0${text}`);
  const chunk = new Uint8Array(said.length + 8);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, said.length - 4);
  chunk.set(said, 4);
  view.setUint32(said.length + 4, crc32(said));
  return chunk;
}

/** A PNG with words in it. @param {Uint8Array} png @param {Record<string, string>} words by keyword */
export function withWords(png, words) {
  const at = SIGNATURE + HEADER;
  const chunks = Object.entries(words).map(([keyword, text]) => textChunk(keyword, text));
  const whole = new Uint8Array(png.length + chunks.reduce((n, chunk) => n + chunk.length, 0));
  whole.set(png.subarray(0, at));
  let end = at;
  for (const chunk of [...chunks, png.subarray(at)]) {
    whole.set(chunk, end);
    end += chunk.length;
  }
  return whole;
}

/** An SVG document as a canvas. @param {string} svg @param {number} width @param {number} height in pixels */
export async function rasterized(svg, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext("2d")?.drawImage(image, 0, 0, width, height);
  return canvas;
}
