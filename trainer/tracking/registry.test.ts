import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { digestOf } from "@updraft/contracts/digest";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startTracker } from "../fixtures/tracker-process.ts";
import { openTracking } from "./open-tracking.ts";
import { previousVersion, releaseVersion } from "./release-version.ts";
import type { ModelRegistry } from "./tracking.ts";

async function openRegistry(kind: string): Promise<{ registry: ModelRegistry; runId: string }> {
  const folder = await temporaryFolder();
  const trackingUri = kind === "tracker" ? (await startTracker(folder)).uri : undefined;
  const store = openArtifactStore(pathToFileURL(folder).href);
  const { signal } = new AbortController();
  const log = pino({ level: "silent" });
  const tracking = openTracking({ trackingUri, store, variables: {}, signal, log });
  const start = { experiment: "digits", model: "digits", gitCommit: undefined, params: {} };
  const run = await tracking.startRun(start);
  return { registry: tracking.registry, runId: run.id };
}

const packageOf = (name: string) => ({
  digest: digestOf(name),
  uri: `file:///store/models/digits/${name}`,
});

const cardWith = (verdict: "passed" | "failed") => ({
  model: "digits",
  gate: { verdict, rules: [] },
});

const arrival = (runId: string) => ({ runId, datasetDigest: digestOf("data") });

describe.each(["tracker", "store"])("the registry in the %s", (kind) => {
  it("makes one version of each package, whichever run it comes from", async () => {
    const { registry, runId } = await openRegistry(kind);
    const register = (name: string) =>
      registry.register("digits", {
        ...packageOf(name),
        runId,
        tags: { "updraft.gate": "passed" },
      });
    expect([await register("a"), await register("b"), await register("a")]).toEqual([
      "1",
      "2",
      "1",
    ]);
  });

  it("finds a version by its alias, with digest and address", async () => {
    const { registry, runId } = await openRegistry(kind);
    expect(await registry.versionOf("digits", "champion")).toBeUndefined();
    await registry.register("digits", { ...packageOf("a"), runId, tags: {} });
    expect(await registry.versionOf("digits", "champion")).toBeUndefined();
    await registry.setAlias("digits", "champion", "1");
    expect(await registry.versionOf("digits", "champion")).toMatchObject({
      version: "1",
      ...packageOf("a"),
      runId,
    });
  });

  it("knows which version a stack served before, whatever others serve", async () => {
    const { registry, runId } = await openRegistry(kind);
    const take = (name: string, stack: string) =>
      releaseVersion(registry, cardWith("passed"), packageOf(name), { ...arrival(runId), stack });
    const before = (version: string) => previousVersion(registry, "digits", version, "prod");
    await take("a", "prod");
    expect(await before("1")).toBeUndefined();
    await take("b", "prod");
    await take("c", "dev");
    expect(await before("2")).toEqual({ version: "1", digest: packageOf("a").digest });
    await take("c", "prod");
    expect(await before("3")).toEqual({ version: "2", digest: packageOf("b").digest });
    await take("a", "prod");
    expect(await before("1")).toEqual({ version: "3", digest: packageOf("c").digest });
    expect(await previousVersion(registry, "digits", "1", undefined)).toBeUndefined();
  });

  it("finds a version by its number or its digest, with its tags", async () => {
    const { registry, runId } = await openRegistry(kind);
    expect(await registry.find("digits", "1")).toBeUndefined();
    for (const name of ["a", "b"]) {
      await registry.register("digits", { ...packageOf(name), runId, tags: { of: name } });
    }
    await registry.register("digits", { ...packageOf("b"), runId, tags: { again: "yes" } });
    await registry.setTags("digits", "2", { of: "both" });
    const { digest } = packageOf("b");
    const found = await registry.find("digits", "2");
    expect(found).toMatchObject({ version: "2", ...packageOf("b"), runId });
    expect(found?.tags).toMatchObject({ of: "both", again: "yes" });
    expect(await registry.find("digits", digest)).toEqual(found);
    expect((await registry.find("digits", "1"))?.tags).toMatchObject({ of: "a" });
    expect(await registry.find("digits", "3")).toBeUndefined();
    expect(await registry.find("digits", digestOf("c"))).toBeUndefined();
  });

  it("says when a stack took over a version, and not when the gate turned it down", async () => {
    const registered: Record<string, string>[] = [];
    const { registry, runId } = await openRegistry(kind);
    const noting: ModelRegistry = {
      ...registry,
      async register(model, registration) {
        registered.push(registration.tags);
        return registry.register(model, registration);
      },
    };
    const release = (verdict: "passed" | "failed") =>
      releaseVersion(noting, cardWith(verdict), packageOf("a"), {
        ...arrival(runId),
        stack: "dev",
      });
    await release("failed");
    await release("passed");
    expect(registered.map((tags) => Object.keys(tags))).toEqual([
      ["updraft.gate", "updraft.datasetDigest"],
      ["updraft.gate", "updraft.datasetDigest", "updraft.stack.dev"],
    ]);
    const at = Date.parse(registered[1]?.["updraft.stack.dev"] ?? "");
    expect(Math.abs(Date.now() - at)).toBeLessThan(60_000);
  });

  it("removes an alias, also one that is not there", async () => {
    const { registry, runId } = await openRegistry(kind);
    await registry.register("digits", { ...packageOf("a"), runId, tags: {} });
    await registry.setAlias("digits", "challenger", "1");
    await registry.removeAlias("digits", "challenger");
    await registry.removeAlias("digits", "challenger");
    expect(await registry.versionOf("digits", "challenger")).toBeUndefined();
  });

  it("makes a package champion only if the gate let it pass", async () => {
    const { registry, runId } = await openRegistry(kind);
    const release = (name: string, verdict: "passed" | "failed") => {
      return releaseVersion(registry, cardWith(verdict), packageOf(name), arrival(runId));
    };
    const aliases = async () => [
      (await registry.versionOf("digits", "champion"))?.version,
      (await registry.versionOf("digits", "challenger"))?.version,
    ];
    expect(await release("a", "failed")).toBe("1");
    expect(await aliases()).toEqual([undefined, "1"]);
    expect(await release("b", "passed")).toBe("2");
    expect(await aliases()).toEqual(["2", undefined]);
    expect(await release("a", "failed")).toBe("1");
    expect(await aliases()).toEqual(["2", "1"]);
  });
});
