import { describe, expect, it } from "vitest";
import {
  planExperiments,
  planFolders,
  planLoggedModels,
  planRuns,
  planVersions,
  usesOf,
  type FolderFact,
  type RunFact,
  type RunningFact,
  type VersionFact,
} from "./plan.ts";

const day = 86_400_000;
const now = 100 * day;
const storeUri = "file:///store";
const place = { now, storeUri, olderThanMs: 0 };
const hex = (letter: string) => letter.repeat(64);
const packageOf = (letter: string) => `mlflow-artifacts:/models/digits/${hex(letter)}`;
const snapshotOf = (letter: string) => `mlflow-artifacts:/datasets/${hex(letter)}`;

function version(number: number, some: Partial<VersionFact> = {}): VersionFact {
  const location = `mlflow-artifacts:/models/digits/${number}`;
  const plain = { stage: "None", aliases: [], stacks: {}, location };
  return { name: "digits", version: number, createdAt: now - 10 * day, ...plain, ...some };
}

function run(runId: string, some: Partial<RunFact> = {}): RunFact {
  const location = `mlflow-artifacts:/1/${runId}/artifacts`;
  const startedAt = now - 11 * day;
  return { runId, status: "FINISHED", location, startedAt, endedAt: now - 10 * day, ...some };
}

function running(runId: string, some: Partial<RunningFact> = {}): RunningFact {
  return { runId, isTrainer: false, modelIds: [], ...some };
}

const model = (modelId: string, deletedAt?: number) => ({
  modelId,
  location: `mlflow-artifacts:/1/models/${modelId}/artifacts`,
  deletedAt,
});

const experiment = (experimentId: string, runIds: string[], modelIds: string[] = []) => ({
  experimentId,
  deletedAt: now - day,
  runIds,
  modelIds,
});

const folder = (location: string, some: Partial<FolderFact> = {}): FolderFact => ({
  location,
  since: 0,
  namedBy: [],
  ...some,
});

const deletedWhileRunning = (minutes: number) => ({
  status: "RUNNING",
  deletedAt: now - minutes * 60_000,
});

const ids = (runs: readonly RunFact[]) => runs.map(({ runId }) => runId);
const numbers = (versions: readonly VersionFact[]) => versions.map((one) => one.version);
const nothing = usesOf([], storeUri);

describe("planVersions", () => {
  const policy = { olderThanMs: 0, keepVersions: 1 };

  it("frees none unless it is told how many to keep", () => {
    const plan = planVersions([version(1), version(2)], [], { olderThanMs: 0 }, now);
    expect(plan).toEqual({ free: [], kept: [] });
  });

  it("keeps the newest of each model", () => {
    const versions = [version(1), version(3), version(2), version(1, { name: "iris" })];
    expect(numbers(planVersions(versions, [], policy, now).free)).toEqual([1, 2]);
    expect(numbers(planVersions(versions, [], { ...policy, keepVersions: 2 }, now).free)).toEqual([
      1,
    ]);
    const all = planVersions(versions, [], { ...policy, keepVersions: 0 }, now);
    expect(all.free).toHaveLength(4);
  });

  it("frees only versions that are old enough, of the models that are named", () => {
    const versions = [version(1), version(2, { createdAt: now - day }), version(3)];
    const old = { ...policy, olderThanMs: 5 * day };
    expect(numbers(planVersions(versions, [], old, now).free)).toEqual([1]);
    expect(planVersions(versions, [], { ...policy, models: ["iris"] }, now).free).toEqual([]);
  });

  it("keeps what an alias, a serving stage, a running run or a stack refers to, and says so", () => {
    const versions = [
      version(1, { aliases: ["champion"] }),
      version(2, { stage: "Production" }),
      version(3, { stage: "Archived" }),
      version(4, { runId: "r" }),
      version(5, { stacks: { dev: 1, prod: 9 } }),
      version(6, { stacks: { dev: 2 } }),
      version(7, { stacks: { dev: 3 } }),
      version(8),
    ];
    const plan = planVersions(versions, [running("r")], policy, now);
    expect(numbers(plan.free)).toEqual([3]);
    expect(plan.kept).toEqual([
      { what: "version digits/1", why: "the alias champion points to it" },
      { what: "version digits/2", why: "it is in stage Production" },
      { what: "version digits/4", why: "its run r is running" },
      { what: "version digits/5", why: "the stack prod serves it or rolls back to it" },
      { what: "version digits/6", why: "the stack dev serves it or rolls back to it" },
      { what: "version digits/7", why: "the stack dev serves it or rolls back to it" },
    ]);
  });

  it("keeps the latest two releases of a stack, by when they were released", () => {
    const versions = [9, 3, 5].map((at, index) => version(index + 1, { stacks: { dev: at } }));
    const plan = planVersions(versions, [], { olderThanMs: 0, keepVersions: 0 }, now);
    expect(numbers(plan.free)).toEqual([2]);
  });
});

