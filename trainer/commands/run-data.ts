import { prepareData, type PreparedData } from "../data/prepare.ts";
import { findings, DataRejectedError, type QualityReport } from "../data/quality/report.ts";
import { qualityFiles } from "../data/quality/quality-files.ts";
import type { Settings } from "../settings/settings.ts";
import { downloadOptions, type Work } from "./in-run.ts";
import { noteData } from "./steps.ts";

/**
 * The data of a run, noted in it together with what was found out about it. Also data that is
 * rejected leaves its report in the run.
 * @param prepare gives the data. @default gets and checks it
 * @throws {DataRejectedError}
 */
export async function dataInRun(
  settings: Settings,
  work: Work,
  prepare = () => prepareData(settings, work, downloadOptions(work)),
): Promise<PreparedData> {
  try {
    const data = await prepare();
    await noteData(settings, data, work);
    await noteQuality(data.quality, work);
    return data;
  } catch (error) {
    if (error instanceof DataRejectedError) await noteQuality(error.report, work);
    throw error;
  }
}

async function noteQuality(report: QualityReport, { run, say }: Work): Promise<void> {
  for (const line of findings(report, ["warned"])) say(line);
  run.noteTags({ "updraft.data": report.verdict });
  run.noteFiles(await qualityFiles(report));
}
