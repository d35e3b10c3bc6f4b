// @ts-check
/** What is given to the server besides the socket: files, which are too large for it. */

/**
 * What the server says of it; also that it cannot be reached, in the same form.
 * @param {string} address @param {BodyInit} body @param {string} secret the session's
 * @returns {Promise<any>}
 */
export async function postTo(address, body, secret) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      body,
      headers: {"X-Backscope-Secret": secret, "Content-Type": "application/octet-stream"},
    });
  } catch {
    return {ok: false, code: "disconnected", message: "the connection was lost"};
  }
  return answer.json().catch(() => ({ok: false, code: "internal", message: `HTTP ${answer.status}`}));
}
