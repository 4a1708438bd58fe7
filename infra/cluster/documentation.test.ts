import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { checkout } from "../checkout.ts";
import type { ClusterConfig } from "./config/cluster-config.ts";
import { parseClusterConfig } from "./config/parse-cluster-config.ts";
import { costs } from "./costs/cost-per-hour.ts";

const page = readFileSync(join(checkout, "docs/clusters.md"), "utf8");
const Example = z.object({ config: z.record(z.string(), z.unknown()) });

/** Texts of the page's blocks in a language. */
function blocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, text]) => text ?? "",
  );
}

function configured(values: Readonly<Record<string, unknown>>): ClusterConfig {
  const texts = Object.entries(values).map(([key, value]) => [
    key,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  return parseClusterConfig(Object.fromEntries(texts));
}

describe("the page about clusters", () => {
  const examples = blocks("yaml").filter((text) => text.includes("cluster:provider"));
  const [first] = examples;

  it("has an example of each provider, and each is accepted", () => {
    const providers = examples.map(
      (text) => configured(Example.parse(parse(text)).config).provider,
    );
    expect(providers).toEqual(["eks", "gke", "aks", "kind", "existing"]);
  });

  it("tells what its first example costs", () => {
    const config = configured(Example.parse(parse(first ?? "")).config);
    expect(costs(config)).toEqual({ perHour: JSON.parse(blocks("json")[0] ?? "") });
  });

  it("names all prices that a contract would have to tell", () => {
    const prices = blocks("yaml").find((text) => text.startsWith("cluster:prices")) ?? "";
    const { config } = Example.parse(parse(first ?? ""));
    const elsewhere = { ...config, ...parse(prices), "cluster:region": "eu-central-1" };
    expect(costs(configured(elsewhere))).toMatchObject({
      perHour: { currency: "EUR", always: 0.14, asOf: "2026-11-02", source: "our contract" },
    });
  });
});
