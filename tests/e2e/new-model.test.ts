import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import { text } from "node:stream/consumers";
import { freePort } from "@updraft/contracts/free-port";
import { Outcome, type Release } from "@updraft/contracts/release";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";

const checkout = join(import.meta.dirname, "../..");
/** What a new model needs of a checkout. */
const parts = ["contracts", "models", "trainer", "tracker", "server", "infra"];
const files = [
  "package.json",
  "tsconfig.json",
  "vitest.config.ts",
  ".prettierrc.json",
  "tests/summary-reporter.ts",
];

/** What a table says that nobody has trained on before. */
const wines = [
  "alcohol,sugar,colour,kind",
  ...Array.from({ length: 120 }, (_, index) => {
    const isDry = index % 2 === 0;
    const wobble = ((index * 7919) % 101) / 101;
    return `${(isDry ? 13 : 9) + wobble},${(isDry ? 2 : 60) + 9 * wobble},red,${isDry ? "dry" : "sweet"}`;
  }),
].join("\n");

// Whoever brings a model works in a checkout; this one is a copy, so that ours stays as it is.
describe("a model that is new", () => {
  let folder: string;
  const servers: ChildProcess[] = [];

  beforeAll(async () => {
    folder = await copyOfCheckout();
    await writeFile(join(folder, "wines.csv"), `${wines}\n`);
  });

  afterAll(async () => {
    for (const server of servers) server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  });

  async function run(...args: readonly string[]) {
    const child = spawn(process.execPath, args, { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    const [stdout, stderr, [code]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "close"),
    ]);
    return { code: code as number | null, output: stdout + stderr };
  }

  const make = (...args: readonly string[]) => run("infra/commands/new-model/main.ts", ...args);

  async function train(model: string): Promise<Release> {
    const outcomeFile = join(folder, `${model}.json`);
    const store = ["--store", `file://${folder}/store`];
    const trained = await run(
      "trainer/main.ts",
      "train",
      "--model",
      model,
      ...store,
      "--outcome",
      outcomeFile,
    );
    expect(trained.code, trained.output).toBe(0);
    const outcome = Outcome.parse(JSON.parse(await readFile(outcomeFile, "utf8")));
    if (outcome.status === "failed") throw new Error(outcome.failure.message);
    return outcome.release;
  }

  /** Serves a release; the address to ask. */
  async function serve({ model, version, uri, digest }: Release): Promise<string> {
    const port = await freePort();
    const server = spawn(process.execPath, ["server/main.ts"], {
      cwd: folder,
      stdio: "ignore",
      env: {
        PATH: process.env["PATH"],
        PORT: String(port),
        MODEL_NAME: model,
        MODEL_VERSION: version,
        MODEL_URI: uri,
        MODEL_DIGEST: digest,
      },
    });
    servers.push(server);
    const base = `http://127.0.0.1:${port}`;
    await vi.waitFor(async () => expect((await fetch(`${base}/ready`)).status).toBe(200), 20_000);
    return `${base}/v1/models/${model}:predict`;
  }

  it("is made of a table, and what is made is as the checks want it", async () => {
    const made = await make("wine-kinds", "--csv", "wines.csv", "--label", "kind");
    expect(made.code, made.output).toBe(0);
    expect(made.output).toContain(
      "models/wine-kinds is made: 120 rows, 2 features (alcohol, sugar), 2 classes of kind\nleft out, for they are no numbers: colour\n",
    );
    expect(made.output).toContain("npm run trainer -- train --model wine-kinds");
    const config = { extends: "./tsconfig.json", include: ["models/wine-kinds"] };
    await writeFile(join(folder, "tsconfig.new.json"), JSON.stringify(config));
    const bin = "node_modules/.bin";
    const checks = await Promise.all([
      run(`${bin}/tsc`, "--noEmit", "-p", "tsconfig.new.json"),
      run(`${bin}/prettier`, "--check", "models/wine-kinds"),
      run("node_modules/vitest/vitest.mjs", "run", "--project", "unit", "models/wine-kinds"),
    ]);
    for (const { code, output } of checks) expect(code, output).toBe(0);
  });

  it("trains, passes its gate and serves", async () => {
    const release = await train("wine-kinds");
    expect(release).toMatchObject({ model: "wine-kinds", version: "1" });
    expect(release.metrics["accuracy"]).toBeGreaterThan(0.95);
    const url = await serve(release);
    const [dry, sweet] = await ask(url, {
      instances: [{ sugar: 4, alcohol: 13.5 }, [9.5, 65]],
    });
    expect(dry?.[0]).toBeGreaterThan(0.9);
    expect(sweet?.[1]).toBeGreaterThan(0.9);
  });

  it("estimates numbers, where that is asked for", async () => {
    const made = await make(
      "sweetness",
      "--kind",
      "regressor",
      "--csv",
      "wines.csv",
      "--label",
      "sugar",
    );
    expect(made.code, made.output).toBe(0);
    const release = await train("sweetness");
    expect(release.metrics["r2"]).toBeGreaterThan(0.95);
    const [[sugar = 0] = []] = await ask(await serve(release), { instances: [[9.5]] });
    expect(sugar).toBeGreaterThan(55);
    expect(sugar).toBeLessThan(75);
  });

  it("does not take a name that is taken", async () => {
    const { code, output } = await make("iris");
    expect([code, output]).toEqual([1, "models/iris is there already; choose another name\n"]);
  });
});

async function ask(url: string, body: unknown): Promise<number[][]> {
  const answer = await fetch(url, { method: "POST", body: JSON.stringify(body) });
  const { predictions }: { predictions: number[][] } = JSON.parse(await answer.text());
  return predictions;
}

/** The sources, with the modules of the original. */
async function copyOfCheckout(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "updraft-checkout-"));
  const isOurs = (path: string) => !relative(checkout, path).split(sep).includes("node_modules");
  for (const part of parts) {
    await cp(join(checkout, part), join(copy, part), { recursive: true, filter: isOurs });
  }
  for (const file of files) await cp(join(checkout, file), join(copy, file));
  await linkModules(join(checkout, "node_modules"), join(copy, "node_modules"));
  await symlink(join(checkout, "infra/node_modules"), join(copy, "infra/node_modules"));
  // Our own packages are links to the folders beside, which are copies.
  await rm(join(copy, "node_modules/@updraft"));
  await mkdir(join(copy, "node_modules/@updraft"));
  for (const part of parts) {
    await symlink(join(copy, part), join(copy, "node_modules/@updraft", part));
  }
  return copy;
}

async function linkModules(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const entry of await readdir(from)) await symlink(join(from, entry), join(to, entry));
}
