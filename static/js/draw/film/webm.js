// @ts-check
/**
 * One track of pictures as a WebM file: a header, the pictures in clusters that each begin with a whole one, and a
 * table of those, so that players know the length and can go to any place. Sections are those of RFC 8794 (EBML) and
 * RFC 9559 (Matroska). Pure.
 */

/** An encoded picture: its bytes, and whether it can be read without those before it.
 * @typedef {{data: Uint8Array, whole: boolean}} Picture */
/**
 * @typedef {{codec: "V_VP8" | "V_VP9", width: number, height: number, rate: number}} Track
 * `rate`: pictures a second */

const ID = {
  EBML: 0x1a45dfa3,
  EBMLVersion: 0x4286,
  EBMLReadVersion: 0x42f7,
  EBMLMaxIDLength: 0x42f2,
  EBMLMaxSizeLength: 0x42f3,
  DocType: 0x4282,
  DocTypeVersion: 0x4287,
  DocTypeReadVersion: 0x4285,
  Segment: 0x18538067,
  SeekHead: 0x114d9b74,
  Seek: 0x4dbb,
  SeekID: 0x53ab,
  SeekPosition: 0x53ac,
  Info: 0x1549a966,
  TimestampScale: 0x2ad7b1,
  Duration: 0x4489,
  MuxingApp: 0x4d80,
  WritingApp: 0x5741,
  Title: 0x7ba9,
  Tracks: 0x1654ae6b,
  TrackEntry: 0xae,
  TrackNumber: 0xd7,
  TrackUID: 0x73c5,
  TrackType: 0x83,
  FlagLacing: 0x9c,
  CodecID: 0x86,
  DefaultDuration: 0x23e383,
  Video: 0xe0,
  PixelWidth: 0xb0,
  PixelHeight: 0xba,
  Cluster: 0x1f43b675,
  Timestamp: 0xe7,
  SimpleBlock: 0xa3,
  Cues: 0x1c53bb6b,
  CuePoint: 0xbb,
  CueTime: 0xb3,
  CueTrackPositions: 0xb7,
  CueTrack: 0xf7,
  CueClusterPosition: 0xf1,
};
/** @typedef {keyof typeof ID} Name */

/** ms that a cluster of whole pictures lasts at least; a block may lie 32,767 ms behind the begin of its cluster. */
const CLUSTER = 1000;
const MILLISECOND = 1e6; // in nanoseconds
/** Bytes in which sizes and places are written, so that they are as long whatever they are. */
const WIDE = 8;

/** @param {number} value whole, at least 0 @param {number} [length] bytes */
function number(value, length = Math.max(1, Math.ceil(Math.log2(value + 1) / 8))) {
  return Uint8Array.from({length}, (_, k) => Math.floor(value / 256 ** (length - 1 - k)) % 256);
}

/** @param {number} value */
function float(value) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value);
  return bytes;
}

/** @param {string} text */
const words = text => new TextEncoder().encode(text);

/** @param {Uint8Array[]} parts */
function joined(parts) {
  const whole = new Uint8Array(parts.reduce((sum, {length}) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** @param {Name} name @param {...Uint8Array} content */
function element(name, ...content) {
  const size = number(
    content.reduce((sum, {length}) => sum + length, 0),
    WIDE,
  );
  size[0] |= 1; // the length of the size: all eight bytes
  return joined([number(ID[name]), size, ...content]);
}

/** Where the pictures are cut into clusters: at whole ones, and not more often than is of use.
 * @param {Picture[]} pictures @param {number} rate @returns {number[][]} indices of pictures */
export function clustersOf(pictures, rate) {
  /** @type {number[][]} */
  const clusters = [];
  pictures.forEach(({whole}, k) => {
    const begun = clusters.at(-1)?.[0];
    if (begun === undefined || (whole && ((k - begun) * 1000) / rate >= CLUSTER)) clusters.push([k]);
    else clusters.at(-1)?.push(k);
  });
  return clusters;
}

/** @param {Track} track */
function tracks({codec, width, height, rate}) {
  const video = element("Video", element("PixelWidth", number(width)), element("PixelHeight", number(height)));
  const entry = element(
    "TrackEntry",
    element("TrackNumber", number(1)),
    element("TrackUID", number(1)),
    element("TrackType", number(1)),
    element("FlagLacing", number(0)),
    element("CodecID", words(codec)),
    element("DefaultDuration", number(Math.round((1000 * MILLISECOND) / rate))),
    video,
  );
  return element("Tracks", entry);
}

/** @param {Picture[]} pictures @param {number[]} indices @param {(k: number) => number} timeOf ms */
function cluster(pictures, indices, timeOf) {
  const begun = timeOf(indices[0]);
  const blocks = indices.map(k => {
    const {data, whole} = pictures[k];
    const head = [0x81, ...number(timeOf(k) - begun, 2), whole ? 0x80 : 0];
    return element("SimpleBlock", Uint8Array.from(head), data);
  });
  return element("Cluster", element("Timestamp", number(begun)), ...blocks);
}

/** Where the parts of the segment lie, from its first byte on. @param {[Name, number][]} places */
function seekHead(places) {
  const entries = places.map(([name, at]) =>
    element("Seek", element("SeekID", number(ID[name])), element("SeekPosition", number(at, WIDE))),
  );
  return element("SeekHead", ...entries);
}

/**
 * @param {Track} track
 * @param {Picture[]} pictures at least one, the first whole; each is shown for 1 / rate seconds
 * @param {string} title
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function webmOf(track, pictures, title) {
  const {rate} = track;
  const timeOf = (/** @type {number} */ k) => Math.round((k * 1000) / rate);
  const head = element(
    "EBML",
    element("EBMLVersion", number(1)),
    element("EBMLReadVersion", number(1)),
    element("EBMLMaxIDLength", number(4)),
    element("EBMLMaxSizeLength", number(8)),
    element("DocType", words("webm")),
    element("DocTypeVersion", number(4)),
    element("DocTypeReadVersion", number(2)),
  );
  const info = element(
    "Info",
    element("TimestampScale", number(MILLISECOND)),
    element("Duration", float((pictures.length * 1000) / rate)),
    element("Title", words(title)),
    element("MuxingApp", words("Backscope")),
    element("WritingApp", words("Backscope")),
  );
  const parts = clustersOf(pictures, rate);
  const about = tracks(track);
  const seek = seekHead([
    ["Info", 0],
    ["Tracks", 0],
    ["Cues", 0],
  ]).length;
  const cueOf = (/** @type {number} */ time, /** @type {number} */ at) =>
    element(
      "CuePoint",
      element("CueTime", number(time, WIDE)),
      element("CueTrackPositions", element("CueTrack", number(1)), element("CueClusterPosition", number(at, WIDE))),
    );
  const cueLength = element("Cues", ...parts.map(() => cueOf(0, 0))).length;
  const cuesAt = seek + info.length + about.length;
  const clusters = parts.map(indices => cluster(pictures, indices, timeOf));
  let at = cuesAt + cueLength;
  const cues = clusters.map(({length}, k) => {
    at += length;
    return cueOf(timeOf(parts[k][0]), at - length);
  });
  const places = seekHead([
    ["Info", seek],
    ["Tracks", seek + info.length],
    ["Cues", cuesAt],
  ]);
  return joined([head, element("Segment", places, info, about, element("Cues", ...cues), ...clusters)]);
}
