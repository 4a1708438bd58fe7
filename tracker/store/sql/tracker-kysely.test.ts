import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databases, type OpenedStore } from "../databases-under-test.ts";
import { openDatabase } from "./open-database.ts";
import type { TrackerKysely } from "./tracker-kysely.ts";

describe.each(databases)("transactions in $name that are asked for together", ({ open }) => {
  let opened: OpenedStore;
  let db: TrackerKysely;
  beforeEach(async () => {
    opened = await open();
    db = await openDatabase(opened.address);
    await sql`create table notes (number bigint not null primary key)`.execute(db);
  });
  afterEach(async () => {
    await db.destroy();
    await opened.discard();
  });

  /** Writes a number, in a transaction that may fail after it. */
  function write(number: number, failure?: Error): Promise<number> {
    return db.transaction().execute(async (trx) => {
      await sql`insert into notes values (${number})`.execute(trx);
      if (failure) throw failure;
      return number;
    });
  }

  async function written(): Promise<number[]> {
    const { rows } = await sql<{ number: number }>`select number from notes order by 1`.execute(db);
    return rows.map(({ number }) => number);
  }

  it("are all done, and each is told its own result", async () => {
    const numbers = Array.from({ length: 50 }, (_, index) => index);

    expect(await Promise.all(numbers.map((number) => write(number)))).toEqual(numbers);

    expect(await written()).toEqual(numbers);
  });

  it("fail alone", async () => {
    const failure = new Error("no");
    const outcomes = await Promise.allSettled([
      write(1),
      write(2, failure),
      write(1),
      write(3),
      db.transaction().execute((trx) => sql`no sql at all`.execute(trx)),
      write(4),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(outcomes[1]).toMatchObject({ reason: failure });
    expect(await written()).toEqual([1, 3, 4]);
  });

  it("fail alone when one of them ends the whole transaction", async () => {
    const [first, second, third] = await Promise.allSettled([
      write(1),
      db.transaction().execute(async (trx) => {
        await sql`rollback`.execute(trx);
        throw new Error("the database has undone all of it");
      }),
      write(3),
    ]);

    expect([first.status, second.status, third.status]).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect(await written()).toEqual([1, 3]);
  });

  it("are done in the order they were asked for, before those that come later", async () => {
    const order: string[] = [];
    const note = (name: string) =>
      db.transaction().execute(async (trx) => {
        await sql`select 1`.execute(trx);
        order.push(name);
      });

    await Promise.all([note("a"), note("b").then(() => note("d")), note("c")]);

    expect(order).toEqual(["a", "b", "c", "d"]);
  });
});
