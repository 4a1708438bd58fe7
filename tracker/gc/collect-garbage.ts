import { setImmediate } from "node:timers/promises";
import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { GarbageStore } from "../store/garbage.ts";
import { folderOf, isNamedByDigest, pathInStore } from "./address.ts";
import {
  labelOf,
  planExperiments,
  planFolders,
  planLoggedModels,
  planRuns,
  planVersions,
  usesOf,
  type FolderFact,
  type Kept,
  type LoggedModelFact,
  type RunFact,
  type RunningFact,
  type Uses,
  type VersionFact,
} from "./plan.ts";
import type { GcPolicy } from "./policy.ts";

/** What was freed; with a dry run, what would be. */
export interface GcReport {
  readonly dry_run: boolean;
  readonly freed: {
    readonly runs: number;
    readonly experiments: number;
    readonly logged_models: number;
    readonly model_versions: number;
    readonly packages: number;
    readonly datasets: number;
    readonly bytes: number;
  };
  /** What might have been freed, and what keeps it; at most {@link mostNamed} of them. */
  readonly kept: readonly Kept[];
  readonly kept_count: number;
  /** Addresses in other stores, where the tracker removes nothing; at most as many. */
  readonly elsewhere: readonly string[];
  readonly elsewhere_count: number;
  /** Bytes that could not be removed; the next `gc` tries again. */
  readonly failed: readonly { readonly location: string; readonly message: string }[];
}

/** What `gc` works on. */
export interface GcOptions {
  readonly store: GarbageStore;
  readonly artifacts: ArtifactStore;
  readonly policy: GcPolicy;
  /** Says what would be freed, and changes nothing. */
  readonly dryRun: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How many things a report names of those that are counted. */
export const mostNamed = 100;

const runsPerPage = 1000;

/** After how many removals the notes of them are taken back; one that is kept does no harm. */
const removalsAtOnce = 100;

/**
 * Frees what is deleted, what newer runs and versions displace, and the bytes of both. It may run
 * beside trackers and be interrupted at any point: a row goes together with a note of the address
 * whose bytes are to be removed, so that the next `gc` completes it.
 */
export async function collectGarbage(options: GcOptions): Promise<GcReport> {
  const collection = new Collection(options);
  await collection.run();
  return collection.report();
}

class Collection {
  readonly #options: GcOptions;
  readonly #counts = {
    runs: 0,
    experiments: 0,
    logged_models: 0,
    model_versions: 0,
    packages: 0,
    datasets: 0,
    bytes: 0,
  };
  readonly #kept: Kept[] = [];
  readonly #elsewhere: string[] = [];
  readonly #failed: { location: string; message: string }[] = [];
  /** Runs, logged models and versions that a dry run leaves there though they would be gone. */
  readonly #gone = new Set<string>();
  readonly #noted = new Map<string, number>();
  readonly #removals = new Set<string>();

  constructor(options: GcOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { store, dryRun } = this.#options;
    // What an earlier one was kept from completing.
    for (const location of await store.removals()) this.#removals.add(location);
    if (!dryRun) await this.#removeBytes();
    const running = await store.runningFacts();
    const uses = await this.#freeVersions(running);
    await this.#freeRuns(uses, running);
    await this.#freeLoggedModels(uses, running, []);
    await this.#freeExperiments();
    await this.#freeFolders(uses, await store.runningFacts());
    await this.#removeBytes();
  }

