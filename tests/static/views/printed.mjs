/**
 * Reads formulas as somebody with a pocket calculator does: what a line comes to, from the digits that are printed on
 * it. A printed number is all numbers that are rounded to it, so a line comes to an interval.
 */

import {normal} from "../../../static/js/maths/normal.js";

/** What float32 adds to the rounding of the print. */
const SLACK = 1e-6;
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const ALL = [-Infinity, Infinity];

/** Numbers that could have been printed so. @param {string} text @returns {[number, number]} */
export function meant(text) {
  if (text === "NaN") return [NaN, NaN];
  if (text === ">10³⁸") return [1e38, Infinity];
  if (text === "<−10³⁸") return [-Infinity, -1e38];
  const [, minus, digits, power] = /^(−?)([\d.,]*?)(?:×?10(⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+))?$/.exec(text) ?? [];
  if (digits === undefined) throw Error(`no number: ${text}`);
  const exponent = power ? Number([...power].map(c => (c === "⁻" ? "-" : RAISED.indexOf(c))).join("")) : 0;
  const plainDigits = (digits || "1").replaceAll(",", "");
  const size = Number(plainDigits) * 10 ** exponent;
  const significant = plainDigits.replace(".", "").replace(/^0+/, "").length;
  const decimals = plainDigits.includes(".") ? plainDigits.split(".")[1].length : 0;
  // fewer than the digits that are measured to: a number of the formula itself, or one that was chosen
  const half = significant < 3 && !power ? 0 : 0.5 * 10 ** (exponent - decimals);
  const room = half && half + SLACK * size;
  const [low, high] = [size - room, size + room];
  return minus ? [-high, -low] : [low, high];
}

const sorted = numbers => (numbers.some(Number.isNaN) ? ALL : [Math.min(...numbers), Math.max(...numbers)]);
const times = ([a, b], [c, d]) => sorted([a * c, a * d, b * c, b * d].map(x => (Number.isNaN(x) ? 0 : x)));
const over = (x, [c, d]) => (c <= 0 && d >= 0 ? ALL : times(x, [1 / d, 1 / c]));
const plus = ([a, b], [c, d]) => [a + c, b + d];
const minus = ([a, b]) => [-b, -a];
const rising = f => x => sorted(x.map(f));
const positive = ([a, b]) => [Math.max(0, a), Math.max(0, b)];

/** Any function, at many points of an interval. */
const sampled =
  f =>
  ([a, b]) =>
    sorted(Array.from({length: 201}, (_, k) => f(a + ((b - a) * k) / 200)));

function raised(base, power) {
  const [p, q] = power;
  if (p === q && Number.isInteger(p) && base[0] < 0) {
    const ends = base.map(x => x ** p);
    return base[1] > 0 && p % 2 === 0 ? [0, Math.max(...ends)] : sorted(ends);
  }
  const [a, b] = positive(base);
  return sorted([a ** p, a ** q, b ** p, b ** q]);
}

const FUNCTIONS = {
  ln: x => rising(Math.log)(positive(x)),
  tanh: rising(Math.tanh),
  sqrt: x => rising(Math.sqrt)(positive(x)),
  sign: rising(Math.sign),
  Φ: rising(normal),
  abs: ([a, b]) => (a <= 0 && b >= 0 ? [0, Math.max(-a, b)] : sorted([Math.abs(a), Math.abs(b)])),
  max: (...all) => [Math.max(...all.map(([a]) => a)), Math.max(...all.map(([, b]) => b))],
  min: (...all) => [Math.min(...all.map(([a]) => a)), Math.min(...all.map(([, b]) => b))],
};

/** A symbol, whose number is not on the line. */
class Symbol_ extends Error {}

/** Tokens of some elements: rows are transparent, what is set above or below another stays one. */
function tokensOf(elements) {
  return elements.flatMap(element => {
    const {localName, textContent} = element;
    if (localName === "math" || localName === "mrow") return tokensOf(element.children);
    if (localName === "mspace" || (localName === "mtext" && textContent.startsWith("\u2002"))) return [];
    return [element];
  });
}

