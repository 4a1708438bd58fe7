import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { parentPort, workerData } from "node:worker_threads";

// The function's warning that it may change one day is for us, not for who runs the tracker. This
// thread prints nothing else.
process.removeAllListeners("warning");

const files = workerData as readonly string[];
const stripped = files.map((file) => stripTypeScriptTypes(readFileSync(file, "utf8")));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is for windows
parentPort?.postMessage(stripped);
