import { expect, it } from "vitest";
import { judge, stopsUpdate } from "./judge.ts";
import { settingsOf, type PolicyConfig } from "./policy-config.ts";
import { reportOf, reportTable, summaryLine } from "./report.ts";
import type { Resource } from "./rule.ts";
import { rules as all } from "./rules.ts";

const rules = all.filter(({ name }) => ["images-by-digest", "no-latest"].includes(name));

const pod = (name: string, image: string): Resource => ({
  type: "kubernetes:core/v1:Pod",
  name,
  inputs: { kind: "Pod", metadata: { name }, spec: { containers: [{ name: "main", image }] } },
  options: { protect: false },
});
const resources = [pod("a", "busybox:1"), pod("b", "busybox")];

const verdictsOf = (...configs: PolicyConfig[]) =>
  judge(rules, resources, { stack: "dev", settings: settingsOf(rules, configs) });

it("tells every place where a rule is not kept, as a table", () => {
  const verdicts = verdictsOf();
  expect(reportTable(verdicts)).toBe(
    `
rule              verdict   where                  what to do
images-by-digest  violated  Pod a, container main  image busybox:1 is not named by its digest; write it as name@sha256:… with its 64 digits
                  violated  Pod b, container main  image busybox is not named by its digest; write it as name@sha256:… with its 64 digits
no-latest         violated  Pod b, container main  image busybox has no tag, which means latest; name a version or a digest
`.trim(),
  );
  expect(summaryLine("dev", verdicts)).toBe("dev: 0 of 2 rules are kept, 2 would stop an update");
  expect(stopsUpdate(verdicts)).toBe(true);
});

it("excepts an object with its containers, and no other one whose name begins alike", () => {
  const reason = "it is a test";
  const except = [
    { object: "Pod b", reason },
    { object: "Pod", reason },
  ];
  const verdicts = verdictsOf({ "images-by-digest": { except }, "no-latest": "disabled" });
  expect(reportTable(verdicts)).toBe(
    `
rule              verdict   where                  what to do
images-by-digest  violated  Pod a, container main  image busybox:1 is not named by its digest; write it as name@sha256:… with its 64 digits
                  excepted  Pod b, container main  it is a test
no-latest         disabled
`.trim(),
  );
  expect(summaryLine("dev", verdicts)).toBe(
    "dev: 0 of 2 rules are kept, 1 are disabled, 1 would stop an update",
  );
});

it("goes on where all that is not kept is advisory", () => {
  const verdicts = verdictsOf({ all: "advisory" });
  expect(stopsUpdate(verdicts)).toBe(false);
  expect(reportOf("dev", verdicts.slice(1))).toEqual({
    stack: "dev",
    rules: [
      {
        rule: "no-latest",
        level: "advisory",
        verdict: "advice",
        what: "No image that runs or is pushed is called `latest`, or has neither tag nor digest.",
        why: "Such a name says nothing of what is in the image, and means another one tomorrow.",
        violations: [
          {
            where: "Pod b, container main",
            problem: "image busybox has no tag, which means latest",
            fix: "name a version or a digest",
          },
        ],
        excepted: [],
      },
    ],
  });
});
