import { Kysely, type TransactionBuilder } from "kysely";
import { isWorthRetrying } from "./database-error.ts";
import type { TrackerDatabase } from "./schema.ts";

/** How often a transaction that got in the way of another is run. */
const attempts = 5;

/**
 * Kysely whose transactions wait for each other here, before one of them takes a connection, and
 * are run again where the database says that they may then succeed: what they do besides writing
 * to the database must bear being done twice.
 */
export class TrackerKysely extends Kysely<TrackerDatabase> {
  #last: Promise<unknown> = Promise.resolve();

  override transaction(): TransactionBuilder<TrackerDatabase> {
    const builder = super.transaction();
    const execute = builder.execute.bind(builder);
    builder.execute = (work) => this.#inTurn(() => retried(() => execute(work)));
    return builder;
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }
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
