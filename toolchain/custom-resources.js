import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { Unavailable } from "./errors.js";
import { goBuilder } from "./go-build.js";
import { ensurePart } from "./parts.js";
import { run } from "./run.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * Definitions of the kinds that are not Kubernetes' own, each as its project ships it in its Go
 * module.
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<Record<string, string>>} the file of each, by the name of its pin
 * @throws {Unavailable} if there is no Go, a module cannot be had, or a file is another one
 */
export async function customResources(context, step) {
  const { customResources: pins } = context.pins;
  const versions = Object.values(pins).map(({ version }) => version);
  const key = `custom-resources-${versions.join("-")}`;
  const folder = await ensurePart(
    context.cache,
    key,
    async (draft) => {
      for (const [name, pin] of Object.entries(pins)) {
        await fetchDefinition(context, pin, join(draft, `${name}.yaml`), step);
      }
    },
    step.update,
  );
  step.done(`${versions.join(", ")}, in the cache`);
  return Object.fromEntries(Object.keys(pins).map((name) => [name, join(folder, `${name}.yaml`)]));
}

/**
 * @param {Context} context
 * @param {import("./pins.js").PinnedDefinition} pin
 * @param {string} file
 * @param {Step} step
 */
async function fetchDefinition(context, pin, file, step) {
  const { go } = await goBuilder(context, step);
  step.update(`fetching ${pin.module}`);
  // The modules are large, and one file of each is wanted: they do not stay in Go's own cache.
  const modules = `${file}.modules`;
  await mkdir(modules);
  const said = await run(go, ["mod", "download", "-json", `${pin.module}@${pin.version}`], {
    name: "go mod download",
    cwd: modules,
    env: { ...context.env, GOMODCACHE: modules, GOFLAGS: "-modcacherw", GOWORK: "off" },
  });
  const found = join(JSON.parse(said).Dir, pin.file);
  const sha256 = createHash("sha256")
    .update(await readFile(found))
    .digest("hex");
  if (sha256 !== pin.sha256) {
    throw new Unavailable(
      `${pin.file} of ${pin.module} ${pin.version} has sha256 ${sha256}, expected ${pin.sha256}`,
    );
  }
  await copyFile(found, file);
  await rm(modules, { recursive: true });
}
