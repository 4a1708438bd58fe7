import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { chown, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@updraft/contracts/free-port";

/** A Postgres of this test's own, on a free port of 127.0.0.1. */
export interface PostgresUnderTest {
  readonly port: number;
  /** Address of a database that nobody else has, and that is empty. */
  newDatabase(): Promise<string>;
  /** Runs SQL, of any length, in a database. */
  execute(address: string, sql: string): Promise<void>;
  /** Stops the server as `pg_ctl stop -m <mode>` does; the data stays. */
  shutDown(mode: "fast" | "immediate"): Promise<void>;
  /** Starts it again on the same port. */
  startUp(): Promise<void>;
  /** Stops it and removes all of it. */
  discard(): Promise<void>;
}

/** Where the programs of Postgres are, or undefined where there are none. */
export const postgresPrograms = findPrograms();

const startLimitMs = 30_000;
const password = "test secret";

/**
 * Starts a server whose databases sort as people who speak English do, where Postgres can: the
 * tracker must not depend on it. It runs as user `postgres` where this process is root's, because
 * Postgres refuses root, and ends with this process, however that ends.
 * @param settings go over those of the tests, such as `{ fsync: "on" }`
 */
export async function startPostgres(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresUnderTest> {
  const programs = postgresPrograms;
  if (programs === undefined) throw new Error("there is no Postgres here; see postgresPrograms");
  const folder = await mkdtemp(join(tmpdir(), "postgres-"));
  const user = serverUser();
  if (user) await chown(folder, user.uid, user.gid);
  await initialise(programs, folder, user);
  const port = await freePort();
  const start = () => startServer({ programs, folder, port, user, settings });
  let server = await start();
  const { default: pg } = await import("pg");
  const addressOf = (database: string) =>
    `postgresql://tracker:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`;
  const execute = async (address: string, sql: string) => {
    const client = new pg.Client({ connectionString: address });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  let databases = 0;
  const shutDown = async (mode: "fast" | "immediate") => stopServer(server, mode);
  return {
    port,
    execute,
    async newDatabase() {
      databases += 1;
      await execute(addressOf("postgres"), `create database test_${databases}`);
      return addressOf(`test_${databases}`);
    },
    shutDown,
    async startUp() {
      server = await start();
    },
    async discard() {
      await shutDown("immediate");
      await rm(folder, { recursive: true });
    },
  };
}

interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

function findPrograms(): string | undefined {
  const debian = "/usr/lib/postgresql";
  const versions = existsSync(debian) ? readdirSync(debian).map(Number) : [];
  const folders = [
    ...versions.toSorted((a, b) => b - a).map((version) => join(debian, `${version}/bin`)),
    ...(process.env.PATH ?? "").split(delimiter),
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb")));
}

function serverUser(): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const { stdout } = spawnSync("getent", ["passwd", "postgres"], { encoding: "utf8" });
  const [, , uid, gid] = stdout.split(":");
  return { uid: Number(uid), gid: Number(gid) };
}

async function initialise(programs: string, folder: string, user?: ServerUser): Promise<void> {
  const passwordFile = join(folder, "password");
  await writeFile(passwordFile, password);
  if (user) await chown(passwordFile, user.uid, user.gid);
  const who = ["-U", "tracker", "-A", "scram-sha-256", `--pwfile=${passwordFile}`];
  const common = ["-D", join(folder, "data"), "-E", "UTF8", "--no-sync", ...who];
  const english = ["--locale=C", "--locale-provider=icu", "--icu-locale=en-US"];
  const run = (args: string[]) =>
    spawnSync(join(programs, "initdb"), args, { ...user, cwd: folder, encoding: "utf8" });
  // Before version 15, or without ICU, there is the plain order only.
  if (run([...common, ...english]).status === 0) return;
  const { status, stderr } = run([...common, "--locale=C"]);
  if (status !== 0) throw new Error(`initdb failed: ${stderr}`);
}

/**
 * Runs a server (`$0` with arguments) until it ends. A signal goes on to it, and it is ended when
 * standard input closes, which the test's process holds open as long as it lives.
 */
const script = `exec 3<&0
"$0" "$@" <&- &
server=$!
trap 'kill -INT $server' INT
trap 'kill -QUIT $server' QUIT
(cat; kill -QUIT $server) <&3 >/dev/null 2>&1 &
watch=$!
while kill -0 $server 2>/dev/null; do wait $server; done
kill $watch 2>/dev/null`;

interface ServerOptions {
  readonly programs: string;
  readonly folder: string;
  readonly port: number;
  readonly user: ServerUser | undefined;
  readonly settings: Readonly<Record<string, string>>;
}

async function startServer({
  programs,
  folder,
  port,
  user,
  settings: given,
}: ServerOptions): Promise<ChildProcess> {
  const options = {
    listen_addresses: "127.0.0.1",
    port: String(port),
    unix_socket_directories: folder,
    // What is tested is the tracker, which asks for nothing less than the default.
    fsync: "off",
    shared_buffers: "16MB",
    max_connections: "60",
    ...given,
  };
  const settings = Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  const args = ["-c", script, join(programs, "postgres"), "-D", join(folder, "data"), ...settings];
  const server = spawn("sh", args, { ...user, cwd: folder, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  server.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
  const deadline = Date.now() + startLimitMs;
  while (!said.includes("ready to accept connections")) {
    if (server.exitCode !== null || Date.now() > deadline) {
      server.stdin.destroy();
      throw new Error(`Postgres did not start: ${said}`);
    }
    await sleep(5);
  }
  return server;
}

async function stopServer(server: ChildProcess, mode: "fast" | "immediate"): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill(mode === "fast" ? "SIGINT" : "SIGQUIT");
  await exited;
}
