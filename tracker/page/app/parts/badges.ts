import { formatAgo, formatTime, shortDigest } from "../format.ts";
import { html } from "../html.ts";

/** How a run is doing, as a word with a colour. */
export function StatusBadge({ status }: { readonly status: string }) {
  const word = status.toLowerCase();
  return html`<span class="badge ${word}"><i class="dot"></i>${word}</span>`;
}

/** The gate's verdict, as a word with a colour. */
export function GateBadge({ verdict }: { readonly verdict: string | undefined }) {
  if (verdict !== "passed" && verdict !== "failed") return html`<${None} />`;
  return html`<span class="badge ${verdict}">${verdict}</span>`;
}

/** The name of an alias; the one that serves stands out. */
export function AliasBadge({ alias }: { readonly alias: string }) {
  return html`<span class="badge ${alias === "champion" ? "champion" : "alias"}">@${alias}</span>`;
}

/** A time as people say it, with the exact one on hover. */
export function Ago({ time }: { readonly time: number | undefined }) {
  if (time === undefined) return html`<${None} />`;
  return html`<time datetime=${new Date(time).toISOString()} title=${formatTime(time)}
    >${formatAgo(time, Date.now())}</time
  >`;
}

/** The first digits of a digest, with all of them on hover. */
export function DigestCode({ digest }: { readonly digest: string | undefined }) {
  if (!digest) return html`<${None} />`;
  return html`<code class="digest" title=${digest}>${shortDigest(digest)}</code>`;
}

/** What stands where there is nothing to say. */
export function None() {
  return html`<span class="none">–</span>`;
}
