// @ts-check
/**
 * One card for all explanations of the page (`draw/explain.js`): it comes where the pointer rests, where the keyboard's
 * focus is, at a finger's tap on what is no control and at its long press on what is one. Escape closes it, the pointer
 * may go onto it, and it stays for as long as it is wanted (WCAG 1.4.13).
 */

import {around, GAP, placeOf, spotOf} from "./tip_place.js";

/** @typedef {import("./tip_place.js").Box} Box */

/**
 * Milliseconds: a pointer or the focus rests before the card comes, the pointer may need from one to the other, a
 * finger presses long, and the card looks whether what it explains is still there.
 */
const REST = 450;
const LEAVE = 280;
const PRESS = 500;
const WATCH = 250;
/** px: a finger that moves farther scrolls. */
const SLIP = 10;

/** What does something of its own when it is tapped. */
const ACTS = "button, input, select, textarea, summary, a[href], label, [role='slider'], [role='button']";
const WRITTEN = "textarea, input:not([type='range'], [type='checkbox'], [type='radio'], [type='file'])";

/**
 * Terms of the page: which one an element belongs to, how its card is opened, and what names the way there.
 * @typedef {{termAt(of: Element): string | null, open(name: string): unknown, label(): string}} Glossary
 */

/** What explains the place of an event. @param {EventTarget | null} target @returns {HTMLElement | null} */
const explained = target => (target instanceof Element ? target.closest("[data-tip]") : null);

class Tips {
  /** What the card is about and what brought it. @type {{of: HTMLElement, place: () => Box, by: string} | null} */
  open = null;
  /** What a press has done with: the card stays away until the pointer has left it. @type {HTMLElement | null} */
  quiet = null;
  /** The key that was pressed last, and the kind of the last press. */
  key = "";
  pointer = "mouse";
  /** What is coming or going, the watch, and the long press. */
  timer = 0;
  watch = 0;
  press = 0;
  from = {x: 0, y: 0};
  pressed = false;
  /** What has the focus and is described by the card. @type {Element | null} */
  described = null;

  /** @param {Document} page @param {Glossary} glossary */
  constructor(page, glossary) {
    this.glossary = glossary;
    this.page = page;
    this.view = /** @type {Window} */ (page.defaultView);
    this.card = page.createElement("div");
    this.card.id = "tip-card";
    this.card.className = "tip-card";
    this.card.setAttribute("popover", "manual");
    this.words = page.createElement("span");
    this.words.id = "tip-words";
    this.words.setAttribute("role", "tooltip");
    this.more = page.createElement("button");
    this.more.type = "button";
    this.more.className = "tip-more";
    this.more.tabIndex = -1;
    this.more.addEventListener("click", () => this.ask());
    this.card.append(this.words, this.more);
    page.body.append(this.card);
  }

  listen() {
    const {page, view} = this;
    /** @type {Record<string, (event: any) => void>} */
    const heard = {
      pointerover: this.over,
      pointerdown: this.down,
      pointermove: this.move,
      pointerup: this.up,
      pointercancel: this.up,
      click: this.click,
      contextmenu: this.menu,
      focusin: this.focus,
      focusout: this.blur,
    };
    for (const [kind, hear] of Object.entries(heard))
      page.addEventListener(kind, hear.bind(this), {capture: true, passive: kind === "pointermove"});
    page.documentElement.addEventListener("pointerleave", () => this.leave());
    view.addEventListener("keydown", event => this.keyDown(event), true);
    view.addEventListener("scroll", () => this.open && this.look(), {capture: true, passive: true});
    view.addEventListener("resize", () => this.hide());
  }

  /** @param {PointerEvent} event */
  over(event) {
    if (event.pointerType === "touch") return;
    const {target} = event;
    if (target instanceof Node && this.card.contains(target)) return this.stay();
    const of = explained(target);
    if (of !== this.quiet) this.quiet = null;
    if (of && of === this.open?.of) return this.stay();
    if (!of || of === this.quiet) return this.leave();
    const {clientX: x, clientY: y} = event;
    this.soon(of, placeOf(of, {left: x, right: x, top: y - GAP, bottom: y + 3 * GAP}), "hover", this.open ? 0 : REST);
  }

  /** The pointer has gone elsewhere: what it brought goes, unless it comes back in time. */
  leave() {
    this.stay();
    if (this.open?.by === "hover") this.timer = this.view.setTimeout(() => this.hide(), LEAVE);
  }

  stay() {
    this.view.clearTimeout(this.timer);
  }

  /** @param {HTMLElement} of @param {() => Box} place @param {string} by @param {number} [wait] */
  soon(of, place, by, wait = REST) {
    this.stay();
    this.timer = this.view.setTimeout(() => this.show(of, place, by), wait);
  }

