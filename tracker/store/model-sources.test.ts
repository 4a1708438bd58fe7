import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databases, newRun, type OpenedStore } from "./databases-under-test.ts";
import type { ModelVersion } from "./registry.ts";
import type { TrackerStore } from "./tracker-store.ts";

describe.each(databases)("the source of a model version in $name", ({ open }) => {
  let opened: OpenedStore;
  let store: TrackerStore;
  let runId: string;
  let modelId: string;
  let location: string;
  beforeEach(async () => {
    opened = await open();
    store = opened.store;
    runId = (await newRun(store)).info.run_id;
    const model = { experiment_id: "0", name: "cnn", source_run_id: runId, params: [], tags: [] };
    ({ model_id: modelId, artifact_uri: location } = (await store.loggedModels.create(model)).info);
    for (const name of ["dev", "prod"]) await store.registeredModels.create({ name, tags: [] });
  });
  afterEach(() => opened.discard());

  function create(
    name: string,
    source: string,
    others: { run_id?: string; model_id?: string } = {},
  ): Promise<ModelVersion> {
    return store.modelVersions.create({ name, source, ...others, tags: [] });
  }

  function withId(text: string): string {
    return text.replace("<id>", modelId);
  }

  it("may be a logged model: its folder, its run, and the model knows of it", async () => {
    const source = `models:/${modelId}`;
    expect(await create("dev", source, { model_id: modelId })).toMatchObject({
      source,
      run_id: runId,
      model_id: modelId,
    });
    await create("dev", source);

    expect(await store.modelVersions.downloadUri("dev", 1)).toBe(location);
    expect(await store.modelVersions.downloadUri("dev", 2)).toBe(location);
    const registered = [
      { name: "dev", version: "1" },
      { name: "dev", version: "2" },
    ];
    expect((await store.loggedModels.get(modelId)).info.tags).toEqual([
      { key: "mlflow.modelVersions", value: JSON.stringify(registered) },
    ]);
    const again = JSON.stringify([...registered, { name: "dev", version: 2 }]);
    const tags = [{ key: "mlflow.modelVersions", value: again }];
    await store.loggedModels.setTags(modelId, tags);
    expect((await store.loggedModels.get(modelId)).info.tags).toEqual([
      { key: "mlflow.modelVersions", value: JSON.stringify(registered) },
    ]);
  });

  it("may be files that say which logged model they are", async () => {
    const version = await create("dev", `${location}/deeper`, { model_id: modelId });

    expect(version).toMatchObject({ run_id: runId, model_id: modelId });
    expect(await store.modelVersions.downloadUri("dev", 1)).toBe(`${location}/deeper`);
  });

  it("may be a version under its number, its stage or its alias, and takes over what that was", async () => {
    await create("dev", "file:///old");
    await create("dev", `models:/${modelId}`);
    const stage = { name: "dev", stage: "Production", archive_existing_versions: false } as const;
    await store.modelVersions.transition({ ...stage, version: 1 }, {});
    await store.aliases.set("dev", "champion", 2, {});

    for (const source of ["models:/dev/2", "models:/dev@champion", "models:/dev/Latest"]) {
      const copy = await create("prod", source, { run_id: runId });
      expect(copy).toMatchObject({ source: "models:/dev/2", run_id: runId, model_id: modelId });
      expect(await store.modelVersions.downloadUri("prod", Number(copy.version))).toBe(location);
    }
    const staged = await create("prod", "models:/dev/production");
    expect(staged).toMatchObject({ source: "models:/dev/1", run_id: "" });
    const copied = await create("dev", "models:/prod/1");
    expect(copied).toMatchObject({ source: "models:/prod/1", model_id: modelId });
    expect(await store.modelVersions.downloadUri("dev", 3)).toBe(location);
  });

  it.each([
    ["models:/m-0", {}, 400, "must identify the resource that contains the source"],
    ["models:/<id>", { model_id: "m-0" }, 400, "must identify the resource"],
    ["file:///a", { model_id: "m-0" }, 400, "must identify the resource"],
    ["models:/dev/1", { run_id: "other" }, 400, "must match the referenced model version"],
    ["models:/dev/1", { model_id: "<id>" }, 400, "must match the referenced model version"],
    ["models:/dev/9", {}, 404, "Model Version (name=dev, version=9) not found"],
    ["models:/dev/Staging", {}, 404, "No versions of model with name 'dev' and stage 'Staging'"],
    ["models:/dev@nobody", {}, 400, "Registered model alias nobody not found."],
    ["models:/nothing@champion", {}, 404, "Registered Model with name=nothing not found"],
    ["models:/a/b/c", {}, 400, "Expected models:/<model id>"],
    ["models:/", {}, 400, "Expected models:/<model id>"],
  ])("is refused as %s with %o", async (source, others, status, message) => {
    await create("dev", "file:///a", { run_id: runId });
    const named = Object.entries(others).map(([key, value]) => [key, withId(value)]);

    await expect(create("prod", withId(source), Object.fromEntries(named))).rejects.toMatchObject({
      status,
      message: expect.stringContaining(message),
    });
    await expect(store.modelVersions.get("prod", 1)).rejects.toMatchObject({ status: 404 });
  });
});
