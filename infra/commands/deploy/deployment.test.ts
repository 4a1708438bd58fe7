import { describe, expect, it } from "vitest";
import { approvalProblem, deploymentOf, pipelineProblem } from "./deployment.ts";

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

describe("a pipeline", () => {
  const own = "file:///checkout/.updraft/pulumi";
  const ci = { CI: "true", PULUMI_CONFIG_PASSPHRASE: "x" };

  it("does not keep state in the checkout, which goes away", () => {
    expect(pipelineProblem({ ...ci, PULUMI_BACKEND_URL: own }, "/checkout")).toContain(
      "the state would go away with this checkout (file:///checkout/.updraft/pulumi)",
    );
  });

  it("does not encrypt with a passphrase that is missing", () => {
    const env = { ...ci, PULUMI_BACKEND_URL: "s3://bucket", PULUMI_CONFIG_PASSPHRASE: "" };
    expect(pipelineProblem(env, "/checkout")).toContain("PULUMI_CONFIG_PASSPHRASE is empty");
  });

  it.each([
    { PULUMI_BACKEND_URL: own },
    { ...ci, PULUMI_BACKEND_URL: "file:///srv/pulumi" },
    { ...ci, PULUMI_BACKEND_URL: "s3://bucket" },
    { CI: "true", PULUMI_BACKEND_URL: "", PULUMI_CONFIG_PASSPHRASE: "" },
  ])("may go on with %j", (env) => {
    expect(pipelineProblem(env, "/checkout")).toBeUndefined();
  });
});
