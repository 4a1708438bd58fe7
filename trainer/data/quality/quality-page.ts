import { vegaSvg } from "../../plots/vega-svg.ts";
import { qualityPlots } from "./quality-plots.ts";
import type { CheckVerdict, QualityCheck, QualityReport } from "./report.ts";
import { shortNumber } from "./verdict.ts";

const headlines = {
  passed: "The data passed every check",
  warned: "The data passed, with warnings",
  failed: "The data is rejected",
} satisfies Record<QualityReport["verdict"], string>;

const colours = {
  passed: "#15803d",
  warned: "#b45309",
  failed: "#b91c1c",
  skipped: "#64748b",
} satisfies Record<CheckVerdict, string>;

const style = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1e293b; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin-top: 2rem }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid #e2e8f0 }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.verdict { font-weight: 600 }
ul { margin: .25rem 0 0; padding-left: 1.2rem; color: #475569 }
figure { margin: 1.5rem 0 }
svg { max-width: 100%; height: auto }
`;

/** A report as one page, which needs nothing else: the checks, the rows to look at, the plots. */
export async function qualityPage(report: QualityReport): Promise<string> {
  const { model, dataset, verdict, checks, examples, champion } = report;
  const plots: string[] = [];
  for (const plot of qualityPlots(report)) plots.push(await vegaSvg(plot));
  const { training, validation, test } = examples;
  const parts = Object.entries({ training, validation, test }).map(
    ([part, count]) => `${count.toLocaleString("en-US")} ${part}`,
  );
  const beside = champion ? `, beside the data of the champion, version ${champion.version}` : "";
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Data of ${escaped(model)}: ${escaped(dataset)}</title>
<style>${style}</style>
</head>
<body>
<h1 style="color: ${colours[verdict]}">${headlines[verdict]}</h1>
<p>${escaped(dataset)}, for ${escaped(model)}: ${parts.join(", ")} examples${escaped(beside)}.</p>
<h2>Checks</h2>
<table>
<tr><th>check</th><th class="number">value</th><th class="number">limit</th><th>verdict</th><th>what was found</th></tr>
${checks.map(checkRow).join("\n")}
</table>
${plots.length > 0 ? "<h2>What the data is like</h2>" : ""}
${plots.map((plot) => `<figure>${plot.trim()}</figure>`).join("\n")}
</body>
</html>
`;
}

function checkRow({ check, value, limit, verdict, rows, affected, message }: QualityCheck): string {
  const more =
    affected > rows.length && rows.length > 0 ? [`and ${affected - rows.length} more`] : [];
  const items = [...rows, ...more].map((row) => `<li>${escaped(row)}</li>`);
  const list = items.length > 0 ? `<ul>${items.join("")}</ul>` : "";
  return `<tr><td>${escaped(check)}</td><td class="number">${numberCell(value)}</td><td class="number">${numberCell(limit)}</td><td class="verdict" style="color: ${colours[verdict]}">${verdict}</td><td>${escaped(message)}${list}</td></tr>`;
}

function numberCell(value: number | undefined): string {
  return value === undefined ? "–" : shortNumber(value);
}

function escaped(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
