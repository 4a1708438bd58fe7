import { once } from "node:events";
import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { graphNetwork } from "@updraft/contracts/fixtures/graph-network";
import { Release } from "@updraft/contracts/release";
import { browserPath, startBrowser } from "@updraft/tracker/browser-under-test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { Environments } from "./environments.ts";
import { resultOf } from "./pulumi-stack.ts";
import { versionOf } from "./tracker-client.ts";

const model = { name: "iris" };

/** A flower of each species, the twentieth of fifty. */
const flowers = {
  setosa: { sepal_length: 5.1, sepal_width: 3.8, petal_length: 1.5, petal_width: 0.3 },
  versicolor: { sepal_length: 5.6, sepal_width: 2.5, petal_length: 3.9, petal_width: 1.1 },
  virginica: { sepal_length: 6, sepal_width: 2.2, petal_length: 5, petal_width: 1.5 },
};
const rows = [
  [5.1, 3.8, 1.5, 0.3],
  [5.6, 2.5, 3.9, 1.1],
];

/** A linear classifier whose weights were found elsewhere. */
const elsewhere = graphNetwork(
  [
    [0.9, 0.6, -1.5],
    [2.1, -0.4, -1.8],
    [-2.9, 0.3, 2.6],
    [-1.3, -1.2, 2.5],
  ],
  { softmax: true },
);

/** What a predict request to the stack that takes over must show, and whose pages may ask it. */
const [token, friend] = ["a-token-of-the-irises-in-prod", "https://app.example.com"];

const checkout = join(import.meta.dirname, "../..");

const Answer = z.object({
  predictions: z.array(z.array(z.number()).length(3)).optional(),
  outputs: z.array(z.array(z.number()).length(3)).optional(),
});

