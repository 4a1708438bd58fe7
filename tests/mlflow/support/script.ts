import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const scripts = join(import.meta.dirname, "../clients");

/** Where and with what a client runs. */
export interface ClientOptions {
  readonly python: string;
  readonly trackingUri: string;
  /** Its working directory. */
  readonly folder: string;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Runs a script of `clients/`; what it printed last, parsed. */
export async function runScript(name: string, options: ClientOptions): Promise<unknown> {
  const files = join(options.folder, "files");
  await mkdir(files, { recursive: true });
  const { stdout } = await runPython([join(scripts, `${name}.py`), files], options);
  const last = stdout.trim().split("\n").at(-1) ?? "";
  return JSON.parse(last);
}

/** Runs MLflow's command line; what it printed. */
export async function runCommand(args: readonly string[], options: ClientOptions): Promise<string> {
  const { stdout } = await runPython(["-m", "mlflow", ...args], options);
  return stdout;
}

async function runPython(args: readonly string[], options: ClientOptions) {
  const { python, trackingUri, folder, variables } = options;
  await mkdir(folder, { recursive: true });
  return run(python, ["-W", "ignore", ...args], {
    cwd: folder,
    env: {
      ...process.env,
      MLFLOW_TRACKING_URI: trackingUri,
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: "1",
      MLFLOW_DISABLE_TELEMETRY: "true",
      MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR: "false",
      GIT_PYTHON_REFRESH: "quiet",
      KERAS_BACKEND: "jax",
      ...variables,
    },
    timeout: 280_000,
    maxBuffer: 50_000_000,
  });
}
