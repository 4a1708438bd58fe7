import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { sha256 } from "@updraft/contracts/digest";
import { freePort } from "@updraft/contracts/free-port";
import { describe, expect, it } from "vitest";
import { startFileServer } from "./fixtures/file-server.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { runTrainer } from "./fixtures/trainer-process.ts";
import { modelsFolder } from "./settings/model-folder.ts";

const flowers = await readFile(join(modelsFolder, "iris/iris.csv"));

/** Trains the model of irises for a moment, with a store and a cache of its own. */
async function setUp() {
  const folder = await temporaryFolder();
  const variables = {
    TRAINER_MODEL: "iris",
    TRAINER_EPOCHS: "3",
    TRAINER_GATE: '{"minAccuracy": 0}',
    TRAINER_STORE_URI: pathToFileURL(join(folder, "store")).href,
    UPDRAFT_CACHE: join(folder, "cache"),
  };
  const train = (dataset: string) =>
    runTrainer(["train", "--dataset", dataset], { folder, variables });
  return { train, store: variables.TRAINER_STORE_URI };
}

describe("training on data from the web", () => {
  it("goes on after a cut, and gives the same package from the snapshot", async () => {
    const { train, store } = await setUp();
    const server = await startFileServer({
      "/iris.csv": { content: flowers, headers: { etag: '"1"' }, cutAfter: 2000 },
    });
    const first = await train(`${server.url}/`);
    if (first.outcome?.status !== "released") throw new Error(first.stderr);
    expect(server.requests.some((request) => request.startsWith("/iris.csv bytes="))).toBe(true);
    const { digest, datasetDigest } = first.outcome.release;
    expect(datasetDigest).toBe(`sha256:${sha256(`${sha256(flowers)}  iris.csv\n`)}`);

    const again = await train(`${store}/datasets/${datasetDigest.slice("sha256:".length)}`);
    if (again.outcome?.status !== "released") throw new Error(again.stderr);
    expect(again.outcome.release).toMatchObject({ digest, datasetDigest });
  });

  it("is rejected with exit code 3 when it is not what it should be", async () => {
    const { train } = await setUp();
    const lines = flowers.toString().split("\n");
    lines[11] = "wide,3.5,1.4,0.2,setosa";
    const server = await startFileServer({ "/iris.csv": lines.join("\n") });
    const malformed = await train(`${server.url}/iris.csv`);
    expect([malformed.code, malformed.outcome]).toMatchObject([
      3,
      {
        failure: {
          message: `${server.url}/iris.csv, line 12: column "sepal_length" is "wide"; expected a number`,
        },
      },
    ]);
    const other = await train(`${server.url}/iris.csv#sha256=${sha256(flowers)}`);
    expect([other.code, other.outcome]).toMatchObject([
      3,
      {
        failure: {
          message: `${server.url}/iris.csv: its sha256 is ${sha256(lines.join("\n"))}; expected ${sha256(flowers)}`,
        },
      },
    ]);
  });

  it("fails with exit code 1 when it cannot be had", async () => {
    const { train } = await setUp();
    const url = `http://127.0.0.1:${await freePort()}/iris.csv`;
    const { code, stderr } = await train(url);
    expect(code).toBe(1);
    expect(stderr).toContain(`${url} cannot be downloaded:\n  it cannot be reached: connect`);
    expect(stderr).toContain("name it as file:///<folder>, or use fisher (");
  });
});
