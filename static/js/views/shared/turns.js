// @ts-check
/**
 * Who may ask the server, where much is asked piece by piece: a later beginning, or a cancel, ends an earlier one, and
 * nothing is asked before the last question is answered. Else those that were left, but are still computed, would fill
 * the client's room, and the newest question be refused.
 */

/** @typedef {import("../../types").ViewContext["act"]} Act */
/** @typedef {(op: string, fields: Record<string, unknown>) => Promise<Record<string, unknown> | null>} Ask */

export class Turns {
  /** The question under way. @type {ReturnType<Act> | null} */
  asked = null;
  /** Grows with every beginning and every end, so that an earlier one knows that it is over. */
  turn = 0;

  /** @param {Act} act */
  constructor(act) {
    this.act = act;
  }

  /** End what was begun before. @returns {Ask} that answers null once this is over, too */
  begin() {
    const mine = ++this.turn;
    return async (op, fields) => {
      if (this.asked) await this.asked;
      if (mine !== this.turn) return null;
      this.asked = this.act(op, fields);
      const reply = await this.asked;
      return mine === this.turn ? reply : null;
    };
  }

  end() {
    this.turn++;
  }
}
