import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseFilter } from "../search/filter.ts";
import { modelVersionGrammar, registeredModelGrammar } from "../search/grammar.ts";
import { parseOrderBy } from "../search/order-by.ts";
import { databases, type OpenedStore } from "./databases-under-test.ts";
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
