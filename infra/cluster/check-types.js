// Checks the types of this folder against the clouds' SDKs, which are not installed with the rest.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = dirname(fileURLToPath(import.meta.url));
const repository = join(folder, "..", "..");
const installed = join(repository, ".updraft", "cluster-packages");

if (isInstalled()) {
  const tsc = join(repository, "node_modules", "typescript", "bin", "tsc");
  const { status } = spawnSync(process.execPath, [tsc, "--noEmit", "-p", folder], {
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} else {
  process.stderr.write(
    "The types of infra/cluster cannot be checked: the clouds' SDKs are not installed, or others than infra/cluster/package-lock.json names. Run npm run infra:cluster, which installs them, or npm test.\n",
  );
  process.exitCode = 1;
}

function isInstalled() {
  // npm writes its record last.
  if (!existsSync(join(installed, "node_modules", ".package-lock.json"))) return false;
  const [locked, there] = [folder, installed].map((each) =>
    readFileSync(join(each, "package-lock.json"), "utf8"),
  );
  return locked === there;
}
