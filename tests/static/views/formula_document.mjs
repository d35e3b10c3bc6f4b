/** As much of a document as formulas need, for tests without a browser. */

export class Part {
  constructor(localName) {
    Object.assign(this, {localName, parts: [], attributes: {}});
  }
  append(...parts) {
    this.parts.push(...parts);
  }
  setAttribute(name, value) {
    this.attributes[name] = String(value);
  }
  getAttribute(name) {
    return this.attributes[name] ?? null;
  }
  cloneNode() {
    const copy = new Part(this.localName);
    Object.assign(copy.attributes, this.attributes);
    copy.append(...this.parts.map(part => (typeof part === "string" ? part : part.cloneNode())));
    return copy;
  }
  get children() {
    return this.parts.filter(part => typeof part !== "string");
  }
  get firstElementChild() {
    return this.children[0] ?? null;
  }
  get textContent() {
    const texts = this.parts.map(part => (typeof part === "string" ? part : part.textContent));
    return this.localName === "mfrac" ? `[${texts.join("/")}]` : texts.join("");
  }
}

/** Let formulas be made. */
export const provideDocument = () =>
  Object.assign(globalThis, {document: {createElementNS: (_, name) => new Part(name)}});
