import { readPackage } from "@updraft/contracts/model-package";
import type { Release } from "@updraft/contracts/release";
import { describe, expect, it } from "vitest";
import { smallData, trackedEnvironment, untrackedEnvironment } from "../fixtures/environment.ts";
import { registryOf, runsOf } from "../fixtures/tracker-process.ts";

/** What tells `promote` which release to take over. */
function takingOver(release: Release, stack = "dev"): Record<string, string> {
  return { TRAINER_SOURCE: JSON.stringify({ stack, release }), TRAINER_STACK: "prod" };
}

async function cardOf({ uri, digest }: Release) {
  return (await readPackage(uri, digest)).card;
}

describe("promote", () => {
  it("releases the package of another stack here, with its bytes and its lineage", async () => {
    const data = await smallData();
    const [dev, prod] = await Promise.all([untrackedEnvironment(data), trackedEnvironment(data)]);
    const source = await dev.release(["train"]);
    const release = await prod.release(["promote"], takingOver(source));
    expect(release).toMatchObject({
      version: "1",
      digest: source.digest,
      uri: source.uri.replace(dev.storeUri, prod.storeUri),
      lineage: { ...source.lineage, runId: source.runId },
      promotedFrom: {
        stack: "dev",
        version: "1",
        runId: source.runId,
        releasedAt: source.releasedAt,
        metrics: source.metrics,
        gate: source.gate,
      },
    });
    expect(await cardOf(release)).toMatchObject({
      createdAt: release.releasedAt,
      metrics: release.metrics,
      gate: release.gate,
      lineage: release.lineage,
      promotedFrom: release.promotedFrom,
    });
    const [run] = await runsOf(prod.tracker);
    expect(run).toMatchObject({
      id: release.runId,
      status: "FINISHED",
      tags: {
        "updraft.promotedFrom.stack": "dev",
        "updraft.promotedFrom.version": "1",
        "updraft.promotedFrom.digest": source.digest,
        "updraft.promotedFrom.runId": source.runId,
        "updraft.gate": "passed",
        "updraft.version": "1",
      },
    });
    expect(await registryOf(prod.tracker)).toEqual({ aliases: { champion: "1" }, versions: 1 });
    const again = await prod.release(["promote"], takingOver(source));
    expect(again.version).toBe("1");
    const back = await prod.release(["rollback"], { TRAINER_PIN: "1", TRAINER_STACK: "prod" });
    expect(back).toEqual({ ...again, runId: release.runId });
  }, 60_000);
});
