import { isAbsolute, relative } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * What keeps a pipeline from touching a stack: a secret that is missing would otherwise bring up a
 * second stack of the same name, which nobody ever takes down, or one whose secrets are open.
 * @param env with the address of Pulumi's backend, and its passphrase
 * @returns one problem, or nothing
 */
export function pipelineProblem(env: NodeJS.ProcessEnv, checkout: string): string | undefined {
  if (!env["CI"]) return undefined;
  const backend = env["PULUMI_BACKEND_URL"] ?? "";
  if (backend.startsWith("file://") && isWithin(checkout, fileURLToPath(backend))) {
    return `the state would go away with this checkout (${backend}); set PULUMI_BACKEND_URL, or PULUMI_ACCESS_TOKEN for Pulumi Cloud, from a secret`;
  }
  const isCloud = backend === "" || /^https?:/.test(backend);
  if (!isCloud && env["PULUMI_CONFIG_PASSPHRASE"] === "") {
    return `PULUMI_CONFIG_PASSPHRASE is empty, and what is secret in ${backend} would be open to whoever reads it; set it from a secret`;
  }
  return undefined;
}

function isWithin(folder: string, path: string): boolean {
  const below = relative(folder, path);
  return !below.startsWith("..") && !isAbsolute(below);
}
