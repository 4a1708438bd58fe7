import { writeFileSync } from "node:fs";

/** The most that a kubelet reads of a container's termination message, in bytes. */
const mostBytes = 4096;

/**
 * A message as a container's termination message may have it: at most 4,096 bytes in UTF-8, cut at
 * the end of a line, and saying so if it was cut.
 * @see https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/
 */
export function terminationMessage(message: string): string {
  if (Buffer.byteLength(message) <= mostBytes) return message;
  const lines = message.split("\n");
  let kept = lines.length;
  while (kept > 1 && Buffer.byteLength(withNote(lines, kept)) > mostBytes) kept -= 1;
  const text = withNote(lines, kept);
  if (Buffer.byteLength(text) <= mostBytes) return text;
  const note = `…\n${noteFor(lines.length - 1)}`;
  return `${firstBytes(lines[0] ?? "", mostBytes - Buffer.byteLength(note))}${note}`;
}

/**
 * Writes the termination message. The file is the kubelet's: it is written over, not replaced, and
 * at once, because the process may be about to end.
 */
export function writeTerminationMessage(file: string, message: string): void {
  writeFileSync(file, terminationMessage(message));
}

function withNote(lines: readonly string[], kept: number): string {
  return [...lines.slice(0, kept), noteFor(lines.length - kept)].join("\n");
}

function noteFor(left: number): string {
  const what = left === 0 ? "the rest of it" : `${left} more line${left === 1 ? "" : "s"}`;
  return `(${what} in the pod's log)`;
}

/** As many whole characters as fit. */
function firstBytes(text: string, most: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > most) break;
    end += character.length;
  }
  return text.slice(0, end);
}
