import { createServer } from "node:http";
import { isStoreAway } from "@updraft/contracts/artifact-store";
import { endOnSignal } from "@updraft/contracts/end-on-signal";
import { listen, type Listener } from "@updraft/contracts/listen";
import { messageOf } from "@updraft/contracts/message-of";
import { onceThere } from "@updraft/contracts/once-there";
import { pino, type Logger } from "pino";
import { createApp } from "./app.ts";
import { CredentialsError } from "./auth/credentials.ts";
import { openCredentialsFile, type CredentialsFile } from "./auth/credentials-file.ts";
import { gcUsage, GcUsageError, parseGcArguments, runGc } from "./gc/command.ts";
import { giveBackMemory } from "./give-back-memory.ts";
import { createMetrics } from "./metrics.ts";
import { openArtifacts, type Artifacts } from "./open-artifacts.ts";
import { parseSettings, SettingsError, type Settings } from "./settings.ts";
import { shownAddress } from "./store/database-address.ts";
import { DatabaseOpenError } from "./store/sql/database-error.ts";
import { openDatabase } from "./store/sql/open-database.ts";
import { createSqlStore } from "./store/sql/sql-store.ts";
import type { TrackerStore } from "./store/tracker-store.ts";

/** Longest head of a request, in bytes: a filter in a query may be long. */
const maxHeaderSize = 65_536;

/** Runs what the arguments name: `gc`, or without any the tracker itself. */
async function main(): Promise<void> {
  const [command, ...args] = process.argv.slice(2);
  if (command === undefined) return serve();
  if (command === "gc") return gc(args);
  throw new GcUsageError(`there is no command ${command}; there is gc, and without one it serves`);
}

async function gc(args: readonly string[]): Promise<void> {
  const command = parseGcArguments(args);
  if (!command) return void process.stdout.write(`${gcUsage}\n`);
  const settings = parseSettings(process.env);
  const { store: artifacts } = await openArtifacts(settings, process.env);
  const store = createSqlStore(await openDatabase(settings.database));
  try {
    const { output, exitCode } = await runGc(command, { store: store.garbage, artifacts });
    process.stdout.write(`${output}\n`);
    process.exitCode = exitCode;
  } finally {
    await store.close();
  }
}

/** Runs the tracker until it is asked to stop and every request in progress is answered. */
async function serve(): Promise<void> {
  const settings = parseSettings(process.env);
  const log = pino({ level: settings.logLevel });
  const { anonymousAccess: anonymous, allowedHosts } = settings;
  const credentials = await openCredentials(settings, log);
  const authentication = { anonymous, credentials: credentials?.current };
  const { artifacts, store } = await openStores(settings, log);
  let isDraining = false;
  const app = createApp({
    store,
    artifacts: artifacts.store,
    transfers: artifacts.transfers,
    log,
    authentication,
    allowedHosts,
    metrics: createMetrics(),
    isDraining: () => isDraining,
  });
  const server = createServer(
    { maxHeaderSize, keepAliveTimeout: settings.keepAliveSeconds * 1000 },
    app,
  );
  giveBackMemory(server);
  // A large artifact on a slow line takes its time; only the headers have to come soon.
  server.requestTimeout = 3_600_000;
  const { port, closed } = await listenOn(server, settings, () => {
    isDraining = true;
    log.info("asked to stop; what is still sent here is answered");
  });
  const database = shownAddress(settings.database);
  log.info({ host: settings.host, port, database }, "the tracker listens");
  await closed;
  credentials?.close();
  await store.close();
  log.info("the tracker has stopped");
}

/** Opens bucket and database, which may be starting themselves: they are waited for. */
async function openStores(
  settings: Settings,
  log: Logger,
): Promise<{ artifacts: Artifacts; store: TrackerStore }> {
  const started = endOnSignal();
  const opened = <T>(open: () => Promise<T>) =>
    onceThere(open, {
      seconds: settings.startupWaitSeconds,
      isAway: (error) => isStoreAway(error) || (error instanceof DatabaseOpenError && error.isAway),
      onAway: (error, secondsLeft) => log.warn({ secondsLeft }, `waiting: ${messageOf(error)}`),
    });
  const artifacts = await opened(() => openArtifacts(settings, process.env));
  const store = createSqlStore(await opened(() => openDatabase(settings.database)));
  started();
  return { artifacts, store };
}

async function openCredentials(
  { credentialsFile }: Settings,
  log: Logger,
): Promise<CredentialsFile | undefined> {
  return credentialsFile === undefined ? undefined : openCredentialsFile(credentialsFile, log);
}

async function listenOn(
  server: ReturnType<typeof createServer>,
  { host, port, drainSeconds, lameDuckSeconds }: Settings,
  onDrain: () => void,
): Promise<Listener> {
  try {
    return await listen(server, { host, port, drainSeconds, lameDuckSeconds, onDrain });
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "EADDRINUSE"
        ? "another program listens there; stop it, or set PORT to a free port"
        : messageOf(error);
    throw new Error(`cannot listen on ${host}:${port}: ${reason}`, { cause: error });
  }
}

function isUsersMistake(error: unknown): boolean {
  const kinds = [SettingsError, CredentialsError, GcUsageError];
  return kinds.some((kind) => error instanceof kind);
}

try {
  await main();
} catch (error) {
  pino({ level: "fatal" }, pino.destination({ dest: 2, sync: true })).fatal(messageOf(error));
  process.exitCode = isUsersMistake(error) ? 2 : 1;
}
