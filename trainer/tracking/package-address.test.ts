import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { digestOf } from "@updraft/contracts/digest";
import { packagePath } from "@updraft/contracts/model-package";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startTracker } from "../fixtures/tracker-process.ts";
import { createMlflowRegistry } from "./mlflow-registry.ts";

const digest = digestOf("a");
const path = packagePath("digits", digest);
const shown = `mlflow-artifacts:/${path}`;
const files = { "model.json": "{}", "weights.bin": "", "signature.json": "{}", "card.json": "{}" };

/** A registry whose packages lie in a folder below that of the tracker's data. */
async function registryWith(storeFolder: string) {
  const folder = await temporaryFolder();
  const tracker = await startTracker(folder);
  const store = openArtifactStore(pathToFileURL(join(folder, storeFolder)).href);
  const connection = { uri: tracker.uri, headers: {}, patienceMs: 1000 };
  const registry = createMlflowRegistry(connection, store);
  const uri = store.uriOf(path);
  const register = (source = uri) =>
    registry.register("digits", { digest, uri: source, runId: "", tags: {} });
  const sourceOf = async (version: string) => {
    const answer = z.object({ model_version: z.object({ source: z.string() }) });
    const found = await tracker.call(`model-versions/get?name=digits&version=${version}`, answer);
    return found.model_version.source;
  };
  return { store, registry, uri, register, sourceOf };
}

describe("the source of a version", () => {
  it("is the address at the tracker's proxy where the tracker serves the store", async () => {
    const { store, registry, uri, register, sourceOf } = await registryWith("artifacts");
    await store.writeFolder(path, files);
    expect(await sourceOf(await register())).toBe(shown);
    await registry.setAlias("digits", "champion", "1");
    expect(await registry.versionOf("digits", "champion")).toMatchObject({
      version: "1",
      digest,
      uri,
    });
  });

  it("is the store's own where the tracker does not serve it", async () => {
    const { store, registry, uri, register, sourceOf } = await registryWith("elsewhere");
    await store.writeFolder(path, files);
    expect(await sourceOf(await register())).toBe(uri);
    await registry.setAlias("digits", "champion", "1");
    expect(await registry.versionOf("digits", "champion")).toMatchObject({
      version: "1",
      digest,
      uri,
    });
  });

  it("is the store's own while what the tracker serves there is not whole", async () => {
    const { store, uri, register, sourceOf } = await registryWith("artifacts");
    await store.writeFolder(path, { "model.json": "{}" });
    expect(await sourceOf(await register())).toBe(uri);
  });

  it("leads to the tracker's proxy where the store has no such package", async () => {
    const { registry, register } = await registryWith("elsewhere");
    await register(shown);
    await registry.setAlias("digits", "champion", "1");
    expect(await registry.versionOf("digits", "champion")).toMatchObject({ uri: shown });
  });
});
