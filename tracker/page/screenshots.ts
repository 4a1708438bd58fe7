import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { pino } from "pino";
import type { Browser, Page } from "playwright-core";
import { createApp } from "../app.ts";
import { openSqlite } from "../store/sql/open-sqlite.ts";
import { createSqlStore } from "../store/sql/sql-store.ts";
import type { TrackerStore } from "../store/tracker-store.ts";
import { browserPath, startBrowser } from "./browser-under-test.ts";

// Makes the pictures of the tracker's page anew: trains digits a few times against a tracker of its
// own, and photographs what that left behind. `npm run screenshots`.

const docs = join(import.meta.dirname, "../../docs");
const trainer = join(import.meta.dirname, "../../trainer/main.ts");
const width = 1280;

/** The gate refuses the first; each of the others is better than the one before, or not. */
const trainings: readonly (readonly string[])[] = [
  ["--epochs", "1", "--hyperparameters", '{"filters":4,"learningRate":0.002}'],
  ["--epochs", "2", "--hyperparameters", '{"filters":8,"learningRate":0.004}'],
  ["--epochs", "4", "--hyperparameters", '{"filters":8,"learningRate":0.008}', "--seed", "2"],
  ["--epochs", "5", "--hyperparameters", '{"filters":16,"batchSize":64}', "--seed", "3"],
  ["--epochs", "6", "--hyperparameters", '{"filters":16,"learningRate":0.004}', "--seed", "4"],
];

/** What is photographed. */
interface Shot {
  readonly file: string;
  readonly path: string;
  readonly height: number;
  readonly dark?: boolean;
  /** Before the picture is taken. */
  readonly prepare?: (page: Page) => Promise<void>;
}

if (!browserPath) process.exit(1);
const folder = await mkdtemp(join(tmpdir(), "screenshots-"));
const store = createSqlStore(await openSqlite(join(folder, "tracker.db")));
const artifactsUri = pathToFileURL(join(folder, "artifacts")).href;
const artifacts = openArtifactStore(artifactsUri);
const server = createServer(createApp({ store, artifacts, log: pino({ level: "error" }) }));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
try {
  for (const flags of trainings) await train(flags);
  const browser = await startBrowser();
  for (const shot of await shotsOf(store)) await take(browser, shot);
  await browser.close();
} finally {
  server.closeAllConnections();
  server.close();
  await store.close();
  await rm(folder, { recursive: true });
}

async function train(flags: readonly string[]): Promise<void> {
  process.stdout.write(`training ${flags.join(" ")}\n`);
  const child = spawn(process.execPath, [trainer, "train", ...flags], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, MLFLOW_TRACKING_URI: url, TRAINER_STORE_URI: artifactsUri },
  });
  const [code] = (await once(child, "exit")) as [number | null];
  // The gate's refusal is what one of the pictures shows.
  if (code !== 0 && code !== 4) throw new Error(`The trainer ended with ${code}`);
}

async function shotsOf({ experiments, runs, aliases }: TrackerStore): Promise<Shot[]> {
  const { experiment_id } = await experiments.getByName("digits");
  const { rows } = await runs.search({
    experiment_ids: [experiment_id],
    run_view_type: "ACTIVE_ONLY",
    filter: { kind: "and", of: [] },
    order_by: [],
    max_results: 10,
  });
  const ids = rows.map(({ info }) => info.run_id);
  const champion = await aliases.get("digits", "champion");
  const longest = `/runs/${ids[0]}`;
  return [
    {
      file: "tracker-runs.png",
      path: `/experiments/${experiment_id}?sort=-metrics.accuracy`,
      height: 560,
      prepare: selectTwo,
    },
    { file: "tracker-run.png", path: longest, height: 1000 },
    { file: "tracker-run-dark.png", path: longest, height: 1000, dark: true },
    { file: "tracker-compare.png", path: `/compare?runs=${ids.join(",")}`, height: 1000 },
    {
      file: "tracker-parallel.png",
      path: `/compare?runs=${ids.join(",")}&tab=parallel&axes=params.epochs,params.filters,params.learningRate,metrics.accuracy,metrics.logLoss`,
      height: 760,
    },
    { file: "tracker-model.png", path: "/models/digits", height: 1120 },
    {
      file: "tracker-version.png",
      path: `/models/digits/versions/${champion.version}`,
      height: 1240,
    },
  ];
}

async function selectTwo(page: Page): Promise<void> {
  await page.locator(".grid-row input").first().click();
  await page.locator(".grid-row input").nth(1).click();
}

async function take(browser: Browser, { file, path, height, dark, prepare }: Shot): Promise<void> {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: dark ? "dark" : "light",
    reducedMotion: "reduce",
  });
  await page.goto(`${url}${path}`, { waitUntil: "networkidle" });
  await prepare?.(page);
  // Charts are drawn when they come into view, the frame after their library has come.
  await page.waitForTimeout(500);
  await page.screenshot({ path: join(docs, file) });
  await page.close();
  process.stdout.write(`docs/${file}\n`);
}
