// @ts-check
/** Numbers as text: a proper minus, grouped thousands, powers of ten with raised exponents. */

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Words for what is no finite number; null when `x` is one. What is infinite here came as float32, which ends at
 * 3.4×10³⁸: the core's number may well be finite beyond it. @param {number} x @returns {string|null} */
export function special(x) {
  if (Number.isFinite(x)) return null;
  return Number.isNaN(x) ? "NaN" : x > 0 ? ">10³⁸" : "<−10³⁸";
}

/** @param {string} text @returns {string} */
const minus = text => text.replace("-", "−");

const WHOLE = new Intl.NumberFormat("en", {maximumFractionDigits: 0});

/** @param {string} digits unsigned @returns {string} */
const grouped = digits => (digits.length < 4 ? digits : WHOLE.format(BigInt(digits)));

/** A power of ten: power(-5) is "10⁻⁵". @param {number} n an integer @returns {string} */
export function power(n) {
  return `10${n < 0 ? "⁻" : ""}${[...String(Math.abs(n))].map(digit => RAISED[+digit]).join("")}`;
}

/** Layers by their neurons, as the name of a net: shape([2, 6, 3, 1]) is "2-6-3-1". @param {Iterable<number>} sizes
 * @returns {string} */
export const shape = sizes => [...sizes].join("-");

/** A whole number with grouped thousands: integer(12345) is "12,345". @param {number} x @returns {string} */
export function integer(x) {
  const rounded = Math.round(x);
  return special(x) ?? `${rounded < 0 ? "−" : ""}${grouped(String(Math.abs(rounded)))}`;
}

/** A number within words, given as it is: thousands of an integer are grouped, of any other no digit is lost:
 * asGiven(12345) is "12,345", asGiven(-1e-8) "−10⁻⁸". @param {number} x @returns {string} */
export function asGiven(x) {
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return integer(x);
  const [mantissa, n] = String(x).split("e");
  if (n === undefined) return special(x) ?? minus(mantissa);
  return Math.abs(+mantissa) === 1 ? minus(mantissa).replace("1", power(+n)) : `${minus(mantissa)}×${power(+n)}`;
}

/** Decimal with a fixed count of digits behind the point: fixed(-0.5, 2) is "−0.50".
 * @param {number} x @param {number} places @returns {string} */
export const fixed = (x, places) => special(x) ?? minus(x.toFixed(places));

/** Mantissa and power of ten: exponent(0.000123, 2) is "1.2×10⁻⁴". Zero stays "0".
 * @param {number} x @param {number} [digits] significant ones, 1…17 @returns {string} */
export function exponent(x, digits = 2) {
  const words = special(x);
  if (words !== null) return words;
  if (x === 0) return "0";
  const [mantissa, n] = x.toExponential(digits - 1).split("e");
  return `${minus(mantissa)}×${power(+n)}`;
}

/** Decimal with a fixed count of significant digits, so that a changing number keeps its width; powers of ten only
 * where a decimal would hide its size: plain(0.04231) is "0.0423", plain(1e-7) is "1.00×10⁻⁷".
 * @param {number} x @param {number} [digits] significant ones, 1…17 @returns {string} */
export function plain(x, digits = 3) {
  const words = special(x);
  if (words !== null) return words;
  if (x === 0) return "0";
  const size = Math.abs(+x.toPrecision(digits));
  if (size < 1e-4 || size >= 1e7) return exponent(x, digits);
  if (size >= 10 ** digits) return integer(x);
  const [units, fraction] = size.toPrecision(digits).split(".");
  return `${x < 0 ? "−" : ""}${grouped(units)}${fraction === undefined ? "" : `.${fraction}`}`;
}

/** A number that somebody chose, as it was chosen: chosen(0.1) is "0.1", chosen(1e-8) "10⁻⁸".
 * @param {number} x @returns {string} */
export const chosen = x =>
  x !== 0 && (Math.abs(x) < 1e-3 || Math.abs(x) >= 1e6) ? compact(x) : (special(x) ?? minus(String(+x.toPrecision(4))));

/** As short as three digits allow, for axes and tight places: "0.05", "1.2k", "3M", "10⁻⁶".
 * @param {number} x @returns {string} */
export const compact = x => short(x, 3);

/** As short as so many digits allow. @param {number} x @param {number} digits significant ones, 3…17; one less before
 * a power of ten @returns {string} */
function short(x, digits) {
  const words = special(x);
  if (words !== null) return words;
  if (x === 0) return "0";
  const size = Math.abs(x);
  const sign = x < 0 ? "−" : "";
  if (isRaised(size)) {
    const [mantissa, n] = size.toExponential(digits - 2).split("e");
    return +mantissa === 1 ? sign + power(+n) : `${sign}${+mantissa}×${power(+n)}`;
  }
  const [divisor, unit] = size >= 999.5e3 ? [1e6, "M"] : size >= 9999.5 ? [1e3, "k"] : [1, ""];
  return `${sign}${+(size / divisor).toPrecision(size < 9999.5 && size >= 1000 ? Math.max(4, digits) : digits)}${unit}`;
}

/** Whether a size is written with a power of ten where it must be short. @param {number} size */
const isRaised = size => size < 1e-3 || size >= 1e9;

/** More digits than these no tick has. */
const MOST_DIGITS = 12;

/** Room that numbers need beside an axis, in letters' sizes, and what keeps them off it. @param {string[]} texts
 * @param {number} size of the letters in px @param {number} least in letters' sizes */
export const roomBeside = (texts, size, least) =>
  Math.max(size * least, ...texts.map(text => text.length * size * 0.6 + 8));

/** The ticks of one axis in words: compact, with as many digits as each needs to stand where it says.
 * @param {number[]} values @returns {string[]} */
export function tickWords(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const apart = Math.min(...sorted.slice(1).map((value, k) => value - sorted[k]));
  const off = (/** @type {number} */ x, /** @type {number} */ digits) =>
    Math.abs(+x.toPrecision(isRaised(Math.abs(x)) ? digits - 1 : digits) - x);
  let digits = 3;
  while (digits < MOST_DIGITS && values.some(x => off(x, digits) > apart / 100)) digits++;
  return values.map(x => short(x, digits));
}

/** A share in hundredths: percent(0.876) is "88 %", percent(0.9987) "99.9 %", so that only all is "100 %".
 * @param {number} x 0…1 @returns {string} */
export function percent(x) {
  const words = special(x);
  if (words !== null) return words;
  const value = 100 * x;
  if (Math.abs(value) >= 1e4) return `${plain(value, 3)}\u202f%`;
  const fine = Math.abs(value) < 10 || (value > 99 && value < 100);
  const shown = fine ? Math.min(Math.round(value * 10) / 10, value < 100 ? 99.9 : 100) : Math.round(value);
  return `${minus(String(shown))}\u202f%`;
}

/** From one number to another as they are written, or the one where they are written alike: no "5 – 5".
 * @param {string} low @param {string} high @returns {string} */
export const range = (low, high) => (low === high ? low : `${low} – ${high}`);

/** Signs that have room in a field of the inspector. */
const FIELD = 12;

/** As many digits as a hand can mean: by powers of ten where a field has no room. @param {number} x */
export function typed(x) {
  const rounded = +x.toPrecision(6);
  return String(rounded).length <= FIELD ? String(rounded) : rounded.toExponential();
}
