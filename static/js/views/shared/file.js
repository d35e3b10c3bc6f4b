// @ts-check
/** A file that the browser saves. */

/** @typedef {{name: string, media_type: string, text?: string, base64?: string}} Taken */

/** What a reply of `take_away` holds. @param {Taken} taken @returns {string | Uint8Array<ArrayBuffer>} */
export function contentOf({text, base64}) {
  if (base64 === undefined) return text ?? "";
  return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}

/** Let the browser save a file under its name. @param {Taken} taken */
export function saveFile(taken) {
  saveBlob(new Blob([contentOf(taken)], {type: taken.media_type}), taken.name);
}

/** @param {Blob} blob @param {string} name */
export function saveBlob(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
