// @ts-check
/**
 * The conditions of lessons: a small language of numbers, texts and named quantities, read into a tree and evaluated.
 * It can ask and reckon, and nothing else.
 *
 * or:         and {"or" and}
 * and:        not {"and" not}
 * not:        "not" not | comparison
 * comparison: sum {("<" | "<=" | ">" | ">=" | "==" | "!=") sum}        a < b < c means a < b and b < c
 * sum:        product {("+" | "-") product}
 * product:    unary {("*" | "/") unary}
 * unary:      "-" unary | number | "text" | name | name "(" or {"," or} ")" | "(" or ")"
 */

/** @typedef {number | string | boolean} Value */
/**
 * @typedef {{kind: "value", value: Value} | {kind: "name", name: string, given: Tree[]} |
 * {kind: "sign", sign: string, of: Tree[]} | {kind: "compare", signs: string[], of: Tree[]}} Tree
 */

/** What is wrong with a condition: what was expected, and at which column, from 1. */
export class ConditionError extends Error {
  /** @param {string} expected key of the words for it, below `condition.` @param {number} column
   * @param {string} found @param {Record<string, string | number>} [more] */
  constructor(expected, column, found, more = {}) {
    super(`column ${column}: expected ${expected}, got ${found}`);
    this.expected = expected;
    this.params = {column, found, ...more};
  }
}

const TOKEN =
  /\s*(?:(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<name>[A-Za-z_]\w*)|"(?<text>[^"]*)"|(?<sign><=|>=|==|!=|[<>≤≥≠+\-−*×·/÷(),]))/uy;

/** Signs that are written in two ways. @type {Record<string, string>} */
const SAME = {"≤": "<=", "≥": ">=", "≠": "!=", "−": "-", "×": "*", "·": "*", "÷": "/"};
const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!="]);
/** How deep brackets may go. */
const DEEPEST = 40;

/** @typedef {{kind: "number" | "name" | "text" | "sign" | "end", text: string, column: number}} Token */

/** @param {string} source @returns {Token[]} */
function tokens(source) {
  /** @type {Token[]} */
  const found = [];
  let at = 0;
  while (source.slice(at).trim()) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(source);
    const column = at + 1 + source.slice(at).search(/\S/);
    if (!match?.groups) throw new ConditionError("sign", column, source.slice(column - 1, column + 9));
    const [kind, text] = /** @type {[Token["kind"], string]} */ (
      Object.entries(match.groups).find(([, value]) => value !== undefined)
    );
    found.push({kind, text: kind === "sign" ? (SAME[text] ?? text) : text, column});
    at = TOKEN.lastIndex;
  }
  return [...found, {kind: "end", text: "", column: source.length + 1}];
}

class Reader {
  /** @param {string} source @param {(name: string) => number | null} arity */
  constructor(source, arity) {
    this.tokens = tokens(source);
    this.arity = arity;
    this.at = 0;
    this.depth = 0;
  }

  get token() {
    return this.tokens[this.at];
  }

  /** Take the next token if it is this sign or word. @param {...string} texts @returns {string | null} */
  take(...texts) {
    const {kind, text} = this.token;
    if ((kind !== "sign" && kind !== "name") || !texts.includes(text)) return null;
    this.at += 1;
    return text;
  }

  /** @param {string} expected @param {Token} [token] @param {Record<string, string | number>} [more]
   * @returns {never} */
  refuse(expected, token = this.token, more = {}) {
    throw new ConditionError(expected, token.column, token.text, more);
  }

  /** @returns {Tree} */
  whole() {
    const tree = this.or();
    return this.token.kind === "end" ? tree : this.refuse("operator");
  }

  /**
   * Parts joined by signs of one rank, from the left. @param {string[]} signs @param {() => Tree} part @returns
   * {Tree}
   */
  joined(signs, part) {
    let tree = part.call(this);
    for (let sign = this.take(...signs); sign; sign = this.take(...signs))
      tree = {kind: "sign", sign, of: [tree, part.call(this)]};
    return tree;
  }

