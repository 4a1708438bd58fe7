import { join } from "node:path";
import { Unavailable } from "./errors.js";
import { run } from "./run.js";
import { findTool } from "./tools.js";
import { isAtLeast, parseVersion } from "./version.js";

/** @typedef {import("./setup.js").Context} Context */
/** @typedef {import("./progress.js").Step} Step */

/**
 * Builds programs from Go modules, which a `go.mod` below `toolchain/go` names and its `go.sum`
 * pins. A build that was interrupted goes on from Go's own cache.
 * @typedef {object} GoBuilder
 * @property {string} go
 * @property {(module: string, output: string, args: string[]) => Promise<void>} build
 */

/**
 * @param {Context} context
 * @param {Step} step
 * @returns {Promise<GoBuilder>}
 * @throws {Unavailable} if there is no Go, or it is too old
 */
export async function goBuilder(context, step) {
  const go = findTool("go", context.env);
  await checkGo(go, context.pins.go.minimum);
  // Without cgo no C compiler is needed, and the program runs on any Linux.
  const env = { ...context.env, CGO_ENABLED: "0", GOWORK: "off" };
  return {
    go,
    async build(module, output, args) {
      let packages = 0;
      let modules = 0;
      step.update("building");
      const flags = ["-C", goModule(context, module), "-v", "-mod=readonly", "-buildvcs=false"];
      await run(go, ["build", ...flags, "-o", output, ...args], {
        name: "go build",
        env,
        onLine(line) {
          const fetched = line.startsWith("go: downloading");
          const compiled = /^[\w.~-]+(\/[\w.~-]+)*$/.test(line);
          if (fetched) modules += 1;
          if (compiled) packages += 1;
          step.update(`building, ${packages} packages, ${modules} fetched modules`);
          return fetched || compiled;
        },
      });
    },
  };
}

/**
 * The folder with the `go.mod` of a program.
 * @param {Context} context
 * @param {string} name
 */
export function goModule(context, name) {
  return join(context.repository, "toolchain", "go", name);
}

/** @param {string} go @param {string} minimumGo */
async function checkGo(go, minimumGo) {
  const found = parseVersion(await run(go, ["env", "GOVERSION"]))?.join(".") ?? "unknown";
  if (isAtLeast(found, minimumGo)) return;
  throw new Unavailable(
    `${go} is Go ${found}; ${minimumGo} or newer is needed (https://go.dev/dl)`,
  );
}
