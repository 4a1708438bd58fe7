import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databases, type OpenedStore } from "./databases-under-test.ts";
import type { ModelStage } from "./registry.ts";
import type { TrackerStore } from "./tracker-store.ts";

describe.each(databases)("MLflow's stages in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    await store.registeredModels.create({ name: "digits", tags: [] });
    for (const source of ["a", "b", "c"]) {
      await store.modelVersions.create({ name: "digits", source, tags: [] });
    }
  });
  afterEach(() => opened.discard());

  const me = { user: "me" };

  function transition(version: number, stage: ModelStage, archive_existing_versions = false) {
    const request = { name: "digits", version, stage, archive_existing_versions };
    return store.modelVersions.transition(request, me);
  }

  async function stages(): Promise<string[]> {
    const all = await Promise.all([1, 2, 3].map((one) => store.modelVersions.get("digits", one)));
    return all.map(({ current_stage }) => current_stage);
  }

  it("move a version, and archive those that were there on demand", async () => {
    await transition(1, "Production");
    await transition(2, "Production");
    expect(await stages()).toEqual(["Production", "Production", "None"]);

    const moved = await transition(3, "Production", true);

    expect(moved).toMatchObject({ version: "3", current_stage: "Production" });
    expect(await stages()).toEqual(["Archived", "Archived", "Production"]);
    await transition(3, "Production", true);
    expect(await stages()).toEqual(["Archived", "Archived", "Production"]);
  });

  it("keep each move as a promotion, once", async () => {
    await transition(1, "Staging");
    await transition(1, "Staging");
    await transition(2, "Staging", true);

    const { rows } = await store.promotions.history({ name: "digits", max_results: 9 });
    expect(
      rows.map(({ from_version, from_stage, to_stage, cause }) => [
        from_version,
        from_stage,
        to_stage,
        cause,
      ]),
    ).toEqual([
      ["2", "None", "Staging", "set"],
      ["1", "Staging", "Archived", "archived"],
      ["1", "None", "Staging", "set"],
    ]);
  });

  it("have a latest version each", async () => {
    await transition(1, "Production");
    const latest = async (...wanted: ModelStage[]) =>
      (await store.modelVersions.latest("digits", wanted)).map(({ version }) => version);

    expect(await latest()).toEqual(["1", "3"]);
    expect(await latest("Production")).toEqual(["1"]);
    expect(await latest("None", "Staging")).toEqual(["3"]);
    await expect(store.modelVersions.latest("other", [])).rejects.toMatchObject({ status: 404 });
  });

  it("are not left half done when the version is missing", async () => {
    await transition(1, "Production");

    await expect(transition(9, "Production", true)).rejects.toMatchObject({ status: 404 });

    expect(await stages()).toEqual(["Production", "None", "None"]);
  });
});
