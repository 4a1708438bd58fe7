import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkout } from "../../checkout.ts";

/** A stack that has a state and nothing else, in a backend of its own. */
export interface StackUnderTest {
  readonly name: string;
  /** What Pulumi finds it with. */
  readonly env: NodeJS.ProcessEnv;
  remove(): Promise<void>;
}

/** A resource, as far as a state needs it. */
export interface StateOfResource {
  readonly type: string;
  readonly inputs?: object;
  readonly outputs?: object;
}

/**
 * Makes a stack of resources that are nowhere but in its state.
 */
export async function stackOfState(
  name: string,
  resources: readonly StateOfResource[],
): Promise<StackUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), `updraft-${name}-`));
  const env = {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "for tests only",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
  };
  const pulumi = async (...args: string[]) => {
    const options = { cwd: checkout, env };
    await promisify(execFile)("pulumi", [...args, "--non-interactive"], options);
  };
  await pulumi("stack", "init", name, "--no-select");
  // It keeps the salt of the passphrase there.
  await rm(join(checkout, `Pulumi.${name}.yaml`), { force: true });
  const deployment = {
    manifest: { time: new Date(0).toISOString(), magic: "", version: "" },
    resources: resources.map((resource, index) => ({
      urn: `urn:pulumi:${name}::updraft::${resource.type}::resource-${index}`,
      custom: false,
      ...resource,
    })),
  };
  const file = join(folder, "state.json");
  await writeFile(file, JSON.stringify({ version: 3, deployment }));
  await pulumi("stack", "import", "--stack", name, "--file", file);
  return { name, env, remove: () => rm(folder, { recursive: true }) };
}
