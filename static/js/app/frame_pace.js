// @ts-check
/**
 * When the next frame is asked for: one's own run as soon as the last is drawn; who follows asks less often, so that
 * hundreds are served; and half as often where the device is to be spared.
 */

/** ms between two frames of a follower: 30 a second; and of one's own run where the device is to be spared. */
const GAP = 33;
/** Bytes a second that a follower asks for at most: of a deep net, a class would fill any network. */
const MOST_BYTES = 400_000;
/** The share of its charge from which on a battery that is not being charged is low. */
const LOW = 0.2;

/** What browsers tell of the device, where they do. @typedef {object} Device
 * @property {{saveData?: boolean}} [connection]
 * @property {() => Promise<EventTarget & {charging: boolean, level: number}>} [getBattery] in secure contexts only */

export class FramePace {
  /** @param {Device} [device] @param {() => number} [now] ms */
  constructor(device = /** @type {any} */ (globalThis.navigator), now = () => performance.now()) {
    this.device = device;
    this.now = now;
    this.lowBattery = false;
    /** When the next frame may be asked for. */
    this.next = 0;
    /** Bytes of the last frame. */
    this.size = 0;
    this.watched = this.watch();
  }

  /** Hear of the battery, where the browser tells: what is denied stays unknown. */
  async watch() {
    try {
      const battery = await this.device?.getBattery?.();
      if (!battery) return;
      const note = () => {
        this.lowBattery = !battery.charging && battery.level <= LOW;
      };
      for (const kind of ["levelchange", "chargingchange"]) battery.addEventListener(kind, note);
      note();
    } catch {
      this.lowBattery = false;
    }
  }

  /** Whether the device is to be spared: its owner saves data, or its battery is low. */
  get spares() {
    return this.lowBattery || (this.device?.connection?.saveData ?? false);
  }

  /** ms from a frame to the next that is asked for. @param {boolean} led whether somebody else's run is followed */
  gap(led) {
    if (!led) return this.spares ? GAP : 0;
    return Math.max(this.spares ? 2 * GAP : GAP, (1000 * this.size) / MOST_BYTES);
  }

  /** A frame has been drawn: `tell` asks for the next, now or in time. @param {boolean} led @param {() => void} tell */
  drawn(led, tell) {
    const gap = this.gap(led);
    const now = this.now();
    const wait = gap ? Math.max(0, this.next - now) : 0;
    this.next = Math.max(now, this.next) + gap;
    if (wait) setTimeout(tell, wait);
    else tell();
  }
}
