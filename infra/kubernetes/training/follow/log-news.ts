import type { News } from "./job-news.ts";

/** A line of a log with the time that the cluster puts before it. */
export interface LogLine {
  /** RFC 3339 with nine digits of the second: it sorts as text. */
  readonly time: string;
  readonly text: string;
}

/** Parts a line that was asked for with `timestamps=true`. */
export function logLine(line: string): LogLine {
  const end = line.indexOf(" ");
  return end === -1
    ? { time: line, text: "" }
    : { time: line.slice(0, end), text: line.slice(end + 1) };
}

/** From this level on, the trainer's log for machines has something for people too. */
const warnLevel = 40;

/**
 * What a line of the trainer is worth: its log for machines only where it warns, its lines for
 * people as they come. The release stays, and what went wrong is told by the update itself.
 */
export function logNews(text: string): News | undefined {
  const record = text.startsWith("{") ? recordIn(text) : undefined;
  if (record !== undefined) {
    const { level, msg } = record;
    if (typeof level !== "number" || level < warnLevel || typeof msg !== "string") return undefined;
    return { text: msg, isLasting: true };
  }
  const line = text.trimEnd();
  return line === "" ? undefined : { text: line, isLasting: line.startsWith("released ") };
}

function recordIn(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
