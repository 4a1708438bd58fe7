import { describe, expect, it } from "vitest";
import { templateProblems } from "./template-problems.ts";

const problems = (config: object) => templateProblems({ config });

describe("what stands against a template", () => {
  it("is nothing where each stack has its own", () => {
    expect(templateProblems(null)).toEqual([]);
    expect(
      problems({
        "updraft:target": "kubernetes",
        "updraft:kubernetes": { namespace: "preview-<stack>" },
        "updraft:inference": { ingress: { host: "<stack>.example.com" } },
        "updraft:store": { storage: "2Gi", keep: false },
        "updraft:protect": false,
      }),
    ).toEqual([]);
  });

  it.each([
    [{ "updraft:store": { path: "/data" } }, "updraft:store.path is /data"],
    [{ "updraft:store": { s3: { uri: "s3://models" } } }, "updraft:store.s3.uri is s3://models"],
    [{ "updraft:kubernetes": { namespace: "team" } }, "updraft:kubernetes.namespace is team"],
    [
      { "updraft:inference": { ingress: { host: "a.test" } } },
      "updraft:inference.ingress.host is a.test",
    ],
    [
      { "updraft:inference": { gateway: { host: "a.test" } } },
      "updraft:inference.gateway.host is a.test",
    ],
    [{ "updraft:tracker": { ingress: { host: "a.test" } } }, "updraft:tracker.ingress.host is"],
  ])("is what its stacks would share: %j", (config, said) => {
    const [problem, ...more] = problems(config);
    expect(problem).toMatch(/^updraft:.*: all .*; put <stack> into it$/);
    expect(problem).toContain(said);
    expect(more).toEqual([]);
  });

  it("is everything else at once", () => {
    expect(
      problems({
        "updraft:inference": { service: { type: "NodePort", nodePort: 30_001 } },
        "updraft:tracker": { uri: "https://mlflow.example.com" },
        "updraft:protect": true,
        "updraft:store": { keep: true },
        "updraft:registryPassword": { secure: "v1:abc" },
      }),
    ).toEqual([
      "updraft:inference.service.nodePort: only one stack can have it; remove it, and the cluster chooses one",
      "updraft:tracker.uri: its stacks would move the champion of a registry that others serve from; remove it, and each has a tracker of its own",
      "updraft:protect is true: something of its stacks would stay for ever; remove it",
      "updraft:store.keep is true: something of its stacks would stay for ever; remove it",
      "updraft:registryPassword is encrypted, which only the stack can read that it was encrypted for; remove it, and set it in the stack's own file after a first up",
    ]);
  });
});
