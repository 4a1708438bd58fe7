import type { Response } from "express";
import { describe, expect, it } from "vitest";
import type { ModelSlot } from "../models/model-repository.ts";
import type { ServedModel } from "../models/served-model.ts";
import { Watching } from "./watching.ts";

/** As much of a model as is looked at. */
const served = (name: string, version = "1") =>
  ({
    name,
    version,
    input: { name: "x", datatype: "FP32", shape: [-1, 1] },
    output: { name: "y", datatype: "FP32", shape: [-1, 1] },
    content: { digest: `sha256:${version}`, card: { baseline: {} } },
  }) as unknown as ServedModel;

const response = { locals: {} } as Response;
const batch = { values: Float32Array.of(1), size: 1 };
const ask = (watching: Watching, model: ServedModel) =>
  watching.note(response, model, batch, Float32Array.of(2));

describe("Watching", () => {
  it("keeps what is asked, however many versions of another model come and go", () => {
    const watching = new Watching();
    const steady = watching.versionOf(served("steady"));
    for (let version = 1; version <= 100; version += 1) {
      ask(watching, served("steady"));
      ask(watching, served("restless", String(version)));
    }
    expect(watching.versionOf(served("steady"))).toBe(steady);
    expect(watching.versions).toHaveLength(16);
    expect(watching.versions.at(-2)?.version).toBe("100");
  });

  it("takes another package under the same version for another one", () => {
    const watching = new Watching();
    const before = watching.versionOf(served("m"));
    const replaced = served("m");
    Object.assign(replaced.content, { digest: "sha256:other" });
    expect(watching.versionOf(replaced)).not.toBe(before);
  });

  it("knows which versions answer now", () => {
    const watching = new Watching();
    ask(watching, served("m", "1"));
    const candidate = { model: served("m", "3") } as NonNullable<ModelSlot["candidate"]>;
    const slots: ModelSlot[] = [
      { name: "m", active: served("m", "2"), candidate },
      { name: "loading", active: undefined },
    ];
    expect(watching.answering({ slots }).map(({ version }) => version)).toEqual(["2", "3"]);
  });
});