describe("planRuns", () => {
  const aged = { ...place, olderThanMs: day };
  it("frees runs that were deleted long enough ago", () => {
    const runs = [run("a", { deletedAt: now - day }), run("b", { deletedAt: now - day + 1 })];
    expect(ids(planRuns(runs, nothing, aged).free)).toEqual(["a"]);
  });

  it("leaves a run that was deleted while it was running an hour for its last uploads", () => {
    const runs = [run("a", deletedWhileRunning(60)), run("b", deletedWhileRunning(59))];
    expect(ids(planRuns(runs, nothing, place).free)).toEqual(["a"]);
  });

  it("frees runs that newer ones displace, once they have ended long enough ago", () => {
    const runs = [
      run("a"),
      run("b", { status: "RUNNING" }),
      run("c", { status: "SCHEDULED" }),
      run("d", { endedAt: now - day + 1 }),
      run("e", { status: "FAILED" }),
    ];
    expect(ids(planRuns(runs, nothing, aged).free)).toEqual(["a", "e"]);
  });

  it("keeps a run that a version came from, or has its artifacts in", () => {
    const runs = ["a", "b", "c", "d", "e"].map((id) => run(id, { deletedAt: 0 }));
    const uses = usesOf(
      [
        version(1, { runId: "a" }),
        version(2, { location: "mlflow-artifacts:/1/b/artifacts/model" }),
        version(3, { location: "file:///store/1/c" }),
        version(4, { location: "mlflow-artifacts:/1/%64/artifacts" }),
        version(5, { location: "s3://elsewhere/1/e/artifacts" }),
      ],
      storeUri,
    );
    const plan = planRuns(runs, uses, aged);
    expect(ids(plan.free)).toEqual(["e"]);
    expect(plan.kept).toEqual([
      { what: "run a", why: "version digits/1 refers to it" },
      { what: "run b", why: "version digits/2 refers to it" },
      { what: "run c", why: "version digits/3 refers to it" },
      { what: "run d", why: "version digits/4 refers to it" },
    ]);
  });

  it("keeps every run of an experiment whose whole folder is a version", () => {
    const uses = usesOf([version(1, { location: "mlflow-artifacts:/1" })], storeUri);
    expect(planRuns([run("a", { deletedAt: 0 })], uses, aged).free).toEqual([]);
  });
});

describe("planLoggedModels", () => {
  it("frees deleted ones and those of freed runs, but for what versions and running runs use", () => {
    const models = [
      model("m-1", 0),
      model("m-2"),
      model("m-3", 0),
      model("m-4", 0),
      model("m-5", now),
    ];
    const uses = usesOf(
      [
        version(1, { modelId: "m-3" }),
        version(2, { location: "mlflow-artifacts:/1/models/m-1/artifacts" }),
      ],
      storeUri,
    );
    const plan = planLoggedModels(models, uses, [running("r", { modelIds: ["m-4"] })], {
      ...place,
      olderThanMs: day,
    });
    expect(plan).toEqual({
      free: [model("m-2")],
      kept: [
        { what: "logged model m-1", why: "version digits/2 refers to it" },
        { what: "logged model m-3", why: "version digits/1 refers to it" },
        { what: "logged model m-4", why: "run r is running and refers to it" },
      ],
    });
  });
});

describe("planExperiments", () => {
  it("frees those that nothing is left in, but not the one that clients expect", () => {
    const facts = [
      experiment("0", []),
      experiment("1", []),
      experiment("2", ["a"], ["m"]),
      experiment("3", ["a", "b"]),
    ];
    expect(planExperiments(facts, new Set(["a", "m"]), place)).toEqual(["1", "2"]);
    expect(planExperiments(facts, new Set(), { now, olderThanMs: 2 * day })).toEqual([]);
  });
});

describe("planFolders", () => {
  it("frees packages and snapshots that nothing refers to, once their time has come", () => {
    const free = [
      folder(packageOf("a")),
      folder(snapshotOf("b")),
      folder(`file:///store/models/digits/${hex("c")}`, { since: now - day }),
    ];
    const waiting = folder(packageOf("d"), { since: now - day + 1 });
    const plan = planFolders([...free, waiting], nothing, [], { ...place, olderThanMs: day });
    expect(plan).toEqual({ free, kept: [], forget: [] });
  });

  it("forgets what is referred to again, and what is not the tracker's", () => {
    const uses = usesOf(
      [
        version(1, { location: packageOf("a") }),
        version(2, { location: `file:///store/models/digits/${hex("b")}` }),
        version(3, { location: `${packageOf("c")}/inner` }),
      ],
      storeUri,
    );
    const forget = [
      folder(packageOf("a")),
      folder(packageOf("b")),
      folder(packageOf("c")),
      folder(snapshotOf("d"), { namedBy: ["run r"] }),
      folder(`s3://elsewhere/models/digits/${hex("e")}`),
      folder("mlflow-artifacts:/models/digits"),
      folder(`mlflow-artifacts:/models/../${hex("f")}`),
    ];
    expect(planFolders(forget, uses, [], place)).toEqual({ free: [], kept: [], forget });
  });

  it("keeps what a running trainer has named, and everything while one has not named its own", () => {
    const folders = [folder(packageOf("a")), folder(packageOf("b")), folder(snapshotOf("a"))];
    const kept = (some: Partial<RunningFact>) =>
      planFolders(folders, nothing, [running("r", some)], place).kept.map(({ what }) => what);
    const paths = [
      `models/digits/${hex("a")}`,
      `models/digits/${hex("b")}`,
      `datasets/${hex("a")}`,
    ];
    expect(kept({ isTrainer: true })).toEqual(paths);
    expect(kept({})).toEqual([]);
    const named = { digest: `sha256:${hex("a")}`, datasetDigest: `sha256:${hex("b")}` };
    expect(kept({ isTrainer: true, ...named })).toEqual([paths[0]]);
    const { digest: _later, ...early } = named;
    expect(kept({ isTrainer: true, ...early })).toEqual(paths.slice(0, 2));
    expect(planFolders(folders, nothing, [running("r", named)], place).kept).toEqual([
      { what: paths[0], why: "run r is running and may need it" },
    ]);
  });
});
