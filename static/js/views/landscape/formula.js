// @ts-check
/** A formula as it is typed (“100(y − x²)²”, “√(½x²)”, “cos 2πx”) as MathML. */

const MATHML = "http://www.w3.org/1998/Math/MathML";
const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";
const WORDS = ["cos", "exp"];
const TOKEN = /cos|exp|\d+(?:\.\d+)?|[½⅙]|[a-zπ]|[⁰¹²³⁴⁵⁶⁷⁸⁹]|[√()+−=,]/gu;

/** @param {string} name @param {(Node | string)[]} children */
function element(name, ...children) {
  const made = document.createElementNS(MATHML, name);
  made.append(...children);
  return made;
}

/** @param {string} text @returns {Element} a `math` element; x and y are marked for their colour */
export function formula(text) {
  const tokens = text.match(TOKEN) ?? [];
  let at = 0;
  /** Everything up to the closing bracket. @returns {Element[]} */
  function row() {
    /** @type {Element[]} */
    const made = [];
    while (at < tokens.length && tokens[at] !== ")") made.push(raised(one()));
    return made;
  }
  /** @param {Element} base @returns {Element} */
  function raised(base) {
    const digit = at < tokens.length ? RAISED.indexOf(tokens[at]) : -1;
    if (digit < 0) return base;
    at++;
    return element("msup", base, element("mn", String(digit)));
  }
  /** @returns {Element} */
  function one() {
    const token = tokens[at++];
    if (token === "√") {
      at++;
      const inside = row();
      at++;
      return element("msqrt", ...inside);
    }
    if (token === "(") {
      const inside = row();
      at++;
      return element("mrow", fence("("), ...inside, fence(")"));
    }
    if (WORDS.includes(token)) return spaced(token);
    if (/[\d½⅙]/u.test(token)) return element("mn", token);
    if (/[+−=,]/u.test(token)) return element("mo", token);
    const letter = element("mi", token);
    if (token === "x" || token === "y") letter.classList.add("landscape-parameter");
    return letter;
  }
  const math = element("math", element("mrow", ...row()));
  return math;
}

/** @param {string} bracket */
function fence(bracket) {
  const made = element("mo", bracket);
  made.setAttribute("stretchy", "false");
  return made;
}

/** @param {string} word name of a function, with a little room around it */
function spaced(word) {
  const made = element("mrow", element("mspace"), element("mi", word), element("mspace"));
  made.firstElementChild?.setAttribute("width", "0.12em");
  made.lastElementChild?.setAttribute("width", "0.12em");
  return made;
}
