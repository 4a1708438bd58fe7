import { describe, expect, it } from "vitest";
import { deploymentStep } from "./fixtures/cluster-steps.ts";
import { recordedPreview } from "./fixtures/recorded.ts";
import { rolloutAhead } from "./rollout-ahead.ts";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const [old, next] = [`sha256:${"a".repeat(64)}`, `sha256:${"b".repeat(64)}`];
const url = "http://127.0.0.1:8080";
const image = (digit: string) => `r/s@sha256:${digit.repeat(64)}`;
const trains = { runs: true, isGated: true, before: old, after: undefined, url };

describe("rolloutAhead", () => {
  it("starts a server where nothing serves yet, and knows its address on this machine", () => {
    const situation = { ...trains, before: undefined, url: undefined };
    expect(rolloutAhead(recordedPreview("first"), situation)).toEqual({
      outcome: "first",
      before: undefined,
      after: undefined,
      because: [],
      url,
    });
  });

  it("waits for the digest of what is trained", () => {
    expect(rolloutAhead(recordedPreview("changed"), trains)).toMatchObject({
      outcome: "if-digest-changes",
      because: [],
    });
  });

  it("does nothing where the model stays, or the digest is the one that serves", () => {
    const stays = { ...trains, runs: false, isGated: false };
    expect(rolloutAhead(recordedPreview("on-change"), stays).outcome).toBe("none");
    const same = { ...trains, after: old };
    expect(rolloutAhead(recordedPreview("changed"), same).outcome).toBe("none");
  });

  it("knows the digest of a promotion, which only the gate can stop", () => {
    const promotes = { ...trains, after: next };
    expect(rolloutAhead(recordedPreview("changed"), promotes)).toMatchObject({
      outcome: "if-released",
      before: old,
      after: next,
    });
  });

  it("is certain of a digest that is pinned", () => {
    const pins = { ...trains, isGated: false, after: next };
    expect(rolloutAhead(recordedPreview("pin"), pins).outcome).toBe("certain");
  });

  it("rolls out whatever the model does where the server itself is another", () => {
    const step = deploymentStep(
      { image: image("1"), digest: old },
      { image: image("2"), digest: old },
    );
    const stays = { ...trains, runs: false, isGated: false };
    const because = ["spec.template.spec.containers.server.image s@11111111 → s@22222222"];
    expect(rolloutAhead({ steps: [step], diagnostics: [] }, stays)).toMatchObject({
      outcome: "certain",
      because,
    });
    const waits = deploymentStep(
      { image: image("1"), digest: old },
      { image: image("2"), digest: unknown },
    );
    expect(rolloutAhead({ steps: [waits], diagnostics: [] }, trains)).toMatchObject({
      outcome: "if-released",
      because,
    });
  });
});
