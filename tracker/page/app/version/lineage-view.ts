import type { Lineage } from "../data/package.ts";
import { shortDigest } from "../format.ts";
import { html, type Content } from "../html.ts";
import { addressOf } from "../route.ts";

/** A step of the way from a commit to what serves. */
export interface LineageStep {
  readonly what: string;
  /** In full. */
  readonly value: string;
  readonly href?: string | undefined;
}

/** What is known of the way from the commit to the aliases. */
export function lineageSteps(known: {
  readonly lineage: Lineage;
  readonly runId?: string | undefined;
  readonly digest?: string | undefined;
  readonly version: string;
  readonly aliases: readonly string[];
}): LineageStep[] {
  const { lineage, digest, version, aliases } = known;
  const runId = lineage.runId ?? known.runId;
  const steps: (LineageStep | undefined)[] = [
    step("Commit", lineage.gitCommit),
    step("Code", lineage.codeDigest),
    step("Image", lineage.imageDigest),
    step("Dataset", lineage.datasetDigest),
    runId ? { what: "Run", value: runId, href: addressOf.run(runId) } : undefined,
    step("Package", digest),
    step("Version", version),
    aliases.length > 0
      ? step("Serves as", aliases.map((alias) => `@${alias}`).join(" "))
      : undefined,
  ];
  return steps.filter((one) => one !== undefined);
}

/** The way from the commit to what serves, one step after another. */
export function LineageView({ steps }: { readonly steps: readonly LineageStep[] }) {
  return html`<ol class="lineage">
    ${steps.map((one) => html`<li key=${one.what}><span>${one.what}</span> ${valueOf(one)}</li>`)}
  </ol>`;
}

function step(what: string, value: string | undefined): LineageStep | undefined {
  return value ? { what, value } : undefined;
}

function valueOf({ what, value, href }: LineageStep): Content {
  const isShort = what === "Version" || what === "Serves as";
  const shown = html`<code title=${value}>${isShort ? value : shortDigest(value)}</code>`;
  return href ? html`<a href=${href}>${shown}</a>` : shown;
}
