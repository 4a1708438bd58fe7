/** What GitHub takes as the text of a comment, in characters. */
const maxLength = 65_536;

/** The line by which a comment is found again; nobody sees it. */
export function markerLine(marker: string): string {
  return `<!-- ${marker} -->`;
}

/**
 * The text of a comment: begins with its marker, and is cut where it is longer than GitHub takes,
 * with a note that says so. What is open at the cut is closed: a block of code, a `<details>`.
 * @param text Markdown
 * @param where the whole text is, for the note; Markdown
 */
export function commentBody(
  text: string,
  marker: string,
  where: string,
  limit = maxLength,
): string {
  const line = markerLine(marker);
  const body = text.startsWith(line) ? text : `${line}\n${text}`;
  return body.length <= limit ? body : cut(body, `\n\n_Cut: ${where}._\n`, limit);
}

function cut(text: string, note: string, limit: number): string {
  const kept: string[] = [];
  const open: string[] = [];
  let length = note.length;
  for (const line of text.split("\n")) {
    const after = openAfter(open, line);
    const closing = after.reduce((sum, end) => sum + end.length + 1, 0);
    if (length + line.length + 1 + closing > limit) break;
    length += line.length + 1;
    kept.push(line);
    open.splice(0, open.length, ...after);
  }
  return [...kept, ...open.toReversed()].join("\n") + note;
}

/** What has to be closed after a line, from outside in, as the text that closes it. */
function openAfter(open: readonly string[], line: string): readonly string[] {
  const fence = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
  const last = open.at(-1);
  const isInFence = last !== undefined && /^[`~]/.test(last);
  if (isInFence) {
    const closes = fence !== undefined && fence.startsWith(last) && line.trim() === fence;
    return closes ? open.slice(0, -1) : open;
  }
  if (fence !== undefined) return [...open, fence];
  const opened = line.split("<details").length - 1;
  const closed = line.split("</details>").length - 1;
  if (opened > closed) return [...open, "</details>"];
  return opened < closed ? open.slice(0, -1) : open;
}