class Reader {
  constructor(tokens, functions) {
    this.tokens = tokens;
    this.functions = functions;
    this.at = 0;
  }
  get next() {
    return this.tokens[this.at];
  }
  is(...signs) {
    return this.next?.localName === "mo" && signs.includes(this.next.textContent);
  }
  took(...signs) {
    const found = this.is(...signs);
    if (found) this.at++;
    return found;
  }
  sum() {
    let value = this.product();
    while (this.is("+", "−")) {
      const down = this.took("−") || (this.at++, false);
      const part = this.product();
      value = plus(value, down ? minus(part) : part);
    }
    return value;
  }
  product() {
    let value = this.signed();
    while (this.next && !this.is("+", "−", ")", "|", ",")) {
      this.took("·", "\u2062");
      value = times(value, this.signed());
    }
    return value;
  }
  signed() {
    if (this.took("−")) return minus(this.signed());
    if (this.took("+")) return this.signed();
    return this.single();
  }
  single() {
    if (this.took("(")) {
      const value = this.sum();
      this.close(")");
      return value;
    }
    if (this.took("|")) {
      const value = this.sum();
      this.close("|");
      return FUNCTIONS.abs(value);
    }
    const element = this.tokens[this.at++];
    if (!element) throw Error("a number is missing");
    return this.element(element);
  }
  close(sign) {
    if (!this.took(sign)) throw Error(`${sign} is missing`);
  }
  element(element) {
    const {localName, textContent, children} = element;
    const inside = part => valueOf([part], this.functions);
    switch (localName) {
      case "mn":
        return meant(textContent);
      case "mfrac":
        return over(inside(children[0]), inside(children[1]));
      case "msqrt":
        return FUNCTIONS.sqrt(valueOf(children, this.functions));
      case "msup":
        if (children[0].textContent === "e") return rising(Math.exp)(inside(children[1]));
        return raised(inside(children[0]), inside(children[1]));
      case "mi":
        return this.call(textContent);
      case "mo":
        throw Error(`${textContent} cannot be read`);
      default:
        throw new Symbol_(textContent);
    }
  }
  call(name) {
    const own = this.functions[name];
    const f = FUNCTIONS[name] ?? (own && sampled(own));
    if (!f) throw new Symbol_(name);
    this.took("\u2061");
    if (!this.took("(")) return f(this.single());
    const parts = [this.sum()];
    while (this.took(",")) parts.push(this.sum());
    this.close(")");
    return f(...parts);
  }
}

/** What some elements come to. */
function valueOf(elements, functions) {
  const reader = new Reader(tokensOf(elements), functions);
  const value = reader.sum();
  if (reader.next) throw Error(`unread: ${reader.next.textContent}`);
  return value;
}

/** The parts of a line between its signs of equality. */
function sides(line) {
  const found = [[]];
  for (const token of tokensOf([line]))
    if (token.localName === "mo" && ["=", "←"].includes(token.textContent)) found.push([]);
    else found[found.length - 1].push(token);
  return found;
}

/**
 * What is said to be equal in lines of formulas: a row of sides for each thing that is named; a line that begins with a
 * sign goes on with the one before.
 */
function chainsOf(lines) {
  const chains = [];
  for (const line of lines) {
    const [first, ...rest] = sides(line);
    const goesOn = first[0]?.localName === "mo" && ["+", "−"].includes(first[0].textContent);
    if (!chains.length || (first.length && !goesOn)) chains.push([]);
    const chain = chains[chains.length - 1];
    if (goesOn) chain[chain.length - 1].push(...first);
    else if (first.length) chain.push(first);
    chain.push(...rest);
  }
  return chains;
}

/**
 * The faults of some lines: neighbours in a chain that cannot be equal, whatever the printed numbers were rounded from.
 *
 * @param {Element[]} lines
 * @param {Record<string, (x: number) => number>} functions that may be named in them
 * @returns {{faults: string[], compared: number}}
 */
export function checked(lines, functions = {}) {
  const faults = [];
  let compared = 0;
  for (const chain of chainsOf(lines)) {
    const numbers = chain.map(side => {
      try {
        return valueOf(side, functions);
      } catch (error) {
        if (error instanceof Symbol_) return null;
        faults.push(`${error.message} in ${side.map(token => token.textContent).join("")}`);
        return null;
      }
    });
    const known = numbers.flatMap((value, k) =>
      value ? [{value, text: chain[k].map(x => x.textContent).join("")}] : [],
    );
    for (let k = 1; k < known.length; k++) {
      const [one, other] = [known[k - 1], known[k]];
      compared++;
      if (!(one.value[0] <= other.value[1] && other.value[0] <= one.value[1]))
        faults.push(`${one.text} = ${other.text}`);
    }
  }
  return {faults, compared};
}
