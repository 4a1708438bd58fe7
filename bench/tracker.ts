import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { memoryOf, type ProcessMemory } from "@updraft/tests/process-memory";
import { postgresPrograms, startPostgres } from "@updraft/tracker/postgres-under-test";
import { nothingSeen, quantile, repeat, type Seen, type Task, together } from "./support/repeat.ts";
import { heading, throughputLine, valueLine } from "./support/side-by-side.ts";
import {
  mlflowServer,
  type RunningTracker,
  type TrackerKind,
  updraftOnPostgres,
  updraftOnSqlite,
} from "./support/tracker-peer.ts";
import * as tasks from "./support/tracker-tasks.ts";
import { virtualEnvironment } from "./support/virtual-environment.ts";

// The tracker beside MLflow's own server, both as they are started without further settings, taking
// turns on the same machine: start-up, memory, and how quickly the calls of MLflow's client are
// answered over plain HTTP by connections that are kept alive. Every search is checked to find the
// same runs in the same order on both sides, every write to be there, every artifact to be whole.
//
//   npm run bench -- tracker [--quick] [--runs 100000]
const { values: options } = parseArgs({
  options: { quick: { type: "boolean", default: false }, runs: { type: "string" } },
});
const manyRuns = Number(options.runs ?? "100000");
const fewRuns = 500;
const connectionCounts = options.quick ? [1, 16] : [1, 16, 32];
const secondsPerTurn = options.quick ? 0.7 : 1.5;
const turns = options.quick ? 1 : 2;
const starts = options.quick ? 1 : 3;
const oneKibibyte = 1024;
const hundredMegabytes = 100_000_000;

/** Those of a Postgres that nobody has tuned, which the tests turn down. */
const asInstalled = { fsync: "on", shared_buffers: "128MB", max_connections: "100" };

/** A tracker that runs. */
interface Contestant extends RunningTracker {
  readonly name: string;
}

const folder = await mkdtemp(join(tmpdir(), "bench-tracker-"));
const running = new Set<RunningTracker>();
const postgres = postgresPrograms ? await startPostgres(asInstalled) : undefined;
let failed = false;
process.once("SIGINT", () => void cleanUp().then(() => process.exit(130)));
try {
  await compare(await trackerKinds());
} finally {
  await cleanUp();
}
if (failed) process.exitCode = 1;

async function compare(kinds: readonly TrackerKind[]): Promise<void> {
  console.log(heading(kinds.map(({ name }) => name)));
  await compareStarts("first start, makes the database", kinds, 1);
  for (const kind of kinds) await kind.addRuns({ from: 0, to: fewRuns });
  await compareStarts(`start, ${fewRuns} runs`, kinds, starts);

  const few = await startAll(kinds);
  compareMemory("memory, idle", few);
  const experiments = await Promise.all(few.map(({ url }) => tasks.createExperiment(url)));
  await compareWrites(few, (index) => experiments[index] ?? "");
  await compareSearch(`best 100 of ${fewRuns} runs`, few, tasks.best100);
  await compareArtifacts(few);
  await stopAll();

  for (const kind of kinds) await kind.addRuns({ from: fewRuns, to: manyRuns });
  await compareStarts(`start, ${manyRuns} runs`, kinds, starts);
  const many = await startAll(kinds);
  compareMemory(`memory, idle, ${manyRuns} runs`, many);
  const fewConnections = [1, 8];
  await compareSearch(`best 100 of ${manyRuns} runs`, many, tasks.best100, fewConnections);
  await compareSearch(`filter of 3 on ${manyRuns} runs`, many, tasks.filtered, fewConnections);
  await compareSearch(`name LIKE on ${manyRuns} runs`, many, tasks.named, fewConnections);
  compareMemory("memory after these searches", many);
  await stopAll();
}

async function trackerKinds(): Promise<TrackerKind[]> {
  const programs = await virtualEnvironment("mlflow-requirements.txt");
  const ours = [updraftOnSqlite(await newFolder("updraft"))];
  if (postgres) {
    const database = await postgres.newDatabase();
    ours.push(updraftOnPostgres(postgres, database, await newFolder("updraft-postgres")));
  }
  return programs ? [...ours, mlflowServer(programs, await newFolder("mlflow"))] : ours;
}

async function newFolder(name: string): Promise<string> {
  await mkdir(join(folder, name));
  return join(folder, name);
}

/** From the start of the process until `/health` answers, the median of some. */
async function compareStarts(
  what: string,
  kinds: readonly TrackerKind[],
  count: number,
): Promise<void> {
  const seconds = new Map<string, number[]>(kinds.map(({ name }) => [name, []]));
  for (let turn = 0; turn < count; turn += 1) {
    for (const kind of kinds) {
      const began = performance.now();
      await start(kind);
      seconds.get(kind.name)?.push((performance.now() - began) / 1000);
      await stopAll();
    }
  }
  const medians = new Map([...seconds].map(([name, all]) => [name, quantile(all, 0.5)]));
  console.log(valueLine(what, medians, { unit: "s", better: "lower" }));
}

