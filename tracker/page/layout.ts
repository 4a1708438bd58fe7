import { formatAgo, formatTime, shortDigest } from "./format.ts";
import type { GateNote } from "./gate.ts";
import { html, path, type Content, type Html } from "./html.ts";

/** What a page has beside its content. */
export interface PageFrame {
  readonly title: string;
  /** The page is fetched again after this many seconds: something on it is still going on. */
  readonly refreshSeconds?: number | undefined;
}

/** A whole document. */
export function layout({ title, refreshSeconds }: PageFrame, content: Content): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        ${refreshSeconds ? html`<meta http-equiv="refresh" content="${refreshSeconds}" />` : ""}
        <title>${title} · Updraft tracker</title>
        <link rel="stylesheet" href="/page.css" />
        <link rel="icon" href="data:," />
      </head>
      <body>
        <a class="skip" href="#content">Skip to the content</a>
        <header class="bar">
          <a class="home" href="/">Updraft <span>tracker</span></a>
        </header>
        <main id="content">${content}</main>
      </body>
    </html> `;
}

/** A column of a table. */
export interface Column {
  readonly label: string;
  readonly numeric?: boolean;
}

/** A table whose rows become cards where the screen is too narrow for its columns. */
export function table(columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  return tableOf(columns, rows, "wide");
}

/** A table of two or three short columns, which a phone has room for. */
export function smallTable(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Html {
  return tableOf(columns, rows, "small");
}

function tableOf(
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
  kind: "wide" | "small",
): Html {
  const classOf = (index: number) => (columns[index]?.numeric ? "number" : "");
  return html`<div class="scroll">
    <table class="${kind}">
      <thead>
        <tr>
          ${columns.map(
            ({ label }, index) => html`<th scope="col" class="${classOf(index)}">${label}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr>
              ${row.map(
                (cell, index) =>
                  html`<td class="${classOf(index)}" data-label="${columns[index]?.label}">
                    ${cell}
                  </td>`,
              )}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`;
}

/** A time as people say it, with the exact one on hover. */
export function timeAgo(time: number, now: number): Html {
  return html`<time datetime="${new Date(time).toISOString()}" title="${formatTime(time)}"
    >${formatAgo(time, now)}</time
  >`;
}

/** How a run is doing, as a word with a colour. */
export function statusBadge(status: string): Html {
  return html`<span class="badge ${status.toLowerCase()}">${status.toLowerCase()}</span>`;
}

/** The gate's verdict, as a word with a colour. */
export function gateBadge(gate: GateNote | undefined): Html {
  return gate ? html`<span class="badge ${gate.verdict}">${gate.verdict}</span>` : none;
}

/** The name of an alias; the one that serves stands out. */
export function aliasBadge(alias: string): Html {
  return html`<span class="badge ${alias === "champion" ? "champion" : "alias"}">${alias}</span> `;
}

/** The first digits of a digest, with all of them on hover. */
export function digestCode(digest: string | undefined): Html {
  if (!digest) return none;
  return html`<code class="digest" title="${digest}">${shortDigest(digest)}</code>`;
}

/** A link to a run. */
export function runLink(runId: string, name: string): Html {
  return html`<a class="run" href="${path("runs", runId)}">${name}</a>`;
}

/** What stands where there is nothing to say. */
export const none: Html = html`<span class="none">–</span>`;
