import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFilter } from "../search/filter.ts";
import { modelVersionGrammar, registeredModelGrammar } from "../search/grammar.ts";
import { parseOrderBy } from "../search/order-by.ts";
import { batch, databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import type { TrackerStore } from "./tracker-store.ts";

describe.each(databases)("the registry in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
  });
  afterEach(() => opened.discard());

  const me = { user: "me", client: "test" };

  async function digits(versions: number): Promise<void> {
    await store.registeredModels.create({ name: "digits", tags: [] });
    for (let version = 1; version <= versions; version += 1) {
      await store.modelVersions.create({
        name: "digits",
        source: `file:///models/${version}`,
        tags: [{ key: "updraft.digest", value: `sha256:${version}` }],
      });
    }
  }

  const createVersion = () => store.modelVersions.create({ name: "digits", source: "x", tags: [] });

  const versionsFound = async (filter: string, order_by: string[] = []) => {
    const { rows } = await store.modelVersions.search({
      filter: parseFilter(filter, modelVersionGrammar),
      order_by: parseOrderBy(order_by, modelVersionGrammar),
      max_results: 3,
    });
    return rows.map(({ version }) => version).join(" ");
  };

  it("numbers versions, and gives no number twice", async () => {
    await digits(2);
    await store.modelVersions.delete("digits", 2, me);
    const third = await store.modelVersions.create({ name: "digits", source: "x", tags: [] });

    expect(third).toEqual({
      name: "digits",
      version: "3",
      creation_timestamp: expect.any(Number),
      last_updated_timestamp: expect.any(Number),
      current_stage: "None",
      description: "",
      source: "x",
      run_id: "",
      run_link: "",
      status: "READY",
      tags: [],
      aliases: [],
    });
    await expect(store.modelVersions.get("digits", 2)).rejects.toMatchObject({ status: 404 });
  });

  it("numbers versions that are made at the same time", async () => {
    await digits(0);

    const made = await Promise.all(Array.from({ length: 20 }, createVersion));

    expect(made.map(({ version }) => Number(version)).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    );
  });

  it("resolves what a version of a version refers to", async () => {
    await digits(1);
    await store.registeredModels.create({ name: "prod", tags: [] });
    await store.modelVersions.create({ name: "prod", source: "models:/digits/1", tags: [] });

    expect(await store.modelVersions.downloadUri("prod", 1)).toBe("file:///models/1");
    expect((await store.modelVersions.get("prod", 1)).source).toBe("models:/digits/1");
    await expect(
      store.modelVersions.create({ name: "prod", source: "models:/digits/9", tags: [] }),
    ).rejects.toMatchObject({ status: 404 });
  });

  it("finds versions by name, tag and number", async () => {
    await digits(12);

    expect(await versionsFound("name = 'digits'", ["version_number DESC"])).toBe("12 11 10");
    expect(await versionsFound("name = 'other'")).toBe("");
    expect(await versionsFound("tags.`updraft.digest` = 'sha256:7'")).toBe("7");
    expect(
      await versionsFound("version_number < 3 AND tag.`mlflow.prompt.is_prompt` != 'true'", [
        "version_number",
      ]),
    ).toBe("1 2");
  });

  it("finds models, with what clients ask for about prompts", async () => {
    await digits(1);
    await store.registeredModels.create({
      name: "a prompt",
      tags: [{ key: "mlflow.prompt.is_prompt", value: "true" }],
    });
    const found = async (filter: string) => {
      const { rows } = await store.registeredModels.search({
        filter: parseFilter(filter, registeredModelGrammar),
        order_by: [],
        max_results: 9,
      });
      return rows.map(({ name }) => name);
    };

    expect(await found("tag.`mlflow.prompt.is_prompt` != 'true'")).toEqual(["digits"]);
    expect(await found("tags.`mlflow.prompt.is_prompt` = 'false'")).toEqual(["digits"]);
    expect(await found("tags.`mlflow.prompt.is_prompt` = 'true'")).toEqual(["a prompt"]);
    expect(await found("name ILIKE 'DIG%'")).toEqual(["digits"]);
    expect(await found("name IN ('digits', 'x')")).toEqual(["digits"]);
  });

  it("records every move of an alias with who, when, from where, to where and the verdict", async () => {
    const { aliases, modelVersions } = store;
    await digits(2);
    const { info } = await newRun(store);
    await store.runs.log(info.run_id, batch({ tags: [{ key: "updraft.gate", value: "failed" }] }));
    await modelVersions.create({ name: "digits", source: "x", run_id: info.run_id, tags: [] });
    await modelVersions.setTag("digits", 2, { key: "updraft.gate", value: "passed" });
    const before = Date.now();

    await aliases.set("digits", "champion", 1, {});
    await aliases.set("digits", "champion", 2, me);
    await aliases.set("digits", "champion", 2, me);
    await aliases.set("digits", "challenger", 3, me);
    await aliases.delete("digits", "challenger", me);
    await aliases.delete("digits", "challenger", me);
    await modelVersions.delete("digits", 2, me);

    const { rows } = await aliases.history({ name: "digits", max_results: 10 });
    const timestamp = expect.any(Number);
    const common = { name: "digits", timestamp, ...me };
    expect(rows).toEqual([
      { ...common, move_id: 5, alias: "champion", from_version: "2" },
      { ...common, move_id: 4, alias: "challenger", from_version: "3" },
      { ...common, move_id: 3, alias: "challenger", to_version: "3", gate: "failed" },
      {
        ...common,
        move_id: 2,
        alias: "champion",
        from_version: "1",
        to_version: "2",
        gate: "passed",
      },
      { name: "digits", timestamp, move_id: 1, alias: "champion", to_version: "1" },
    ]);
    expect(rows.every((row) => row.timestamp >= before)).toBe(true);
    const only = await aliases.history({ name: "digits", alias: "challenger", max_results: 1 });
    expect(only.rows.map(({ move_id }) => move_id)).toEqual([4]);
    expect(only.nextPageToken).toEqual(expect.any(String));
  });

  it("keeps the moves when the model is renamed or deleted", async () => {
    const { aliases, registeredModels } = store;
    await digits(1);
    await aliases.set("digits", "champion", 1, me);

    const renamed = await registeredModels.rename("digits", "numbers");
    expect(renamed.aliases).toEqual([{ alias: "champion", version: "1" }]);
    expect(renamed.latest_versions.map(({ name, aliases: all }) => [name, all])).toEqual([
      ["numbers", ["champion"]],
    ]);
    await registeredModels.delete("numbers", me);

    const { rows } = await aliases.history({ name: "numbers", max_results: 10 });
    expect(rows.map(({ from_version, to_version }) => [from_version, to_version])).toEqual([
      ["1", undefined],
      [undefined, "1"],
    ]);
  });

  it("gives the version an alias points to, and the latest for `latest`", async () => {
    const { aliases } = store;
    await digits(3);
    await aliases.set("digits", "champion", 2, me);

    expect((await aliases.get("digits", "champion")).version).toBe("2");
    expect((await aliases.get("digits", "latest")).version).toBe("3");
    await expect(aliases.get("digits", "nope")).rejects.toMatchObject({
      status: 400,
      code: "INVALID_PARAMETER_VALUE",
      message: "Registered model alias nope not found.",
    });
    await expect(aliases.get("nope", "champion")).rejects.toMatchObject({ status: 404 });
    await expect(aliases.set("digits", "champion", 9, me)).rejects.toMatchObject({ status: 404 });
  });
});