  /** @param {PointerEvent} event */
  down(event) {
    this.pointer = event.pointerType;
    this.key = "";
    this.pressed = false;
    if (event.target instanceof Node && this.card.contains(event.target)) return;
    const of = explained(event.target);
    this.from = {x: event.clientX, y: event.clientY};
    if (this.pointer !== "touch") {
      this.quiet = of;
      this.hide();
    } else {
      if (of !== this.open?.of) this.hide();
      if (of) this.press = this.view.setTimeout(() => this.longPress(of), PRESS);
    }
  }

  /** @param {HTMLElement} of */
  longPress(of) {
    this.pressed = true;
    this.show(of, placeOf(of, around(this.from)), "tap");
  }

  /** @param {PointerEvent} event */
  move(event) {
    if (Math.hypot(event.clientX - this.from.x, event.clientY - this.from.y) <= SLIP) return;
    if (this.press) this.up();
    // A finger that rested and then drags has asked by mistake.
    if (this.pressed && this.open?.by === "tap") this.hide();
  }

  up() {
    this.view.clearTimeout(this.press);
    this.press = 0;
  }

  /** A tap on what does nothing else; a long press is no tap. @param {MouseEvent} event */
  click(event) {
    const {target} = event;
    if (this.pressed) {
      this.pressed = false;
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (this.pointer === "touch" && target instanceof Element && !this.card.contains(target)) {
      const of = explained(target);
      const acts = target.closest(ACTS);
      if (!of || (acts && of.contains(acts)) || acts?.contains(of)) return;
      if (this.open?.of === of) this.hide();
      else this.show(of, placeOf(of, around(this.from)), "tap");
    }
  }

  /** What a finger's long press would open lies in the card's way. @param {Event} event */
  menu(event) {
    if (this.pointer === "touch" && explained(event.target) && !(event.target instanceof HTMLInputElement))
      event.preventDefault();
  }

  /** @param {FocusEvent} event */
  focus(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const of = explained(target);
    if (!of) return;
    this.describe(target, of);
    // The focus that the page moved because of a press is no question, nor is a finger that drags what it touched.
    const byFinger = this.pointer === "touch" && !this.key;
    const pressed = byFinger ? !target.matches(WRITTEN) : of === this.quiet;
    const asked = !pressed && !["Enter", " ", "Escape"].includes(this.key);
    if (asked && target.matches(":focus-visible"))
      this.soon(of, placeOf(target, target.getBoundingClientRect()), "focus");
  }

  blur() {
    this.describe(null, null);
    this.stay();
    if (this.open?.by === "focus") this.hide();
  }

  /** @param {KeyboardEvent} event */
  keyDown(event) {
    this.key = event.key;
    const {target} = event;
    if (event.key === "Escape" && this.open) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.hide();
    } else if (["Enter", " "].includes(event.key) && target instanceof Element && !target.matches(WRITTEN)) this.hide();
  }

  /** A reader that knows no `aria-description` hears the card's words. @param {Element | null} target
   * @param {HTMLElement | null} of */
  describe(target, of) {
    const {described, words} = this;
    if (described?.getAttribute("aria-describedby") === words.id) described.removeAttribute("aria-describedby");
    this.described = null;
    if (!target || !of || target.hasAttribute("aria-describedby")) return;
    if (target === of && !of.hasAttribute("aria-description")) return;
    if (!this.open) words.textContent = of.dataset.tip ?? "";
    target.setAttribute("aria-describedby", words.id);
    this.described = target;
  }

  /** @param {HTMLElement} of @param {() => Box} place @param {string} by */
  show(of, place, by) {
    this.hide();
    if (!of.isConnected || !of.dataset.tip) return;
    // Outside a modal dialog nothing can be pointed at; outside landmarks readers get lost.
    const home = of.closest("dialog, header, main") ?? this.page.body;
    if (this.card.parentNode !== home) home.append(this.card);
    this.open = {of, place, by};
    this.words.textContent = of.dataset.tip;
    this.more.hidden = this.glossary.termAt(of) === null;
    this.more.setAttribute("aria-label", this.glossary.label());
    this.card.showPopover?.();
    this.look();
    this.watch = this.view.setInterval(() => this.look(), WATCH);
  }

  /** What is explained may move, change its words, or go. */
  look() {
    const {open, card, view} = this;
    const words = open?.of.dataset.tip;
    if (!open || !words || !open.of.getClientRects().length) return this.hide();
    if (this.words.textContent !== words) this.words.textContent = words;
    const {x, y} = spotOf(open.place(), card.getBoundingClientRect(), {
      width: this.page.documentElement.clientWidth,
      height: view.innerHeight,
    });
    card.style.translate = `${x}px ${y}px`;
  }

  /** The card of the term that stands here. */
  ask() {
    const name = this.open && this.glossary.termAt(this.open.of);
    this.hide();
    if (name) this.glossary.open(name);
  }

  hide() {
    this.stay();
    if (!this.open) return;
    this.view.clearInterval(this.watch);
    this.open = null;
    this.card.hidePopover?.();
  }
}

/** @param {Document} page @param {Glossary} glossary */
export function watchTips(page, glossary) {
  new Tips(page, glossary).listen();
}
