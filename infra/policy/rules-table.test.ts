import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { rules } from "./rules.ts";
import { rulesTable } from "./rules-table.ts";

it("is what the documentation shows", () => {
  const text = readFileSync(join(import.meta.dirname, "../../docs/policy.md"), "utf8");
  expect(text).toContain(rulesTable(rules));
});
