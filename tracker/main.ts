import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import { cacheFolder } from "@updraft/contracts/cache-folder";

/** When what was compiled is written down, for a process that may be killed. */
const flushAfterMs = 2000;

// Half of a start went into stripping types and compiling what has not changed since the last one.
// The folder is this user's own: what lies there is run.
try {
  enableCompileCache(join(cacheFolder(process.env), "compiled"));
  setTimeout(flushCompileCache, flushAfterMs).unref();
} catch {
  // A user without a home has no such folder, and a slower start.
}
await import("./run.ts");