  report(): GcReport {
    return {
      dry_run: this.#options.dryRun,
      freed: { ...this.#counts },
      kept: this.#kept.slice(0, mostNamed),
      kept_count: this.#kept.length,
      elsewhere: this.#elsewhere.slice(0, mostNamed),
      elsewhere_count: this.#elsewhere.length,
      failed: this.#failed,
    };
  }

  /** Gives what the versions that stay refer to. */
  async #freeVersions(running: readonly RunningFact[]): Promise<Uses> {
    const { store, artifacts, policy, dryRun, now } = this.#options;
    const versions = await store.versionFacts();
    const plan = planVersions(versions, running, policy, now);
    this.#kept.push(...plan.kept);
    const freed = dryRun ? plan.free : await store.freeVersions(plan.free);
    this.#counts.model_versions += freed.length;
    for (const one of freed) {
      this.#gone.add(labelOf(one));
      this.#noteUnused(one.location, one.datasetDigest);
    }
    const gone = new Set<VersionFact>(freed);
    return usesOf(
      versions.filter((one) => !gone.has(one)),
      artifacts.uri,
    );
  }

  async #freeRuns(uses: Uses, running: readonly RunningFact[]): Promise<void> {
    const { store, artifacts, policy, dryRun, now } = this.#options;
    const place = { now, storeUri: artifacts.uri, olderThanMs: policy.olderThanMs };
    for await (const page of this.#deadRuns()) {
      const plan = planRuns(page, uses, place);
      this.#kept.push(...plan.kept);
      const toFree = plan.free.map((run) => this.#withFolder(run, run.runId));
      const freed = dryRun ? toFree : await store.freeRuns(toFree);
      this.#countRuns(freed);
      const displaced = freed.filter(({ deletedAt }) => deletedAt === undefined);
      const runIds = displaced.map(({ runId }) => runId);
      if (runIds.length > 0) await this.#freeLoggedModels(uses, running, runIds);
      await setImmediate();
    }
  }

