/**
 * Lints the workflows of GitHub Actions: `node toolchain/check-workflows.js [files]`. Ends with 1
 * if one has a problem, or if actionlint can be had in no way.
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { actionlint } from "./actionlint.js";
import { CommandError } from "./errors.js";
import { runInForeground } from "./foreground.js";
import { createProgress } from "./progress.js";
import { currentContext } from "./setup.js";

const context = currentContext();
const { repository: cwd, env } = context;

try {
  const program = await actionlint(
    context,
    createProgress(process.stderr, { quiet: true }).step("actionlint"),
  );
  const given = process.argv.slice(2);
  const folder = join(".github", "workflows");
  const ours = () => readdirSync(join(cwd, folder)).map((name) => join(folder, name));
  const files = given.length > 0 ? given : ours();
  // Those two look into scripts; ours has none, and not every machine has them.
  const flags = ["-shellcheck=", "-pyflakes="];
  process.exitCode = await runInForeground(program, [...flags, ...files], { cwd, env });
  if (process.exitCode === 0) console.log(`workflows: ${files.length} checked, no problem`);
} catch (error) {
  if (!(error instanceof CommandError)) throw error;
  console.error(error.message);
  process.exitCode = error.exitCode;
}
