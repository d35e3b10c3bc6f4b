/** What is to be seen of a page: how small it writes, in the page and on its pictures, and what is spoilt. */
window.__p_sight = (() => {
  /** Every word that a picture has written since the last clearing, with its least size in px. */
  const written = new Map();
  /** Words that reached over the edge of their picture, with how far and how large it was. */
  let beyond = [];

  /** How far words reach over the edge of a picture, px; 0 for those that lie within it, or not on it at all. */
  function overEdge(pen, text, x, y) {
    const {canvas} = pen;
    const {a, b, c, d, e, f} = pen.getTransform();
    const box = pen.measureText(text);
    const xs = [x - box.actualBoundingBoxLeft, x + box.actualBoundingBoxRight];
    const ys = [y - box.actualBoundingBoxAscent, y + box.actualBoundingBoxDescent];
    const points = xs.flatMap(u => ys.map(v => [a * u + c * v + e, b * u + d * v + f]));
    const [left, right] = [Math.min, Math.max].map(most => most(...points.map(point => point[0])));
    const [top, bottom] = [Math.min, Math.max].map(most => most(...points.map(point => point[1])));
    if (right <= 0 || bottom <= 0 || left >= canvas.width || top >= canvas.height) return 0;
    return Math.max(0, -left, -top, right - canvas.width, bottom - canvas.height);
  }

  for (const {prototype} of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const write = prototype.fillText;
    prototype.fillText = function (text, ...rest) {
      const size = parseFloat(/([\d.]+)px/.exec(this.font)[1]);
      if (String(text).trim()) written.set(String(text), Math.min(size, written.get(String(text)) ?? size));
      const {canvas} = this;
      const px = canvas instanceof HTMLCanvasElement ? overEdge(this, text, ...rest) : 0;
      if (px > 1.5) beyond.push({canvas, text, px, width: canvas.width, height: canvas.height});
      return write.call(this, text, ...rest);
    };
  }

  const isSeen = e =>
    e.getClientRects().length > 0 &&
    e.clientWidth !== 1 &&
    !e.closest("[inert], noscript, option, svg, .spoken") &&
    e.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const wordsOf = e => [...e.childNodes].filter(node => node.nodeType === 3 && node.data.trim());
  const nameOf = e =>
    `${e.dataset.role ?? (e.getAttribute("class") || e.localName)} "${e.textContent.trim().slice(0, 30)}"`;

  /** All that is smaller than `least` px: {"12.0": ["words", …]}. */
  function smallPrint(least) {
    const found = {};
    const note = (size, words) => {
      if (size > 0 && size < least - 0.01) (found[size.toFixed(1)] ??= []).push(words.trim().slice(0, 24));
    };
    for (const e of document.querySelectorAll("body *")) {
      const [words] = wordsOf(e);
      if (words && isSeen(e)) note(parseFloat(getComputedStyle(e).fontSize), words.data);
    }
    for (const [words, size] of written) note(size, words);
    return found;
  }

  /** Whether it lies in something that can be scrolled to it. */
  function canBeScrolledTo(e) {
    for (let around = e; around && around !== document.body; around = around.parentElement) {
      const {overflowX, overflowY} = getComputedStyle(around);
      const wider = around.scrollWidth > around.clientWidth + 1 || around.scrollHeight > around.clientHeight + 1;
      if (wider && /auto|scroll/.test(overflowX + overflowY)) return true;
    }
    return false;
  }

  const pen = new OffscreenCanvas(1, 1).getContext("2d");

  function isCut(e, style) {
    if (e.localName === "select") {
      if (e.closest(".network-normalization")) return false; // lies unseen over its sign
      pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
      const room = e.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      return pen.measureText(e.selectedOptions[0]?.text ?? "").width > room + 1;
    }
    return style.overflowX !== "visible" && e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1;
  }

  /** Whether a name that is as long as one likes is told whole by the card of its list. */
  const isTold = e => e.localName === "select" && (e.dataset.tip ?? "").includes(e.selectedOptions[0]?.text);

  /** Where words lie: a box per line, but for those below a layer. */
  function linesOf(e, style, outside) {
    const lines = [];
    for (const node of wordsOf(e)) {
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) {
        if (box.width < 2 || box.height < 2) continue;
        if ((box.right > innerWidth + 1 || box.left < -1) && !canBeScrolledTo(e)) outside();
        if (box.bottom < 0 || box.top > innerHeight || box.left < 0 || box.right > innerWidth) continue;
        const middle = Math.max(0, Math.min(innerHeight - 1, (box.top + box.bottom) / 2));
        const at = document.elementFromPoint((box.left + box.right) / 2, middle);
        const below = at && style.pointerEvents !== "none" && !e.contains(at) && !at.contains(e);
        if (!below) lines.push({e, box});
      }
    }
    return lines;
  }

  function areOverEachOther(a, b) {
    const sheet = innerWidth < 800 ? ", .inspector" : ""; // on a phone it lies over the page
    const layer = e => e.closest(`dialog, [popover], .toasts${sheet}`);
    if (a.e === b.e || layer(a.e) !== layer(b.e)) return false;
    const wide = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const high = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    return wide > 2 && high > 0.35 * Math.min(a.box.height, b.box.height);
  }

  /** Words that are cut off, printed over each other, or outside the window. */
  function spoilt() {
    const found = new Set();
    const lines = [];
    for (const e of document.querySelectorAll("body *")) {
      if (!isSeen(e) || e.closest("math")) continue;
      const style = getComputedStyle(e);
      const speaks = wordsOf(e).length > 0;
      if ((speaks || e.localName === "select") && isCut(e, style) && !isTold(e)) found.add(`cut: ${nameOf(e)}`);
      if (speaks) lines.push(...linesOf(e, style, () => found.add(`outside: ${nameOf(e)}`)));
    }
    lines.forEach((a, i) => {
      for (const b of lines.slice(i + 1))
        if (areOverEachOther(a, b)) found.add(`upon each other: ${nameOf(a.e)} and ${nameOf(b.e)}`);
    });
    for (const {canvas, text, px, width, height} of beyond)
      if (canvas.checkVisibility() && canvas.width === width && canvas.height === height)
        found.add(`painted beyond its picture by ${px.toFixed(1)} px: ${text}`);
    if (document.documentElement.scrollWidth > innerWidth) found.add("wider than the window");
    return [...found];
  }

  const clear = () => {
    written.clear();
    beyond = [];
  };
  return {smallPrint, spoilt, clear};
})();
