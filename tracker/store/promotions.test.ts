import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { batch, databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import type { Promotion } from "./promotions.ts";
import type { TrackerStore } from "./tracker-store.ts";

describe.each(databases)("promotions in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.discard());

  const me = { user: "me", client: "test" };

  async function registered(name: string, versions: number): Promise<void> {
    await store.registeredModels.create({ name, tags: [] });
    for (let version = 1; version <= versions; version += 1) {
      const tags = [{ key: "updraft.digest", value: `sha256:${version}` }];
      await store.modelVersions.create({ name, source: `file:///models/${version}`, tags });
    }
  }

  async function history(name?: string): Promise<Promotion[]> {
    return (await store.promotions.history({ name, max_results: 100 })).rows;
  }

  it("keeps who moved which alias from where to where, when, why and with which verdict", async () => {
    const { aliases, modelVersions } = store;
    await registered("digits", 2);
    const { info } = await newRun(store);
    const tags = [
      { key: "updraft.gate", value: "failed" },
      { key: "updraft.gate.table", value: "rule value" },
    ];
    await store.runs.log(info.run_id, batch({ tags }));
    await modelVersions.create({ name: "digits", source: "x", run_id: info.run_id, tags: [] });
    await modelVersions.setTag("digits", 2, { key: "updraft.gate", value: "passed" });
    const before = Date.now();

    await aliases.set("digits", "champion", 1, {});
    await aliases.set("digits", "champion", 2, { ...me, reason: "it is better" });
    await aliases.set("digits", "champion", 2, me);
    await aliases.set("digits", "challenger", 3, me);
    await aliases.delete("digits", "challenger", me);
    await aliases.delete("digits", "challenger", me);
    await modelVersions.delete("digits", 2, me);

    const rows = await history("digits");
    const timestamp = expect.any(Number);
    const common = { kind: "alias", name: "digits", recorded_name: "digits", timestamp };
    expect(rows).toEqual([
      {
        ...common,
        ...me,
        move_id: 5,
        alias: "champion",
        from_version: "2",
        cause: "version-deleted",
      },
      { ...common, ...me, move_id: 4, alias: "challenger", from_version: "3", cause: "removed" },
      {
        ...common,
        ...me,
        move_id: 3,
        alias: "challenger",
        to_version: "3",
        cause: "set",
        gate: "failed",
        gate_table: "rule value",
      },
      {
        ...common,
        ...me,
        move_id: 2,
        alias: "champion",
        from_version: "1",
        to_version: "2",
        cause: "set",
        reason: "it is better",
        gate: "passed",
        digest: "sha256:2",
      },
      {
        ...common,
        move_id: 1,
        alias: "champion",
        to_version: "1",
        cause: "set",
        digest: "sha256:1",
      },
    ]);
    expect(rows.every((row) => row.timestamp >= before)).toBe(true);
  });

  it("pages through the moves of all models, of one, and of one alias", async () => {
    const { aliases, promotions } = store;
    await registered("a", 1);
    await registered("b", 1);
    await aliases.set("a", "champion", 1, me);
    await aliases.set("b", "champion", 1, me);
    await aliases.set("a", "next", 1, me);
    const found = async (request: Partial<Parameters<typeof promotions.history>[0]>) => {
      const { rows, nextPageToken } = await promotions.history({ max_results: 2, ...request });
      return { ids: rows.map(({ move_id }) => move_id), nextPageToken };
    };

    const first = await found({});
    expect(first.ids).toEqual([3, 2]);
    expect(await found({ page_token: first.nextPageToken })).toEqual({ ids: [1] });
    expect(await found({ name: "a" })).toEqual({ ids: [3, 1] });
    expect(await found({ alias: "champion" })).toEqual({ ids: [2, 1] });
    expect(await found({ name: "a", alias: "champion" })).toEqual({ ids: [1] });
    expect(await found({ kind: "stage" })).toEqual({ ids: [] });
  });

  it("keeps the moves when the model is deleted and another one takes its name", async () => {
    await registered("digits", 1);
    await store.aliases.set("digits", "champion", 1, me);
    await store.registeredModels.delete("digits", me);
    await registered("digits", 1);
    await store.aliases.set("digits", "champion", 1, me);

    expect((await history("digits")).map(inShort)).toEqual([
      "digits champion >1 set",
      "digits champion 1> model-deleted",
      "digits champion >1 set",
    ]);
  });

  it("shows that an alias stands for another version because models were renamed", async () => {
    const { aliases, registeredModels } = store;
    await registered("digits", 1);
    await registered("worse", 2);
    await aliases.set("digits", "champion", 1, me);
    await aliases.set("worse", "champion", 2, me);

    const renamed = await registeredModels.rename("digits", "old", me);
    await registeredModels.rename("worse", "digits", { ...me, user: "eve" });

    expect(renamed.aliases).toEqual([{ alias: "champion", version: "1" }]);
    expect(renamed.latest_versions.map(({ name, aliases: all }) => [name, all])).toEqual([
      ["old", ["champion"]],
    ]);
    const ofDigits = await history("digits");
    expect(ofDigits.map(inShort)).toEqual([
      "digits champion >2 model-renamed",
      "worse champion 2> model-renamed",
      "digits champion 1> model-renamed",
      "worse champion >2 set",
      "digits champion >1 set",
    ]);
    expect(ofDigits[0]).toMatchObject({ user: "eve", digest: "sha256:2", name: "digits" });
    expect((await history("old")).map(inShort)).toEqual([
      "old champion >1 model-renamed",
      "digits champion 1> model-renamed",
      "digits champion >1 set",
    ]);
  });

  it("keeps that a version left the stage it served from, because it or its model went", async () => {
    await registered("digits", 3);
    const to = (version: number, stage: "Staging" | "Production" | "Archived") =>
      store.modelVersions.transition(
        { name: "digits", version, stage, archive_existing_versions: false },
        me,
      );
    await to(1, "Production");
    await to(2, "Staging");
    await to(3, "Archived");
    await store.registeredModels.rename("digits", "numbers", me);
    await store.modelVersions.delete("numbers", 1, me);
    await store.registeredModels.delete("numbers", me);

    const rows = await history("numbers");
    expect(rows.map(inShort).slice(0, 6)).toEqual([
      "numbers Staging> 2> model-deleted",
      "numbers Production> 1> version-deleted",
      "numbers >Staging >2 model-renamed",
      "digits Staging> 2> model-renamed",
      "numbers >Production >1 model-renamed",
      "digits Production> 1> model-renamed",
    ]);
    expect(rows).toHaveLength(9);
  });

  it("counts every one of many moves at the same time, each from where the one before went", async () => {
    await registered("digits", 2);
    const moves = Array.from({ length: 20 }, (_, index) => 1 + (index % 2));
    await Promise.all(moves.map((to) => store.aliases.set("digits", "champion", to, me)));

    const rows = (await history("digits")).toReversed();
    expect(rows.map(({ move_id }) => move_id)).toEqual(rows.map((_, index) => index + 1));
    const before = rows.slice(0, -1).map(({ to_version }) => to_version);
    expect(rows.map(({ from_version }) => from_version)).toEqual([undefined, ...before]);
  });
});

/** A move in short: `name alias from>to cause`. */
function inShort(move: Promotion): string {
  const what = move.alias ?? `${move.from_stage ?? ""}>${move.to_stage ?? ""}`;
  const versions = `${move.from_version ?? ""}>${move.to_version ?? ""}`;
  return `${move.recorded_name} ${what} ${versions} ${move.cause}`;
}