  /** @returns {Tree} */
  or() {
    this.depth += 1;
    if (this.depth > DEEPEST) this.refuse("shallow");
    const tree = this.joined(["or"], this.and);
    this.depth -= 1;
    return tree;
  }

  and() {
    return this.joined(["and"], this.not);
  }

  /** @returns {Tree} */
  not() {
    let times = 0;
    while (this.take("not")) times += 1;
    const tree = this.comparison();
    return times % 2 ? {kind: "sign", sign: "not", of: [tree]} : tree;
  }

  /** @returns {Tree} */
  comparison() {
    const of = [this.sum()];
    const signs = [];
    while (COMPARISONS.has(this.token.text) && this.token.kind === "sign") {
      signs.push(this.token.text);
      this.at += 1;
      of.push(this.sum());
    }
    return signs.length ? {kind: "compare", signs, of} : of[0];
  }

  sum() {
    return this.joined(["+", "-"], this.product);
  }

  product() {
    return this.joined(["*", "/"], this.unary);
  }

  /** @returns {Tree} */
  unary() {
    let times = 0;
    while (this.take("-")) times += 1;
    const tree = this.single();
    return times % 2 ? {kind: "sign", sign: "negative", of: [tree]} : tree;
  }

  /** @returns {Tree} */
  single() {
    const {token} = this;
    if (this.take("(")) {
      const tree = this.or();
      return this.take(")") ? tree : this.refuse("bracket");
    }
    if (["sign", "end"].includes(token.kind) || ["and", "or", "not"].includes(token.text)) this.refuse("value");
    this.at += 1;
    if (token.kind === "number") return {kind: "value", value: Number(token.text)};
    return token.kind === "text" ? {kind: "value", value: token.text} : this.named(token);
  }

  /** @param {Token} token @returns {Tree} */
  named(token) {
    const wanted = this.arity(token.text);
    if (wanted === null) this.refuse("quantity", token);
    /** @type {Tree[]} */
    const given = [];
    if (this.take("(")) {
      do given.push(this.or());
      while (this.take(","));
      if (!this.take(")")) this.refuse("bracket");
    }
    if (given.length !== wanted) this.refuse("arguments", token, {wanted: Number(wanted), given: given.length});
    return {kind: "name", name: token.text, given};
  }
}

/**
 * Read a condition.
 * @param {string} source
 * @param {(name: string) => number | null} arity how many arguments a named quantity takes; null for one that is
 * unknown
 * @returns {Tree}
 */
export const readCondition = (source, arity) => new Reader(source, arity).whole();

/** @type {Record<string, (a: any, b: any) => Value>} */
const SIGNS = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "<": (a, b) => a < b,
  "<=": (a, b) => a <= b,
  ">": (a, b) => a > b,
  ">=": (a, b) => a >= b,
  "==": (a, b) => a === b,
  "!=": (a, b) => a !== b && !Number.isNaN(a) && !Number.isNaN(b),
};

/** Whether a value counts as yes: what is not known does not. @param {Value} value */
const yes = value => value !== "" && Boolean(value);

/**
 * What a condition comes to.
 * @param {Tree} tree
 * @param {(name: string, given: Value[]) => Value} quantity NaN for what is not known
 * @returns {Value}
 */
export function evaluate(tree, quantity) {
  const value = (/** @type {Tree} */ part) => evaluate(part, quantity);
  if (tree.kind === "value") return tree.value;
  if (tree.kind === "name") return quantity(tree.name, tree.given.map(value));
  if (tree.kind === "compare") {
    const values = tree.of.map(value);
    return tree.signs.every((sign, i) => SIGNS[sign](values[i], values[i + 1]));
  }
  const [first, second] = tree.of;
  if (tree.sign === "and") return yes(value(first)) && yes(value(second));
  if (tree.sign === "or") return yes(value(first)) || yes(value(second));
  if (tree.sign === "not") return !yes(value(first));
  if (tree.sign === "negative") return -Number(value(first));
  return SIGNS[tree.sign](Number(value(first)), Number(value(second)));
}

/** Whether a condition holds. @param {Tree} tree @param {(name: string, given: Value[]) => Value} quantity */
export const holds = (tree, quantity) => yes(evaluate(tree, quantity));
