// @ts-check
/**
 * A second socket beside one that has gone quiet. After packets were lost, TCP waits longer and longer before it tries
 * again, while a socket that is made anew gets through at once: if it opens, and what was asked through the old one
 * before is still not answered, network and server are there, and the old one is given up.
 */

/** @typedef {import("../types").SocketEnvironment} Environment */

/** ms that an open rival leaves the old socket to answer: a busy server answers both in one go. */
export const GRACE = 500;

export class Rival {
  /** @type {any} */
  socket = null;
  /** @type {any} */
  timer;

  /**
   * @param {() => any} make a socket
   * @param {{opening(): number, rest(): number}} patience ms that one may take to open, and between two
   * @param {Environment} environment
   * @param {(socket: any) => void} won called with an open socket, when the old one had its chance
   */
  constructor(make, patience, environment, won) {
    this.make = make;
    this.patience = patience;
    this.environment = environment;
    this.won = won;
    this.begin();
  }

  begin() {
    const socket = this.make();
    this.socket = socket;
    const again = () => {
      this.drop();
      this.wait(this.patience.rest(), () => this.begin());
    };
    socket.onclose = again;
    // In two parts, between which a page that was busy reads what has come.
    socket.onopen = () => this.wait(GRACE / 2, () => this.wait(GRACE / 2, () => this.win()));
    this.wait(this.patience.opening(), again);
  }

  win() {
    const {socket} = this;
    this.socket = null;
    this.drop();
    this.won(socket);
  }

  /** Give up: the old socket has spoken, or has ended. */
  drop() {
    const {socket} = this;
    this.socket = null;
    this.environment.clearTimeout(this.timer);
    if (!socket) return;
    socket.onopen = socket.onclose = null;
    socket.close();
  }

  /** @param {number} ms @param {() => void} then */
  wait(ms, then) {
    this.environment.clearTimeout(this.timer);
    this.timer = this.environment.setTimeout(then, ms);
  }
}
