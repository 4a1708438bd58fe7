import { describe, expect, it } from "vitest";
import { approvalProblem, deploymentOf } from "./deployment.ts";

const digest = `sha256:${"a".repeat(64)}`;

describe("what a deployment leaves", () => {
  const model = { name: "digits", version: "7", digest };
  const metrics = { accuracy: 0.98765, loss: 0.04 };

  it("is what serves, with the metrics whose intervals are known", () => {
    const intervals = { accuracy: { low: 0.981, high: 0.992 } };
    const outputs = { url: "http://x", model, metrics, release: { intervals } };
    expect(deploymentOf("dev", outputs)).toEqual({
      outputs: { digest, version: "7", model: "digits", url: "http://x" },
      summary: [
        "**dev** serves digits version 7 at http://x",
        "",
        `- digest \`${digest}\``,
        "- accuracy 0.9877 (0.9810 to 0.9920)",
      ].join("\n"),
    });
  });
});

describe("an approval", () => {
  const promotion = { fromStack: "dev", policy: "copy" } as const;

  it("is for a stack that takes over, and names a digest", () => {
    expect(approvalProblem("prod", { promotion }, digest)).toBeUndefined();
    expect(approvalProblem("prod", { promotion }, "")).toContain("expected sha256: and 64");
    expect(approvalProblem("dev", {}, digest)).toContain("dev takes over no release");
  });
});
