// @ts-check
/** What the server has of lessons. */

/** Ask the server for the list, or for a lesson. @param {string} name @param {string} lang @returns {Promise<any>} */
export async function fetched(name, lang) {
  try {
    const answer = await fetch(`lessons${name && `/${encodeURIComponent(name)}`}?lang=${lang}`);
    return await answer.json();
  } catch {
    return {unreached: true};
  }
}
