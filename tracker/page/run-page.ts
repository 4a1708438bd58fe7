import type { StoredFile } from "@updraft/contracts/artifact-store";
import type { Experiment, Tag } from "../store/experiments.ts";
import type { Metric, Run, RunStatus } from "../store/runs.ts";
import { formatBytes, formatNumber, formatTime } from "./format.ts";
import { failureReason, parseGate, tagValue, wellKnownTags, type GateNote } from "./gate.ts";
import { isRunning } from "./home-page.ts";
import { html, path, type Content, type Html } from "./html.ts";
import { gateBadge, layout, smallTable, statusBadge, table, timeAgo } from "./layout.ts";
import { datasetDigestOf, durationOf, mainMetrics } from "./run-table.ts";

/** What a run's page shows. */
export interface RunDetails {
  readonly run: Run;
  readonly experiment: Experiment;
  /** Its artifacts, with their paths in the store. */
  readonly files: readonly StoredFile[];
  /** Where they begin in the store, without a slash at its end. */
  readonly artifactRoot: string;
}

/** Tags that stand elsewhere on the page. */
const shownTags = new Set<string>([
  wellKnownTags.failure,
  wellKnownTags.gate,
  wellKnownTags.gateTable,
  "mlflow.runName",
]);

/** A run: how it ended and why, what it was given, what it reached, what it left behind. */
export function runPage({ run, experiment, files, artifactRoot }: RunDetails, now: number): Html {
  const { info, data } = run;
  const gate = parseGate(tagValue(data.tags, wellKnownTags.gate));
  const otherTags = data.tags.filter(({ key }) => !shownTags.has(key));
  return layout({ title: info.run_name, refreshSeconds: isRunning(run) ? 10 : undefined }, [
    html`<p class="trail">
      <a href="/">Overview</a> /
      <a href="${path("experiments", experiment.experiment_id)}">${experiment.name}</a>
    </p>`,
    html`<h1>${info.run_name} ${statusBadge(info.status)}</h1>`,
    failureBox(run),
    facts(run, now),
    gateSection(gate, tagValue(data.tags, wellKnownTags.gateTable)),
    imageSection(files, artifactRoot),
    html`<div class="columns">
      ${section("Metrics", metricTable(run), data.metrics.length)}
      ${section("Parameters", pairTable(data.params), data.params.length)}
    </div>`,
    section("Tags", pairTable(otherTags), otherTags.length),
    section("Artifacts", fileTable(files, artifactRoot), files.length),
  ]);
}

/** Where the browser gets an artifact. */
function artifactAddress(file: StoredFile): string {
  return path("api", "2.0", "mlflow-artifacts", "artifacts", ...file.path.split("/"));
}

const endings: Readonly<Record<RunStatus, string>> = {
  RUNNING: "stopped",
  SCHEDULED: "stopped",
  FINISHED: "stopped",
  FAILED: "failed",
  KILLED: "was killed",
};

function failureBox({ info, data }: Run): Content {
  const reason = failureReason(data.tags);
  if (!reason) return "";
  const gate = parseGate(tagValue(data.tags, wellKnownTags.gate));
  const title = gate?.verdict === "failed" ? "Not released" : `Why it ${endings[info.status]}`;
  return html`<aside class="failure">
    <h2>${title}</h2>
    <p class="reason">${reason}</p>
  </aside>`;
}

function facts(run: Run, now: number): Html {
  const { info, data } = run;
  const gate = parseGate(tagValue(data.tags, wellKnownTags.gate));
  const rows: [string, Content][] = [
    ["Started", html`${timeAgo(info.start_time, now)}, ${formatTime(info.start_time)}`],
    ["Took", durationOf(run, now)],
    ["Gate", gate ? gateBadge(gate) : ""],
    ["User", info.user_id],
    ["Dataset", code(datasetDigestOf(run))],
    ["Package", code(tagValue(data.tags, wellKnownTags.digest))],
    ["Commit", code(tagValue(data.tags, "mlflow.source.git.commit"))],
    ["Run", code(info.run_id)],
  ];
  return html`<dl class="facts">
    ${rows
      .filter(([, value]) => value)
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div> `,
      )}
  </dl>`;
}

function code(text: string | undefined): Content {
  return text ? html`<code>${text}</code>` : "";
}

function section(title: string, content: Html, count: number): Content {
  return count === 0
    ? ""
    : html`<section>
        <h2>${title}</h2>
        ${content}
      </section>`;
}

function gateSection(gate: GateNote | undefined, asText: string | undefined): Content {
  if (!gate || gate.rules.length === 0) {
    return asText ? section("Gate", html`<pre>${asText}</pre>`, 1) : "";
  }
  const rows = gate.rules.map(({ rule, value, limit, verdict, reason }) => [
    rule,
    formatNumber(value),
    formatNumber(limit),
    html`<span class="badge ${verdict}">${verdict}</span>`,
    reason,
  ]);
  const columns = [
    { label: "Rule" },
    { label: "Value", numeric: true },
    { label: "Limit", numeric: true },
    { label: "Verdict" },
    { label: "Reason" },
  ];
  return section("Gate", table(columns, rows), rows.length);
}

function imageSection(files: readonly StoredFile[], root: string): Content {
  const images = files.filter(
    ({ path: file }) => file.startsWith(`${root}/`) && /(^|\/)evaluation\/.*\.svg$/.test(file),
  );
  return section(
    "Evaluation",
    html`<div class="figures">
      ${images.map(
        (file) =>
          html`<figure>
            <a href="${artifactAddress(file)}"
              ><img src="${artifactAddress(file)}" alt="${captionOf(file)}" loading="lazy"
            /></a>
            <figcaption>${captionOf(file)}</figcaption>
          </figure> `,
      )}
    </div>`,
    images.length,
  );
}

/** `evaluation/confusion-matrix.svg` is a "confusion matrix". */
function captionOf(file: StoredFile): string {
  const name = file.path.split("/").at(-1) ?? "";
  return name.replace(/\.svg$/, "").replaceAll(/[-_]/g, " ");
}

function metricTable({ data }: Run): Html {
  return smallTable(
    [{ label: "Metric" }, { label: "Latest", numeric: true }, { label: "Step", numeric: true }],
    mainFirst(data.metrics).map(({ key, value, step }) => [
      key,
      html`<span title="${String(value)}">${formatNumber(value)}</span>`,
      formatNumber(step),
    ]),
  );
}

/** The metrics that a reader looks for first, then the others by name. */
function mainFirst(metrics: readonly Metric[]): Metric[] {
  return metrics.toSorted((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

function rank({ key }: Metric): number {
  const index = mainMetrics.indexOf(key);
  return index === -1 ? mainMetrics.length : index;
}

function pairTable(pairs: readonly Tag[]): Html {
  return smallTable(
    [{ label: "Name" }, { label: "Value" }],
    pairs.map(({ key, value }) => [key, html`<span class="value">${value}</span>`]),
  );
}

function fileTable(files: readonly StoredFile[], root: string): Html {
  return smallTable(
    [{ label: "File" }, { label: "Size", numeric: true }],
    files.map((file) => [
      html`<a href="${artifactAddress(file)}">${file.path.slice(root.length + 1)}</a>`,
      formatBytes(file.size),
    ]),
  );
}