// Another model than the one that the platform began with; each test goes on from the one before.
describe("irises", () => {
  let all: Environments;
  let dev: string;
  /** What takes the spans of the stack that takes over, and what has come: path and body. */
  let collector: Server;
  const spans: string[] = [];
  const release = async (stack: string) => Release.parse((await all.outputs(stack)).release);

  beforeAll(async () => {
    all = await Environments.create();
    collector = createServer(async (request, response) => {
      spans.push(`${request.url} ${await text(request)}`);
      response.end("{}");
    });
    collector.listen(0, "127.0.0.1");
    await once(collector, "listening");
    dev = all.name("iris-dev");
    await all.configure("iris-dev", { model, gate: { minAccuracy: 0.85, maxRegression: 0 } });
  });

  afterAll(async () => {
    await all?.cleanUp();
    collector?.close();
  });

  /** The most likely species of each instance. */
  async function ask(body: unknown): Promise<string[]> {
    const { predictUrl } = await all.outputs("iris-dev");
    const answer = await fetch(predictUrl, { method: "POST", body: JSON.stringify(body) });
    const { predictions, outputs } = Answer.parse(await answer.json());
    const species = Object.keys(flowers);
    return (predictions ?? outputs ?? []).map(
      (shares) => species[shares.indexOf(Math.max(...shares))] ?? "",
    );
  }

  it("are trained, gated, registered and served by the name of their model", async () => {
    const up = await all.up("iris-dev");
    expect(up.code, up.output).toBe(0);
    const { model: served, metrics, trackerUrl } = await all.outputs("iris-dev");
    expect(served).toMatchObject({ name: "iris", version: "1" });
    expect(metrics["accuracy"]).toBeGreaterThan(0.85);
    expect(await versionOf(trackerUrl, "iris", "champion")).toBe("1");
  });

  it("are told apart, however they are sent", async () => {
    const { setosa, versicolor } = flowers;
    const expected = ["setosa", "versicolor"];
    expect(await ask({ instances: rows })).toEqual(expected);
    expect(await ask({ instances: [setosa, versicolor] })).toEqual(expected);
    expect(await ask({ instances: rows.map((measurements) => ({ measurements })) })).toEqual(
      expected,
    );
    expect(await ask({ inputs: { measurements: rows } })).toEqual(expected);
    const columns = Object.fromEntries(
      Object.entries(setosa).map(([name, value], index) => [name, [value, rows[1]?.[index]]]),
    );
    expect(await ask({ inputs: columns })).toEqual(expected);
  });

  it("pass the smoke test, by their package's own example", async () => {
    const smoke = await all.command("smoke", dev);
    expect([smoke.code, smoke.stdout.match(/passed/g)?.length], smoke.output).toEqual([0, 4]);
  });

  it.skipIf(!browserPath)(
    "can be asked about on a form with a field for each measurement",
    async () => {
      const { url } = await all.outputs("iris-dev");
      const browser = await startBrowser();
      try {
        const page = await browser.newPage();
        await page.goto(url);
        const answer = page.locator("#prediction");
        await expect.poll(() => answer.textContent()).not.toBe("?");
        for (const [name, size] of Object.entries(flowers.setosa)) {
          await page.getByLabel(name).fill(String(size));
        }
        await expect.poll(() => answer.textContent()).toBe("setosa");
        await page.getByLabel("petal_width").fill("70");
        await expect
          .poll(() => page.locator("#sureness").textContent())
          .toMatch(/^value 3 of instance 0 is 70; expected "measurements": 4 numbers/);
      } finally {
        await browser.close();
      }
    },
  );

  it("are trained again with the next update, to the same package", async () => {
    const before = await release("iris-dev");
    const plan = await all.command("plan", dev);
    expect(plan.code, plan.output).toBe(0);
    const up = await all.up("iris-dev");
    expect(up.code, up.output).toBe(0);
    const after = await release("iris-dev");
    expect([after.digest, after.version]).toEqual([before.digest, before.version]);
    expect(after.runId).not.toBe(before.runId);
  });

  it("are told apart by a graph from elsewhere, once it is imported and pinned", async () => {
    const [before, { trackerUrl }] = [await release("iris-dev"), await all.outputs("iris-dev")];
    const from = join(all.folder, "elsewhere");
    await mkdir(from);
    await writeFile(join(from, "model.json"), elsewhere.model);
    await writeFile(join(from, "weights.bin"), elsewhere.weights);
    const [store = ""] = before.uri.split("/models/");
    const places = ["--tracker", trackerUrl, "--store", store, "--outcome", `${from}.json`];
    const gate = ["--gate", '{"minAccuracy": 0.85}'];
    const flags = ["import", "--model", "iris", "--from", from, ...gate, ...places];
    const [code] = await once(
      all.start(process.execPath, [join(checkout, "trainer/main.ts"), ...flags]),
      "exit",
    );
    expect(code).toBe(0);
    const back = await all.command("rollback", dev, "2", "--reason", "try the graph");
    expect(back.code, back.output).toBe(0);
    const after = await release("iris-dev");
    expect(after).toMatchObject({ version: "2", lineage: { importedFrom: { name: "elsewhere" } } });
    expect(await ask({ instances: rows })).toEqual(["setosa", "versicolor"]);
  });

  it("are promoted to another stack", async () => {
    const promotion = { promotion: { fromStack: dev }, model };
    const { port } = collector.address() as AddressInfo;
    const inference = { corsOrigins: [friend], traces: `http://127.0.0.1:${port}` };
    await all.configure("iris-prod", { ...promotion, gate: { minAccuracy: 0.85 }, inference });
    await all.setSecret("iris-prod", "updraft:predictToken", token);
    const up = await all.up("iris-prod");
    expect(up.code, up.output).toBe(0);
    const [there, here] = [await release("iris-dev"), await release("iris-prod")];
    expect(here).toMatchObject({ model: "iris", digest: there.digest, lineage: there.lineage });
    expect(up.output).not.toContain(token);
  });

  it("are told apart there for whoever has the token, and for the pages of a friend", async () => {
    const { predictUrl } = await all.outputs("iris-prod");
    const asked = async (authorization?: string, origin = friend) => {
      const { status, headers } = await fetch(predictUrl, {
        method: "POST",
        headers: { origin, ...(authorization === undefined ? {} : { authorization }) },
        body: JSON.stringify({ instances: rows }),
      });
      return [status, headers.get("access-control-allow-origin")];
    };
    expect(await asked()).toEqual([401, friend]);
    expect(await asked(`Bearer ${token}s`)).toEqual([401, friend]);
    expect(await asked(`Bearer ${token}`)).toEqual([200, friend]);
    expect(await asked(`Bearer ${token}`, "https://elsewhere.example")).toEqual([200, null]);
  });

  it("pass the smoke test there, which takes the token from the stack", async () => {
    const smoke = await all.command("smoke", all.name("iris-prod"));
    expect([smoke.code, smoke.stdout.match(/passed/g)?.length], smoke.output).toEqual([0, 4]);
    expect(smoke.output).not.toContain(token);
  });

  it("are spans to the collector that the stack names, without the token", async () => {
    await expect.poll(() => spans.join(), { timeout: 15_000 }).toContain(":predict");
    expect(spans.every((span) => span.startsWith("/v1/traces "))).toBe(true);
    expect(spans.join()).not.toContain(token);
  });

  it("leave the token in no state, log or file that has not encrypted it", async () => {
    const stack = ["--stack", all.name("iris-prod")];
    const told = async (...args: string[]) => {
      const { code, output } = await resultOf(all.start("pulumi", ["stack", ...args, ...stack]));
      expect(code, output).toBe(0);
      return output;
    };
    expect(await told("export", "--show-secrets")).toContain(token);
    expect(await told("export")).not.toContain(token);
    expect(await told("output", "--json")).not.toContain(token);
    expect(await told("output", "predictToken", "--show-secrets")).toBe(`${token}\n`);
    expect(await filesWith(token, all.folder)).toEqual([]);
    expect(await readFile(all.configFile("iris-prod"), "utf8")).not.toContain(token);
  });

  it("are gone when their stacks are", async () => {
    for (const stack of ["iris-prod", "iris-dev"]) {
      const down = await all.destroy(stack);
      expect(down.code, down.output).toBe(0);
      await expect(access(all.storePath(stack))).rejects.toThrow("ENOENT");
    }
  });
});

/** The files below a folder that have a text in them: state, backups, logs, databases. */
async function filesWith(part: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const found = await Promise.all(
    files.map(async ({ name, parentPath }) => {
      const path = join(parentPath, name);
      // One that is written anew meanwhile is gone for a moment.
      const content = await readFile(path).catch(() => Buffer.alloc(0));
      return content.includes(part) ? [path] : [];
    }),
  );
  return found.flat();
}
