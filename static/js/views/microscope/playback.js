// @ts-check
/** Phases that follow one another by themselves. */

export class Playback {
  /**
   * @param {object} hands
   * @param {() => number} hands.rest ms that the present phase stays
   * @param {() => void} hands.next
   * @param {(on: boolean) => void} hands.show whether it plays
   */
  constructor({rest, next, show}) {
    this.rest = rest;
    this.next = next;
    this.show = show;
    this.on = false;
    this.timer = 0;
  }

  /** @param {boolean} on */
  set(on) {
    this.on = on;
    clearTimeout(this.timer);
    this.show(on);
    if (on) this.timer = window.setTimeout(() => this.beat(), this.rest());
  }

  beat() {
    this.next();
    this.set(true);
  }

  stop() {
    clearTimeout(this.timer);
  }
}
