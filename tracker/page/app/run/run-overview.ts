import { tagValue, type Metric, type Run } from "../data/runs.ts";
import { formatDuration, formatNumber } from "../format.ts";
import { failureReason, gateOf, gateTags } from "../gate.ts";
import { html, type Content } from "../html.ts";
import { Ago, DigestCode } from "../parts/badges.ts";
import { Facts } from "../parts/facts.ts";
import { GateTable } from "../parts/gate-table.ts";
import { PairTable } from "../parts/pair-table.ts";
import { TagEditor } from "../parts/tag-editor.ts";
import { InputsAndOutputs } from "./inputs-and-outputs.ts";

/** Tags that stand elsewhere on the page. */
const shownTags = new Set<string>([
  gateTags.failure,
  gateTags.verdict,
  gateTags.table,
  "mlflow.runName",
  "mlflow.note.content",
]);

/** Why a run did not end well. */
export function FailureBox({ run }: { readonly run: Run }) {
  const reason = failureReason(run.data.tags);
  if (!reason) return null;
  const isGate = gateOf(run.data.tags)?.verdict === "failed";
  const wasKilled = run.info.status === "KILLED";
  const title = isGate ? "Not released" : wasKilled ? "Why it was killed" : "Why it failed";
  return html`<aside class="failure">
    <h2>${title}</h2>
    <p class="written">${reason}</p>
  </aside>`;
}

/** When, how long, by whom, from what. */
export function RunFacts({ run }: { readonly run: Run }) {
  const { info, data } = run;
  const end = info.end_time ?? (info.status === "RUNNING" ? Date.now() : undefined);
  const commit = tagValue(data.tags, "mlflow.source.git.commit");
  const facts: [string, Content][] = [
    ["Started", html`<${Ago} time=${info.start_time} />`],
    ["Took", end === undefined ? "" : formatDuration(end - info.start_time)],
    ["User", info.user_id ?? ""],
    ["Source", tagValue(data.tags, "mlflow.source.name") ?? ""],
    ["Commit", commit ? html`<${DigestCode} digest=${commit} />` : ""],
    ["Dataset", digest(datasetDigestOf(run))],
    ["Package", digest(tagValue(data.tags, gateTags.digest))],
    ["Run", html`<code>${info.run_id}</code>`],
  ];
  return html`<${Facts} facts=${facts} />`;
}

/** What a run was given and what it reached, with its curves. */
export function RunOverview(props: {
  readonly run: Run;
  readonly children?: Content;
  onSetTag(key: string, value: string | undefined): Promise<void>;
}) {
  const { run, children, onSetTag } = props;
  const { metrics = [], params = [], tags = [] } = run.data;
  const gate = gateOf(tags);
  return html`${children}
    <div class="columns">
      ${gate && gate.rules.length > 0 ? section("Gate", html`<${GateTable} rules=${gate.rules} />`) : null}
      ${metrics.length > 0 ? section("Metrics", metricTable(metrics)) : null}
      ${
        params.length > 0
          ? section("Parameters", html`<${PairTable} pairs=${params} label="Parameters" />`)
          : null
      }
      <${InputsAndOutputs} run=${run} />
      ${section(
        "Tags",
        html`<${TagEditor}
          tags=${tags.filter(({ key }) => !shownTags.has(key))}
          onSet=${onSetTag}
        />`,
      )}
    </div>`;
}

/** The digest of what a run was trained on. */
export function datasetDigestOf(run: Run): string | undefined {
  return (
    tagValue(run.data.tags, gateTags.datasetDigest) ??
    run.inputs?.dataset_inputs?.[0]?.dataset.digest
  );
}

function digest(text: string | undefined): Content {
  return text ? html`<${DigestCode} digest=${text} />` : "";
}

function section(title: string, content: Content): Content {
  return html`<section class="card">
    <h2>${title}</h2>
    ${content}
  </section>`;
}

function metricTable(metrics: readonly Metric[]): Content {
  return html`<table class="pairs" aria-label="Metrics">
    <thead>
      <tr>
        <th scope="col">Metric</th>
        <th scope="col" class="number">Latest</th>
        <th scope="col" class="number">Step</th>
      </tr>
    </thead>
    <tbody>
      ${metrics.map(
        ({ key, value, step }) =>
          html`<tr key=${key}>
            <th scope="row">${key}</th>
            <td class="number" title=${String(value)}>${formatNumber(Number(value))}</td>
            <td class="number quiet">${formatNumber(step)}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}
