import { thisProcess } from "../process-identity.ts";
import { createRun } from "./create-run.ts";
import type { FoundRun } from "./found-run.ts";
import type { MlflowConnection } from "./mlflow-client.ts";
import { gatherTrials, sweepRun, tagsOfTrial } from "./sweep-runs.ts";
import { takeOverRun } from "./take-over-run.ts";
import type { RunStart } from "./tracking.ts";

/** The tag of a run that goes on with the training of another one, which stays as it is. */
const resumedFromTag = "updraft.resumedFrom";

/** A run that is being worked on. */
export interface OpenRun {
  readonly run: FoundRun;
  /** Whether it is another process's, whose training is gone on with. */
  readonly isTakenOver: boolean;
  /** The runs that are alive as long as this process is. */
  readonly beatsFor: readonly string[];
}

/** Makes a run, or takes the one that a sweep has, or that a killed training has left. */
export async function openRun(
  connection: MlflowConnection,
  experimentId: string,
  start: RunStart,
  ownerTags: Readonly<Record<string, string>>,
): Promise<OpenRun> {
  if (!start.sweep) {
    const opened = await takeOverOrCreate(connection, experimentId, start, { tags: ownerTags });
    return { ...opened, beatsFor: [opened.run.info.run_id] };
  }
  const { id, trial } = start.sweep;
  const parent = await sweepRun(connection, { experimentId, id }, start);
  const parentId = parent.info.run_id;
  if (trial === undefined) {
    await gatherTrials(connection, { experimentId, id }, parent);
    return { run: parent, isTakenOver: false, beatsFor: [parentId] };
  }
  const tags = { ...ownerTags, ...tagsOfTrial(id, trial, parentId) };
  const own = { tags, name: `trial ${trial}` };
  const opened = await takeOverOrCreate(connection, experimentId, start, own);
  return { ...opened, beatsFor: [opened.run.info.run_id, parentId] };
}

/** Goes on with the run that is named, or makes one that says which it follows. */
async function takeOverOrCreate(
  connection: MlflowConnection,
  experimentId: string,
  start: RunStart,
  { tags, name }: { readonly tags: Readonly<Record<string, string>>; readonly name?: string },
): Promise<Pick<OpenRun, "run" | "isTakenOver">> {
  const { resume } = start;
  if (resume?.mayTakeOver) {
    const { runId } = resume;
    const run = await takeOverRun(connection, { runId, experimentId, owner: thisProcess(), tags });
    if (run) return { run, isTakenOver: true };
  }
  const all = { ...tags, ...(resume ? { [resumedFromTag]: resume.runId } : {}) };
  const made = { start, tags: all, ...(name === undefined ? {} : { name }) };
  return { run: await createRun(connection, experimentId, made), isTakenOver: false };
}
