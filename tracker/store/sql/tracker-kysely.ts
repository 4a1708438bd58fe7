import { Kysely, sql, type Transaction, type TransactionBuilder } from "kysely";
import { isWorthRetrying } from "./database-error.ts";
import type { TrackerDatabase } from "./schema.ts";

/** How often a transaction that got in the way of another is run. */
const attempts = 5;

/** What a transaction does, and who waits for it. */
interface Work {
  run(trx: Transaction<TrackerDatabase>): Promise<unknown>;
  settle(outcome: Outcome): void;
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

/**
 * Kysely whose transactions share a commit: those that are asked for while another one is written
 * are run one after the other, each in a savepoint of its own, and are answered when all of them
 * are on disk. One that fails is undone alone.
 *
 * A transaction is run again where the database says that it may then succeed: what it does
 * besides writing to the database must bear being done twice.
 */
export class TrackerKysely extends Kysely<TrackerDatabase> {
  #waiting: Work[] = [];
  #writing = false;

  override transaction(): TransactionBuilder<TrackerDatabase> {
    const builder = super.transaction();
    const execute = builder.execute.bind(builder);
    builder.execute = <T>(run: (trx: Transaction<TrackerDatabase>) => Promise<T>) =>
      new Promise<T>((resolve, reject) => {
        const settle = (outcome: Outcome) =>
          "error" in outcome ? reject(outcome.error as Error) : resolve(outcome.result as T);
        this.#waiting.push({ run, settle });
        this.#begin(execute);
      });
    return builder;
  }

  /** Requests that arrived together are read first, and written together. */
  #begin(execute: TransactionBuilder<TrackerDatabase>["execute"]): void {
    if (this.#writing) return;
    this.#writing = true;
    setImmediate(async () => {
      while (this.#waiting.length > 0) {
        await writeTogether(this.#waiting.splice(0), execute);
        // Those who have been answered, or have come meanwhile, may have more to write.
        await new Promise(setImmediate);
      }
      this.#writing = false;
    });
  }
}

type Execute = TransactionBuilder<TrackerDatabase>["execute"];

/** Never rejects: whoever waits is told. */
async function writeTogether(works: readonly Work[], execute: Execute): Promise<void> {
  let committing = false;
  try {
    const outcomes = await retried(() =>
      execute(async (trx) => {
        const done = await outcomesOf(works, trx);
        committing = true;
        return done;
      }),
    );
    for (const [work, outcome] of outcomes) work.settle(outcome);
  } catch (error) {
    // What was to be committed may be there although nobody said so: it must not be done twice.
    if (committing || works.length === 1) {
      for (const work of works) work.settle({ error });
      return;
    }
    // One of them took the whole transaction with it. Alone, it takes none.
    for (const work of works) await writeTogether([work], execute);
  }
}

async function outcomesOf(
  works: readonly Work[],
  trx: Transaction<TrackerDatabase>,
): Promise<[Work, Outcome][]> {
  const [only] = works;
  if (works.length === 1 && only) return [[only, { result: await only.run(trx) }]];
  const outcomes: [Work, Outcome][] = [];
  for (const work of works) {
    await sql`savepoint work`.execute(trx);
    try {
      outcomes.push([work, { result: await work.run(trx) }]);
      await sql`release savepoint work`.execute(trx);
    } catch (error) {
      if (isWorthRetrying(error)) throw error;
      await sql`rollback to savepoint work`.execute(trx);
      await sql`release savepoint work`.execute(trx);
      outcomes.push([work, { error }]);
    }
  }
  return outcomes;
}

async function retried<T>(execute: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await execute();
    } catch (error) {
      if (attempt === attempts || !isWorthRetrying(error)) throw error;
    }
  }
}
