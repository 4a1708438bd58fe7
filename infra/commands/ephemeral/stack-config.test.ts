import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkout } from "../../checkout.ts";
import { parseConfig } from "../../config/parse-config.ts";
import { stackValues } from "../../kubernetes/render/stack-file.ts";
import {
  configFromTemplate,
  isEphemeralConfig,
  isPulumisOwn,
  portsIn,
  renewedConfig,
} from "./stack-config.ts";

const template = `# Of all previews.
config:
  updraft:model:
    name: digits # the small one
    seed: 7
  # Where its files are.
  updraft:store:
    path: /data/<stack>
`;
const ports = { inference: 41_001, tracker: 41_002 };
const ephemeral = { expiresAt: "2026-01-01T04:00:00.000Z", pullRequest: 12 };
const args = { stack: "pr-12", text: template, file: "Pulumi.preview.yaml", ephemeral, ports };

describe("configFromTemplate", () => {
  const made = configFromTemplate(args);

  it("adds what is the stack's own, and keeps the rest with its comments", () => {
    expect(made)
      .toBe(`# Made from Pulumi.preview.yaml by npm run ephemeral, and removed with the stack pr-12.

# Of all previews.
config:
  updraft:model:
    name: digits # the small one
    seed: 7
  # Where its files are.
  updraft:store:
    path: /data/pr-12
  updraft:ephemeral:
    expiresAt: "2026-01-01T04:00:00.000Z"
    pullRequest: 12
  updraft:inference:
    port: 41001
  updraft:tracker:
    port: 41002
`);
  });

  it("makes what the program takes, of the template that comes with it too", () => {
    const text = readFileSync(join(checkout, "Pulumi.preview.yaml"), "utf8");
    const { values } = stackValues(configFromTemplate({ ...args, text }), "Pulumi.pr-12.yaml");
    expect(parseConfig("updraft", values)).toMatchObject({
      target: "local",
      inference: { port: 41_001 },
      tracker: { port: 41_002 },
      ephemeral,
    });
  });

  it("starts from nothing where the template is empty", () => {
    const { pullRequest: _, ...mine } = ephemeral;
    expect(configFromTemplate({ ...args, text: "", ephemeral: mine, ports: undefined })).toContain(
      'config:\n  updraft:ephemeral:\n    expiresAt: "2026-01-01T04:00:00.000Z"\n',
    );
  });

  it("refuses a template whose stacks would get into each other's way", () => {
    const text = "config:\n  updraft:store: { path: /data }\n  updraft:protect: true\n";
    expect(() => configFromTemplate({ ...args, text })).toThrow(
      "Pulumi.preview.yaml cannot be the template of a stack that goes again:\n  - updraft:store.path is /data: all stacks would keep their files in one folder; put <stack> into it\n  - updraft:protect is true",
    );
  });

  it.each([
    ["config: [", "Pulumi.preview.yaml is no YAML: "],
    ["- one", "Pulumi.preview.yaml is no configuration of a stack: expected config: by key"],
    ["config: text", "Pulumi.preview.yaml is no configuration of a stack: expected config: by key"],
  ])("refuses %j", (text, said) => {
    expect(() => configFromTemplate({ ...args, text })).toThrow(said);
  });
});

describe("renewedConfig", () => {
  it("changes no more than when the stack goes", () => {
    const made = configFromTemplate(args);
    const own = made.replace("seed: 7", "seed: 8 # mine");
    const later = { expiresAt: "2026-01-02T00:00:00.000Z", pullRequest: 12 };
    expect(renewedConfig({ ...args, text: own, ephemeral: later })).toBe(
      own.replace("2026-01-01T04:00:00.000Z", "2026-01-02T00:00:00.000Z"),
    );
  });
});

it("knows the file of an ephemeral stack, and its ports", () => {
  const made = configFromTemplate(args);
  expect(isEphemeralConfig(made, "a")).toBe(true);
  expect(isEphemeralConfig(template, "a")).toBe(false);
  expect(portsIn(made, "a")).toEqual(ports);
  expect(portsIn(template, "a")).toBeUndefined();
});

it("knows a file that Pulumi has written by itself", () => {
  expect(isPulumisOwn("encryptionsalt: v1:abc=:v1:def:ghi==\n", "a")).toBe(true);
  expect(isPulumisOwn("", "a")).toBe(true);
  expect(isPulumisOwn(template, "a")).toBe(false);
  expect(isPulumisOwn(configFromTemplate(args), "a")).toBe(false);
});
