import { paragraph, type Block } from "./document.ts";
import { code, instant, span } from "./format-values.ts";
import type { LastUpdate, Report, Serving } from "./report.ts";

/** How the last update ended, what it rolled out, and what it has left undone. */
export function updateBlocks({
  lastUpdate,
  serving,
  pending,
  problems,
  expiresAt,
}: Report): Block[] {
  const blocks: Block[] = [];
  if (lastUpdate === undefined) blocks.push(paragraph("There has been no update yet."));
  else blocks.push(paragraph(updateInWords(lastUpdate, serving), toneOf(lastUpdate)));
  for (const { operation, name } of pending) {
    blocks.push(
      paragraph(
        `An update has not come to its end: it was ${operation} ${code(name)}. It is under way, or was stopped; the next one goes on.`,
        "warning",
      ),
    );
  }
  if (expiresAt !== undefined) blocks.push(paragraph(`The stack goes at ${instant(expiresAt)}.`));
  return [...blocks, ...problems.map((problem) => paragraph(problem, "warning"))];
}

function updateInWords(update: LastUpdate, serving: Serving | undefined): string {
  const when = instant(update.endedAt ?? update.startedAt);
  const took = update.seconds === undefined ? "" : ` after ${span(update.seconds)}`;
  const version = serving && `version ${serving.version}`;
  switch (update.result) {
    case "succeeded":
      return `The last update succeeded at ${when}${took}. ${rolloutInWords(update, serving)}`;
    case "failed":
      return `The last update failed at ${when}${took}. ${version ? `What served before serves on: ${version}.` : "Nothing serves yet."}`;
    default:
      return `An update is ${code(update.result)} since ${instant(update.startedAt)}. ${version ? `Until it ends, ${version} serves.` : ""}`.trim();
  }
}

function rolloutInWords(
  { hasReleased, rollout }: LastUpdate,
  serving: Serving | undefined,
): string {
  const version = serving ? `version ${serving.version}` : "nothing";
  const where = serving?.url === undefined ? "" : ` at ${serving.url}`;
  switch (rollout) {
    case "first":
      return `It started the server with ${version}${where}.`;
    case "rolled-out":
      return `It rolled out ${version}${where}.`;
    case "restarted":
      return `It rolled the server out anew${where}, with the package that served before.`;
    case "none":
      return hasReleased
        ? `The digest stayed what it was, so nothing was rolled out: ${version} serves on${where}.`
        : `Nothing was released or rolled out: ${version} serves on${where}.`;
  }
}

function toneOf({ result }: LastUpdate) {
  if (result === "succeeded") return "good";
  return result === "failed" ? "bad" : "warning";
}
