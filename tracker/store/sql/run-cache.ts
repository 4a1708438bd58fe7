import type { Run } from "../runs.ts";
import type { RunsTable } from "./schema.ts";

/** How many metrics, params and tags are kept at most: about 10 MB with what is sent of them. */
const mostValues = 40_000;

/** What a run weighs beside its values. */
const runWeight = 10;

interface Kept {
  readonly revision: number;
  readonly run: Run;
  readonly weight: number;
}

/**
 * Runs as they were read, the latest used ones. A run's row says which revision it is at, and
 * whoever writes to a run, in whatever process, counts that up in the same transaction: what is
 * kept under a revision is never older than it.
 */
export class RunCache {
  readonly #kept = new Map<string, Kept>();
  #weight = 0;

  /** The run of a row that was just read, if it is kept. */
  get({ run_id, revision }: RunsTable): Run | undefined {
    const kept = this.#kept.get(run_id);
    if (kept?.revision !== revision) return undefined;
    // The oldest of a map are its first.
    this.#kept.delete(run_id);
    this.#kept.set(run_id, kept);
    return kept.run;
  }

  /** Keeps a run whose row was read before its values. */
  set({ run_id, revision }: RunsTable, run: Run): void {
    this.#drop(run_id);
    const { metrics, params, tags } = run.data;
    const weight = runWeight + metrics.length + params.length + tags.length;
    this.#kept.set(run_id, { revision, run, weight });
    this.#weight += weight;
    for (const oldest of this.#kept.keys()) {
      if (this.#weight <= mostValues) break;
      this.#drop(oldest);
    }
  }

  #drop(runId: string): void {
    this.#weight -= this.#kept.get(runId)?.weight ?? 0;
    this.#kept.delete(runId);
  }
}
