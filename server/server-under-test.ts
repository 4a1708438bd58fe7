import { mkdtemp } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { type AppOptions, createApp } from "./app.ts";
import { createWasmEngine } from "./engines/wasm-engine.ts";
import { type TinyPackageOptions, writeTinyPackage } from "./fixtures.ts";
import { ModelRepository } from "./models/model-repository.ts";
import { loadServedModel } from "./models/served-model.ts";
import { createMetrics } from "./watching/metrics.ts";

/** A server that answers in this process. */
export interface ServerUnderTest {
  /** Its address, without a slash at the end. */
  readonly base: string;
  readonly app: ReturnType<typeof createApp>;
  readonly models: ModelRepository;
  /** Every line of its log so far, as it was written. */
  readonly log: readonly string[];
  close(): Promise<unknown>;
}

/** Serves the tiny package as `sums`, version 7. */
export async function startServer(
  options: AppOptions = {},
  content: TinyPackageOptions = {},
  level: "debug" | "info" = "info",
): Promise<ServerUnderTest> {
  const models = new ModelRepository(["sums"]);
  const log: string[] = [];
  const logger = pino({ level }, { write: (line) => void log.push(line) });
  const app = createApp(models, logger, createMetrics(), options);
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const written = await writeTinyPackage(await mkdtemp(join(tmpdir(), "updraft-server-")), content);
  const pinned = { name: "sums", version: "7", ...written };
  models.slot("sums").active = await loadServedModel(pinned, await createWasmEngine());
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    models,
    log,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
