import type { StoredFile } from "@updraft/contracts/artifact-store";
import type { Experiment, Tag } from "../store/experiments.ts";
import type { Run } from "../store/runs.ts";
import { formatBytes, formatNumber, formatTime } from "./format.ts";
import { failureReason, parseGate, tagValue, wellKnownTags, type GateNote } from "./gate.ts";
import { isRunning } from "./home-page.ts";
import { html, path, type Content, type Html } from "./html.ts";
import { gateBadge, layout, statusBadge, table, timeAgo } from "./layout.ts";
import { datasetDigestOf, durationOf } from "./run-table.ts";

/** What a run's page shows. */
export interface RunDetails {
  readonly run: Run;
  readonly experiment: Experiment;
  /** Its artifacts, with their paths in the store. */
  readonly files: readonly StoredFile[];
  /** Where they begin in the store, without a slash at its end. */
  readonly artifactRoot: string;
}

/** A run: how it ended and why, what it was given, what it reached, what it left behind. */
export function runPage({ run, experiment, files, artifactRoot }: RunDetails, now: number): Html {
  const { info, data } = run;
  const gate = parseGate(tagValue(data.tags, wellKnownTags.gate));
  return layout({ title: info.run_name, refreshSeconds: isRunning(run) ? 10 : undefined }, [
    html`<p class="trail">
      <a href="/">Overview</a> /
      <a href="${path("experiments", experiment.experiment_id)}">${experiment.name}</a>
    </p>`,
    html`<h1>${info.run_name} ${statusBadge(info.status)} ${gate ? gateBadge(gate) : ""}</h1>`,
    failureBox(run),
    facts(run, now),
    gate && gate.rules.length > 0 ? gateSection(gate) : "",
    imageSection(files, artifactRoot),
    section("Metrics", metricTable(run), data.metrics.length),
    section("Parameters", pairTable(data.params), data.params.length),
    section("Tags", pairTable(data.tags), data.tags.length),
    section("Artifacts", fileTable(files, artifactRoot), files.length),
  ]);
}

/** Where the browser gets an artifact. */
function artifactAddress(file: StoredFile): string {
  return path("api", "2.0", "mlflow-artifacts", "artifacts", ...file.path.split("/"));
}

function failureBox({ info, data }: Run): Content {
  const reason = failureReason(data.tags);
  if (!reason) return "";
  const title = info.status === "FINISHED" ? "Not released" : "Why it ended";
  return html`<aside class="failure">
    <h2>${title}</h2>
    <p class="reason">${reason}</p>
  </aside>`;
}

function facts(run: Run, now: number): Html {
  const { info, data } = run;
  const rows: [string, Content][] = [
    ["Started", html`${timeAgo(info.start_time, now)}, ${formatTime(info.start_time)}`],
    ["Took", durationOf(run, now)],
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

function gateSection({ rules }: GateNote): Html {
  const rows = rules.map(({ rule, value, limit, verdict, reason }) => [
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
  return html`<section>
    <h2>Gate</h2>
    ${table(columns, rows)}
  </section>`;
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
  return table(
    [{ label: "Metric" }, { label: "Latest", numeric: true }, { label: "Step", numeric: true }],
    data.metrics.map(({ key, value, step }) => [
      key,
      html`<span title="${String(value)}">${formatNumber(value)}</span>`,
      formatNumber(step),
    ]),
  );
}

function pairTable(pairs: readonly Tag[]): Html {
  return table(
    [{ label: "Name" }, { label: "Value" }],
    pairs.map(({ key, value }) => [key, html`<span class="value">${value}</span>`]),
  );
}

function fileTable(files: readonly StoredFile[], root: string): Html {
  return table(
    [{ label: "File" }, { label: "Size", numeric: true }],
    files.map((file) => [
      html`<a href="${artifactAddress(file)}">${file.path.slice(root.length + 1)}</a>`,
      formatBytes(file.size),
    ]),
  );
}
