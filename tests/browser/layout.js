/** What is wrong with how a page is laid out: controls that lie over each other or under something else, words that
 * leave what frames them, numbers that a picture writes over each other. */
window.__p_layout = (() => {
  /** Words on pictures, in pixels of the picture: what was cleared since is not there any more. */
  let painted = [];

  /** The box of a rectangle of a picture, px of its canvas. */
  function placed(pen, left, top, right, bottom) {
    const {a, b, c, d, e, f} = pen.getTransform();
    const points = [left, right].flatMap(x => [top, bottom].map(y => [a * x + c * y + e, b * x + d * y + f]));
    const [xs, ys] = [0, 1].map(k => points.map(point => point[k]));
    return {left: Math.min(...xs), right: Math.max(...xs), top: Math.min(...ys), bottom: Math.max(...ys)};
  }

  const isWithin = (x, y, box) => x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;

  for (const {prototype} of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const {fillText, clearRect, fillRect} = prototype;
    prototype.fillText = function (text, x, y, ...rest) {
      const {canvas, globalAlpha} = this;
      if (canvas instanceof HTMLCanvasElement && String(text).trim() && globalAlpha > 0.05) {
        const box = this.measureText(text);
        const [left, right] = [x - box.actualBoundingBoxLeft, x + box.actualBoundingBoxRight];
        const [top, bottom] = [y - box.actualBoundingBoxAscent, y + box.actualBoundingBoxDescent];
        const {width, height} = canvas;
        painted.push({canvas, width, height, text: String(text), box: placed(this, left, top, right, bottom)});
      }
      return fillText.call(this, text, x, y, ...rest);
    };
    prototype.clearRect = function (x, y, width, height) {
      const gone = placed(this, x, y, x + width, y + height);
      painted = painted.filter(
        ({canvas, box}) =>
          canvas !== this.canvas || !isWithin((box.left + box.right) / 2, (box.top + box.bottom) / 2, gone),
      );
      return clearRect.call(this, x, y, width, height);
    };
    prototype.fillRect = function (x, y, width, height) {
      const {canvas} = this;
      const {left, top, right, bottom} = placed(this, x, y, x + width, y + height);
      if (left <= 1 && top <= 1 && right >= canvas.width - 1 && bottom >= canvas.height - 1)
        painted = painted.filter(one => one.canvas !== canvas);
      return fillRect.call(this, x, y, width, height);
    };
  }

  const CONTROLS = "button, input, select, textarea, summary, [role=button], [role=slider], a[href]";
  /** What lies above the page, and may lie over what is below it. */
  const LAYERS =
    "dialog[open], [popover], .toast, .notice, .hints, header.bar, .classroom, .dock, [data-part=lessons], .network-card";
  const styleOf = e => getComputedStyle(e);
  const hides = (e, axis) => /hidden|clip/.test(styleOf(e)[`overflow${axis}`]);

  function scrolls(e, axis) {
    if (!/auto|scroll/.test(styleOf(e)[`overflow${axis}`])) return false;
    return axis === "X" ? e.scrollWidth > e.clientWidth + 1 : e.scrollHeight > e.clientHeight + 1;
  }

  function* around(e) {
    for (let at = e.parentElement; at && at !== document.body; at = at.parentElement) yield at;
  }

  /** Only for those who listen to the page. */
  const isHeardOnly = e =>
    [e, ...around(e)].some(at => {
      const {width, height} = at.getBoundingClientRect();
      return (
        ((width <= 1.5 || height <= 1.5) && styleOf(at).overflow !== "visible") ||
        styleOf(at).clipPath.startsWith("inset(50%")
      );
    });

  function isSeen(e) {
    const {width, height} = e.getBoundingClientRect();
    const drawn = e.checkVisibility({visibilityProperty: true, opacityProperty: true});
    return width > 1 && height > 1 && drawn && !e.closest("[inert], option, svg, math, noscript") && !isHeardOnly(e);
  }

  const nameOf = e =>
    `${e.dataset.role ?? (e.getAttribute("class") || e.localName)} "${e.textContent.trim().slice(0, 30)}"`;

  /** The part of a control that is in sight, and how much of it no scrolling brings into sight, px. */
  function inSight(e) {
    let {left, top, right, bottom} = e.getBoundingClientRect();
    let lost = 0;
    for (const at of around(e)) {
      if (styleOf(at).overflow === "visible") continue;
      const box = at.getBoundingClientRect();
      const [x, y] = [box.left + at.clientLeft, box.top + at.clientTop];
      if (hides(at, "X")) lost = Math.max(lost, x - left, right - x - at.clientWidth);
      if (hides(at, "Y")) lost = Math.max(lost, y - top, bottom - y - at.clientHeight);
      [left, top] = [Math.max(left, x), Math.max(top, y)];
      [right, bottom] = [Math.min(right, x + at.clientWidth), Math.min(bottom, y + at.clientHeight)];
    }
    return {left, top, right, bottom, width: right - left, height: bottom - top, lost};
  }

  /** Those of a window that covers the page alone, if there is one. */
  function ground() {
    return [...document.querySelectorAll("dialog:modal")].at(-1) ?? document.body;
  }

  const overlap = (a, b) => [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ];

  /** Whether scrolling brings a control out from under what stays in its place. */
  function canBeScrolledOut(control, over) {
    const fixed = [over, ...around(over)].find(at => /fixed|sticky/.test(styleOf(at).position));
    if (!fixed || fixed.contains(control)) return false;
    const [box, sheet] = [control.getBoundingClientRect(), fixed.getBoundingClientRect()];
    const rooms = [document.documentElement, ...[...around(control)].filter(at => scrolls(at, "Y"))];
    return rooms.some(room => {
      const below = room.scrollHeight - room.clientHeight - room.scrollTop;
      return box.bottom - sheet.top <= below + 1 || sheet.bottom - box.top <= room.scrollTop + 1;
    });
  }

  /** What lies over the middle of a control and is no layer that comes and goes. */
  function coverOf(control, {left, right, top, bottom}) {
    const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    if (!over || control.contains(over) || over.contains(control)) return null;
    if ([...(control.labels ?? [])].some(label => label.contains(over))) return null;
    const layer = over.closest("dialog, .network-card, .toasts, [popover], .hints");
    if (layer && !layer.contains(control)) return null;
    if (innerWidth < 800 && over.closest(".panel-microscope, .panel-lessons, .dock")) return null; // a sheet
    return canBeScrolledOut(control, over) ? null : over;
  }

  function* controls() {
    const seen = [...ground().querySelectorAll(CONTROLS)]
      .filter(isSeen)
      .map(control => ({control, box: inSight(control)}))
      .filter(({box}) => box.width > 1 && box.height > 1);
    const layer = e => e.closest(LAYERS);
    for (const [i, a] of seen.entries()) {
      const {left, right, top, bottom} = a.box;
      if (left + right < 0 || top + bottom < 0 || left + right > 2 * innerWidth || top + bottom > 2 * innerHeight)
        continue;
      if (a.box.lost > 4) yield `cut off by ${Math.round(a.box.lost)} px: ${nameOf(a.control)}`;
      const over = coverOf(a.control, a.box);
      if (over) yield `covered: ${nameOf(a.control)} by ${nameOf(over)}`;
      for (const b of seen.slice(i + 1)) {
        const label = a.control.closest("label");
        if (a.control.contains(b.control) || b.control.contains(a.control)) continue;
        if (layer(a.control) !== layer(b.control) || (label && label === b.control.closest("label"))) continue;
        if (canBeScrolledOut(a.control, b.control) || canBeScrolledOut(b.control, a.control)) continue;
        const [wide, high] = overlap(a.box, b.box);
        const least = Math.min(a.box.width * a.box.height, b.box.width * b.box.height);
        if (wide > 3 && high > 3 && wide * high > 0.2 * least)
          yield `upon each other: ${nameOf(a.control)} and ${nameOf(b.control)}`;
      }
    }
  }

  const FRAMES = "button, [class*=chip], [class*=card], td, th, output, label, .panel, .network-loss";

  /** The box around the words of an element itself. */
  function wordsOf(e) {
    const range = document.createRange();
    const boxes = [...e.childNodes]
      .filter(node => node.nodeType === 3 && node.data.trim())
      .flatMap(node => (range.selectNodeContents(node), [...range.getClientRects()]));
    if (!boxes.length) return null;
    const [left, top] = ["left", "top"].map(side => Math.min(...boxes.map(box => box[side])));
    const [right, bottom] = ["right", "bottom"].map(side => Math.max(...boxes.map(box => box[side])));
    return {left, top, right, bottom};
  }

  function* words() {
    for (const e of ground().querySelectorAll("*")) {
      if (!isSeen(e) || e.matches(".brand")) continue; // the brand folds to its sign
      const isNumber = e.localName === "input" && /text|number|search/.test(e.type) && !e.value.includes(","); // no list
      if (isNumber && e.value && e.scrollWidth > e.clientWidth + 1)
        yield `cut: ${nameOf(e)} ${e.value}`;
      const box = wordsOf(e);
      if (!box || [e, ...around(e)].some(at => scrolls(at, "X"))) continue;
      if (hides(e, "Y") && e.clientHeight && e.scrollHeight > e.clientHeight + 2) yield `cut below: ${nameOf(e)}`;
      const frame = e.closest(FRAMES);
      if (!frame || inSight(e).height < 5) continue; // what has no room may wrap out of sight, whole
      const {left, right, top, bottom} = frame.getBoundingClientRect();
      const out = Math.round(Math.max(box.right - right, left - box.left));
      if (out > 2) yield `${nameOf(e)} leaves ${nameOf(frame)} by ${out} px`;
      if (frame.matches("button, [class*=chip]") && (box.bottom > bottom + 3 || box.top < top - 3))
        yield `${nameOf(e)} leaves ${nameOf(frame)} upwards or downwards`;
    }
  }

  function* pictures() {
    if (document.querySelector(".page[data-microscope]")) return; // opaque labels lie before the neurons' own numbers
    const there = painted.filter(
      ({canvas, width, height}) =>
        canvas.checkVisibility() && canvas.width === width && canvas.height === height && ground().contains(canvas),
    );
    for (const [i, a] of there.entries())
      for (const b of there.slice(i + 1)) {
        if (a.canvas !== b.canvas) continue;
        const same = a.text === b.text && Math.abs(a.box.left - b.box.left) < 3 && Math.abs(a.box.top - b.box.top) < 3;
        const [wide, high] = overlap(a.box, b.box);
        const low = Math.min(a.box.bottom - a.box.top, b.box.bottom - b.box.top);
        if (!same && wide > 2 && high > 0.35 * low) yield `painted upon each other: ${a.text} and ${b.text}`;
      }
  }

  /** Cards that lie in a picture reach over no edge of what shows them. */
  function* cards() {
    for (const e of ground().querySelectorAll(".network-loss, .landscape-box")) {
      if (!isSeen(e)) continue;
      const {lost} = inSight(e);
      if (lost > 1.5) yield `cut off by ${Math.round(lost)} px: ${nameOf(e)}`;
    }
  }

  /** Of several curves the first names are in sight, whatever stands beside them. */
  function* legends() {
    for (const e of ground().querySelectorAll('.plot-legend > :is([data-curve="train"], [data-curve="test"])'))
      if (isSeen(e) && inSight(e).height < 5) yield `no room for ${nameOf(e)} in its legend`;
  }

  return {faults: () => [...new Set([...controls(), ...words(), ...pictures(), ...cards(), ...legends()])], clear: () => void (painted = [])};
})();
