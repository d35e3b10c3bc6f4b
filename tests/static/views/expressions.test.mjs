import assert from "node:assert/strict";
import test from "node:test";
import {
  addends,
  expressionOf,
  lengthOf,
  linesOf,
  namesIn,
  replaced,
  symbolOf,
} from "../../../static/js/views/shared/expressions.js";
import {m} from "../../../static/js/views/shared/symbols.js";

/** As much of a document as formulas need. */
class Part {
  constructor(localName) {
    this.localName = localName;
    this.children = [];
    this.text = "";
  }
  append(...parts) {
    for (const part of parts) {
      if (typeof part === "string") this.text += part;
      else this.children.push(part);
    }
  }
  get textContent() {
    return this.text + this.children.map(child => child.textContent).join("");
  }
}
Object.assign(globalThis, {document: {createElementNS: (_, name) => new Part(name)}});

/** A formula on one line: fractions and roots with brackets of their own. */
function line({localName, children, text}) {
  const parts = children.map(line);
  switch (localName) {
    case "mfrac":
      return `{${parts[0]}}/{${parts[1]}}`;
    case "msqrt":
      return `√{${parts.join("")}}`;
    case "msup":
      return `${parts[0]}^{${parts[1]}}`;
    case "msub":
      return `${parts[0]}_{${parts[1]}}`;
    case "msubsup":
      return `${parts[0]}_{${parts[1]}}^{${parts[2]}}`;
    case "mover":
      return `hat(${parts[0]})`;
    default:
      return text.replace(/[\u2061\u2062]/g, "") + parts.join("");
  }
}

const drawn = (tree, numbers = false) => line(expressionOf(tree, name => m("mi", name), numbers));

test("signs bind as in a textbook, and brackets stand only where they must", () => {
  const cases = [
    [["+", ["*", "a", "b"], "c"], "ab+c"],
    [["*", ["+", "a", "b"], "c"], "(a+b)c"],
    [["-", "a", ["-", "b", "c"]], "a−(b−c)"],
    [["-", ["-", "a", "b"], "c"], "a−b−c"],
    [["+", "a", ["-", "b"]], "a+(−b)"],
    [["-", ["+", "a", "b"]], "−(a+b)"],
    [["*", ["-", "a"], ["/", "b", ["+", ["sqrt", "c"], "d"]]], "−a{b}/{√{c}+d}"],
    [["-", ["*", ["-", "a"], "b"], ["*", "c", "d"]], "−ab−cd"],
    [["*", "a", ["-", "b"]], "a(−b)"],
    [["**", ["+", "a", 1], 2], "(a+1)^{2}"],
    [["**", ["**", "a", "b"], "c"], "(a^{b})^{c}"],
    [["**", 0.96, ["*", "t", "p"]], "0.96^{tp}"],
    [["*", "a", ["**", 2, "b"]], "a·2^{b}"],
    [["max", "a", ["-", "b", "c"]], "max(a,b−c)"],
    [["abs", "a"], "|a|"],
    [["exp", ["-", "a"]], "e^{−a}"],
    [["sign", "a"], "sign(a)"],
  ];
  for (const [tree, expected] of cases) assert.equal(drawn(tree), expected);
});

test("between numbers a product has its dot", () => {
  assert.equal(drawn(["*", ["*", "a", "b"], ["+", "c", "d"]], true), "a·b·(c+d)");
});

test("a number with a power of ten of its own stands in brackets before it is raised", () => {
  const squared = number => line(expressionOf(["**", "v", 2], () => m("mn", number), true));
  assert.equal(squared("0.71"), "0.71^{2}");
  assert.equal(squared("1.2×10⁻³⁰⁸"), "(1.2×10⁻³⁰⁸)^{2}");
  assert.equal(squared("10⁶"), "(10⁶)^{2}");
});

test("symbols have hats and what is set below them", () => {
  assert.equal(line(symbolOf("η")), "η");
  assert.equal(line(symbolOf("^m")), "hat(m)");
  assert.equal(line(symbolOf("β_1")), "β_{1}");
  assert.equal(line(symbolOf("v_max")), "v_{max}");
  assert.equal(line(symbolOf("u_t-1")), "u_{t−1}");
  assert.equal(line(expressionOf(["**", "β_1", "t"], symbolOf)), "β_{1}^{t}");
});

test("a tree tells its names, its length and what it adds", () => {
  const tree = ["-", ["+", ["*", "a", "b"], "c"], ["/", "a", 2]];
  assert.deepEqual(namesIn(tree), ["a", "b", "c"]);
  assert.equal(lengthOf(tree), 5);
  assert.deepEqual(addends(tree), [
    {sign: "+", part: ["*", "a", "b"]},
    {sign: "+", part: "c"},
    {sign: "−", part: ["/", "a", 2]},
  ]);
  assert.deepEqual(addends(["-", "a"]), [{sign: "+", part: ["-", "a"]}]);
  assert.deepEqual(replaced(["sqrt", "x"], {x: ["-", "s", "m"], s: "σ"}), ["sqrt", ["-", "s", "m"]]);
});

/** A rule that nobody has heard of. */
const RULE = {
  name: "drift",
  lines: [
    {name: "q", kind: "memory", formula: ["+", ["*", "pull", "q"], "g"]},
    {name: "r", kind: "known", formula: ["/", "q", "pull"]},
    {name: "rate", kind: "term", formula: ["/", "eta", "t"]},
    {name: "step", kind: "term", formula: ["-", ["*", ["-", "rate"], "q"], ["*", "x", "w"]]},
  ],
  symbols: {q: "q", g: "g", pull: "κ", r: "r", rate: "η_t", eta: "η", t: "t", step: "Δw", w: "w", x: ["-", "s", "r"]},
  fixed: ["pull", "eta", "t", "rate"],
  gradients: ["g", "q", "step"],
};

test("the lines of any rule can be drawn, of a bias as of a weight", () => {
  const lines = linesOf(RULE, "b");
  const written = ({symbol, sign, symbols}) => line(symbol()) + sign + line(symbols());
  assert.deepEqual(lines.map(written), ["q←κq+g", "r={q}/{κ}", "η_{t}={η}/{t}", "Δb=−η_{t}q−(s−r)b"]);
  assert.deepEqual(
    lines.map(({reckoned, chosen, measured}) => [reckoned, chosen, measured]),
    [
      [false, false, 2],
      [false, false, 1],
      [false, true, 0],
      [true, false, 3],
    ],
  );
});
