import type { FileContents } from "@updraft/contracts/artifact-store";
import { qualityPage } from "./quality-page.ts";
import type { QualityReport } from "./report.ts";

/** The report as it is kept: for programs, and as a page for people. */
export async function qualityFiles(report: QualityReport, folder = "data"): Promise<FileContents> {
  return {
    [`${folder}/quality.json`]: `${JSON.stringify(report, undefined, 2)}\n`,
    [`${folder}/quality.html`]: await qualityPage(report),
  };
}
