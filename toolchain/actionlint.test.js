import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { actionlint } from "./actionlint.js";
import { CommandError } from "./errors.js";
import { pins } from "./pins.js";
import { createProgress } from "./progress.js";
import { currentContext } from "./setup.js";

const { version, archives } = pins.actionlint;

it("builds actionlint of the version of its archives", async () => {
  const goMod = await readFile(new URL("go/actionlint/go.mod", import.meta.url), "utf8");
  expect(goMod).toContain(`require github.com/rhysd/actionlint v${version}\n`);
  for (const { url, sha256 } of Object.values(archives)) {
    expect(url).toContain(`/v${version}/actionlint_${version}_`);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});

/** @param {string[]} files */
function checkWorkflows(...files) {
  const script = join(import.meta.dirname, "check-workflows.js");
  const { status, stdout } = spawnSync(process.execPath, [script, ...files]);
  return { status, output: stdout.toString() };
}

const progress = createProgress({ write: () => true }, { quiet: true });
const missing = await actionlint(currentContext(), progress.step("actionlint")).then(
  () => undefined,
  (error) => {
    if (error instanceof CommandError) return error.message.replaceAll("\n", " ");
    throw error;
  },
);

describe.skipIf(missing !== undefined)(
  `npm run check:workflows${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    /** @type {string} */
    let folder;
    beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "updraft-workflows-"))));
    afterAll(() => rm(folder, { recursive: true }));

    it("finds nothing wrong with the workflows of this repository", () => {
      expect(checkWorkflows()).toEqual({
        status: 0,
        output: expect.stringMatching(/^workflows: \d+ checked, no problem\n$/),
      });
    });

    it("ends with 1 over a workflow that GitHub would not take", async () => {
      const file = join(folder, "broken.yml");
      const step = "{ run: npm test, if: github.event.nmae == 1, shel: bash }";
      await writeFile(file, `on: push\njobs: { x: { runs-on: ubuntu-24.04, steps: [${step}] } }\n`);
      const { status, output } = checkWorkflows(file);
      expect(status).toBe(1);
      expect(output).toContain('unexpected key "shel"');
    });
  },
);
