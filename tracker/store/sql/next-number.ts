import type { Transaction } from "kysely";
import type { TrackerDatabase } from "./schema.ts";

/** The next number for a kind of thing. One that is rolled back may be given out again. */
export async function nextNumber(
  trx: Transaction<TrackerDatabase>,
  counter: "experiment" | "alias_move",
): Promise<number> {
  const { value } = await trx
    .updateTable("counters")
    .set((eb) => ({ value: eb("value", "+", 1) }))
    .where("name", "=", counter)
    .returning("value")
    .executeTakeFirstOrThrow();
  return value;
}
