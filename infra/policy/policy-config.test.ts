import { expect, it } from "vitest";
import {
  parsePolicyConfig,
  policySettings,
  settingsOf,
  type PolicyConfig,
} from "./policy-config.ts";
import { rules } from "./rules.ts";

const parse = (config: unknown) => parsePolicyConfig(JSON.stringify(config), "p.json", rules);

it("leaves each rule what it is, with the exceptions of the pack", () => {
  const settings = policySettings(rules);
  expect([...settings].filter(([, { level }]) => level !== "mandatory")).toEqual([
    ["stack-labels", { level: "advisory" }],
  ]);
  expect([...settings].filter(([, { except }]) => except).map(([name]) => name)).toEqual([
    "restricted-pods",
  ]);
});

it("takes the last of several configurations, and a rule's own level over that of all", () => {
  const except = [{ object: "Job a", reason: "it is old" }];
  const configs: PolicyConfig[] = [
    parse({ "restricted-pods": { except } }),
    parse({ "no-latest": "mandatory", all: "advisory", "restricted-pods": {} }),
    parse({ "no-plain-secrets": "disabled", "prod-is-protected": { stacks: ["main"] } }),
  ];
  const settings = settingsOf(rules, configs);
  expect(settings.get("no-latest")).toEqual({ level: "mandatory" });
  expect(settings.get("images-by-digest")).toEqual({ level: "advisory" });
  expect(settings.get("restricted-pods")).toEqual({ level: "advisory", except });
  expect(settings.get("no-plain-secrets")).toEqual({ level: "disabled" });
  expect(settings.get("prod-is-protected")).toEqual({ level: "advisory", stacks: ["main"] });
});

it.each([
  [{ "no-lates": "advisory" }, "p.json: no-lates is not a rule; known are all, images-by-digest"],
  [{ "no-latest": "optional" }, "p.json: no-latest: expected mandatory, advisory or disabled"],
  [{ "no-latest": { except: [{ object: "Job a" }] } }, "p.json: no-latest: expected mandatory"],
  [[], "p.json: : Invalid input"],
])("refuses %j", (config, problem) => {
  expect(() => parse(config)).toThrow(problem);
});

it("refuses what is no JSON", () => {
  expect(() => parsePolicyConfig("{", "p.json", rules)).toThrow("p.json is no JSON: ");
});