  /** Deleted runs and displaced ones, in pages. */
  async *#deadRuns(): AsyncGenerator<RunFact[]> {
    const { store, policy } = this.#options;
    const { experimentIds, keepRuns: keep } = policy;
    const limit = runsPerPage;
    yield* pages((last) => store.deletedRuns({ experimentIds, after: last?.runId ?? "", limit }));
    if (keep === undefined) return;
    for (const experimentId of experimentIds ?? (await store.experimentIds())) {
      yield* pages((after) => store.displacedRuns({ experimentId, keep, after, limit }));
    }
  }

  #countRuns(freed: readonly RunFact[]): void {
    this.#counts.runs += freed.length;
    for (const { runId, location, model, digest, datasetDigest } of freed) {
      this.#gone.add(runId);
      if (location !== "") this.#removals.add(location);
      const made = model && digest ? `mlflow-artifacts:/models/${model}/${digest.slice(7)}` : "";
      this.#noteUnused(made, datasetDigest);
    }
  }

  /** @param ofRuns the runs whose models go with them; empty: the models that are deleted */
  async #freeLoggedModels(
    uses: Uses,
    running: readonly RunningFact[],
    ofRuns: readonly string[],
  ): Promise<void> {
    const { store, artifacts, policy, dryRun, now } = this.#options;
    const { experimentIds, olderThanMs } = policy;
    const facts: LoggedModelFact[] = [];
    for (let start = 0; start === 0 || start < ofRuns.length; start += 500) {
      const some = ofRuns.slice(start, start + 500);
      facts.push(...(await store.loggedModelFacts({ experimentIds, ofRuns: some })));
    }
    const place = { now, storeUri: artifacts.uri, olderThanMs };
    const plan = planLoggedModels(facts, uses, running, place);
    this.#kept.push(...plan.kept);
    const toFree = plan.free.map((model) => this.#withFolder(model, model.modelId));
    const freed = dryRun ? toFree : await store.freeLoggedModels(toFree);
    this.#counts.logged_models += freed.length;
    for (const { modelId, location } of freed) {
      this.#gone.add(modelId);
      if (location !== "") this.#removals.add(location);
    }
  }

  async #freeExperiments(): Promise<void> {
    const { store, policy, dryRun, now } = this.#options;
    const { experimentIds, olderThanMs } = policy;
    const facts = await store.experimentFacts(experimentIds);
    const free = planExperiments(facts, this.#gone, { now, olderThanMs });
    this.#counts.experiments += (dryRun ? free : await store.freeExperiments(free)).length;
  }

  async #freeFolders(uses: Uses, running: readonly RunningFact[]): Promise<void> {
    const { store, artifacts, policy, dryRun, now } = this.#options;
    for (const { location, since } of await store.unusedFolders()) {
      this.#noted.set(location, Math.min(since, this.#noted.get(location) ?? since));
    }
    const facts: FolderFact[] = [];
    for (const [location, since] of this.#noted) {
      facts.push({ location, since, namedBy: await this.#namersOf(location) });
    }
    const place = { now, storeUri: artifacts.uri, olderThanMs: policy.olderThanMs };
    const plan = planFolders(facts, uses, running, place);
    this.#kept.push(...plan.kept);
    if (!dryRun) await store.forgetFolders(plan.forget);
    const freed = dryRun ? plan.free : await store.freeFolders(plan.free);
    for (const { location } of freed) this.#removals.add(location);
    // One folder may have two addresses: that of the store and that of the proxy.
    const paths = new Set(freed.map(({ location }) => pathInStore(location, artifacts.uri) ?? ""));
    const datasets = [...paths].filter((path) => path.startsWith("datasets/")).length;
    this.#counts.datasets += datasets;
    this.#counts.packages += paths.size - datasets;
  }

  /** Who still names a snapshot, in words; packages are named by the versions alone. */
  async #namersOf(location: string): Promise<string[]> {
    const hex = /datasets\/(?<hex>[0-9a-f]{64})$/.exec(location)?.groups?.hex;
    if (hex === undefined) return [];
    const { runIds, versions } = await this.#options.store.namersOf(`sha256:${hex}`);
    return [
      ...runIds.filter((runId) => !this.#gone.has(runId)).map((runId) => `run ${runId}`),
      ...versions.map(labelOf).filter((label) => !this.#gone.has(label)),
    ];
  }

  /** The bytes come last: until then a row or a note says that they are there. */
  async #removeBytes(): Promise<void> {
    const { store, artifacts, dryRun } = this.#options;
    let removed: string[] = [];
    const seen = new Set<string | undefined>();
    for (const location of this.#removals) {
      const path = pathInStore(location, artifacts.uri);
      try {
        const files = path === undefined || seen.has(path) ? [] : await artifacts.list(path);
        seen.add(path);
        if (!dryRun && path !== undefined) await artifacts.remove(path);
        removed.push(location);
        this.#counts.bytes += files.reduce((sum, { size }) => sum + size, 0);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        this.#failed.push({ location, message });
      }
      if (dryRun || removed.length < removalsAtOnce) continue;
      await store.removed(removed);
      removed = [];
    }
    if (!dryRun) await store.removed(removed);
    this.#removals.clear();
  }

  /** The same fact with the address of the folder that is its own, empty if that is elsewhere. */
  #withFolder<Fact extends { readonly location: string }>(fact: Fact, id: string): Fact {
    const path = pathInStore(fact.location, this.#options.artifacts.uri);
    const folder = path === undefined ? undefined : folderOf(id, path);
    if (folder !== undefined) return { ...fact, location: `mlflow-artifacts:/${folder}` };
    this.#elsewhere.push(fact.location);
    return { ...fact, location: "" };
  }

  #noteUnused(location: string, datasetDigest: string | undefined): void {
    const snapshot = datasetDigest && `mlflow-artifacts:/datasets/${datasetDigest.slice(7)}`;
    for (const noted of [location, snapshot]) {
      const path = noted && pathInStore(noted, this.#options.artifacts.uri);
      if (noted && path && isNamedByDigest(path)) this.#noted.set(noted, 0);
    }
  }
}

/** The pages of a listing, each asked for with the last fact of the one before. */
async function* pages<Fact>(
  ask: (last: Fact | undefined) => Promise<Fact[]>,
): AsyncGenerator<Fact[]> {
  for (let page = await ask(undefined); page.length > 0; page = await ask(page.at(-1))) yield page;
}