function compareMemory(what: string, contestants: readonly Contestant[]): void {
  const memory = contestants.map(({ name, pid }) => [name, memoryOf(pid)] as const);
  const print = (kind: string, key: keyof ProcessMemory) => {
    const values = new Map(memory.map(([name, used]) => [name, used[key]]));
    console.log(valueLine(`${what} (${kind})`, values, { unit: "MiB", better: "lower" }));
  };
  print("RSS", "residentMiB");
  print("PSS", "proportionalMiB");
}

async function compareWrites(
  contestants: readonly Contestant[],
  experimentOf: (index: number) => string,
): Promise<void> {
  const compareWrite = (what: string, task: (experimentId: string) => Task) =>
    compareTask(what, contestants, (index) => task(experimentOf(index)));
  await compareWrite("log_metric", tasks.logMetric);
  await compareWrite("log_batch of 1,000", tasks.logBatch);
  await compareWrite("run, 3 values, end: 6 calls", tasks.wholeRun);
}

/** @throws if they do not find the same */
async function compareSearch(
  what: string,
  contestants: readonly Contestant[],
  search: tasks.Search,
  counts: readonly number[] = connectionCounts,
): Promise<void> {
  const found = await Promise.all(contestants.map(({ url }) => tasks.namesFound(url, search)));
  if (found[0]?.length === 0 || !found.every((names) => isDeepStrictEqual(names, found[0]))) {
    throw new Error(`${what}: not the same runs are found: ${JSON.stringify(found)}`);
  }
  await compareTask(what, contestants, () => tasks.searchRuns(search), counts);
}

async function compareArtifacts(contestants: readonly Contestant[]): Promise<void> {
  await compareTask("artifact of 1 KiB up", contestants, () => tasks.upload(oneKibibyte));
  await compareTask("artifact of 1 KiB down", contestants, () => tasks.download(oneKibibyte));
  const large = {
    upload: tasks.upload(hundredMegabytes),
    download: tasks.download(hundredMegabytes),
  };
  await compareTask("artifact of 100 MB up", contestants, () => large.upload, [1]);
  await compareTask("artifact of 100 MB down", contestants, () => large.download, [1]);
}

/** Each contestant does it in turn, for a while with each number of connections. */
async function compareTask(
  what: string,
  contestants: readonly Contestant[],
  taskOf: (index: number) => Task,
  counts: readonly number[] = connectionCounts,
): Promise<void> {
  for (const connections of counts) {
    const row = new Map<string, Seen>();
    for (let turn = 0; turn < turns; turn += 1) {
      for (const [index, { name, url }] of contestants.entries()) {
        const task = taskOf(index);
        if (turn === 0 && connections === counts[0])
          await repeat(url, task, { connections, seconds: secondsPerTurn / 4 });
        const seen = await repeat(url, task, { connections, seconds: secondsPerTurn });
        row.set(name, together(row.get(name) ?? nothingSeen, seen));
      }
    }
    report(`${what}, ${connections} conn.`, row);
  }
}

function report(what: string, row: ReadonlyMap<string, Seen>): void {
  console.log(throughputLine(what, row));
  for (const [name, { errors }] of row) {
    if (errors.length === 0) continue;
    console.log(`  ${name}: ${errors.length} errors, the first one: ${errors[0]}`);
    // A peer's errors are its own affair, and are not counted as requests.
    if (name.startsWith("updraft")) failed = true;
  }
}

async function startAll(kinds: readonly TrackerKind[]): Promise<Contestant[]> {
  const contestants = [];
  for (const kind of kinds) contestants.push(await start(kind));
  for (const { pid } of contestants) await settled(pid);
  return contestants;
}

async function start(kind: TrackerKind): Promise<Contestant> {
  const tracker = await kind.start();
  running.add(tracker);
  return { ...tracker, name: kind.name };
}

/** Waits until a server's memory stays as it is: MLflow's workers follow the first one later. */
async function settled(pid: number): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (let same = 0, last = 0; same < 3 && performance.now() < deadline;) {
    await sleep(700);
    const { residentMiB } = memoryOf(pid);
    same = Math.abs(residentMiB - last) < residentMiB / 100 ? same + 1 : 0;
    last = residentMiB;
  }
}

async function stopAll(): Promise<void> {
  for (const tracker of running) await tracker.stop();
  running.clear();
}

async function cleanUp(): Promise<void> {
  await stopAll();
  await postgres?.discard();
  await rm(folder, { recursive: true, force: true });
}
