import { describe, expect, it } from "vitest";
import { pipelineProblem } from "./pipeline-problem.ts";

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
