import { chmod, mkdtemp, readFile, utimes } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@updraft/contracts/free-port";
import { Outcome } from "@updraft/contracts/release";
import { beforeAll, describe, expect, it } from "vitest";
import { type ImageName, imageNames } from "../../infra/kubernetes/images/build-context.ts";
import { codeDigest } from "../../trainer/code-digest.ts";
import { type TestCluster, testCluster } from "../cluster/harness/test-cluster.ts";
import { type BuiltImage, builtImage, treeForImages } from "./built-image.ts";
import { docker, runInside, shell, startService } from "./docker.ts";

const images = {} as Record<ImageName, BuiltImage>;
let cluster: TestCluster;
let tree: string;

beforeAll(async () => {
  cluster = await testCluster();
  process.env["DOCKER_HOST"] = cluster.dockerHost;
  // A build takes the base without keeping it as an image of its own.
  await docker(["pull", "--quiet", cluster.images.node]);
  tree = await treeForImages();
  for (const name of imageNames) images[name] = await builtImage(name, tree, cluster);
});

async function megabytesOf(name: string): Promise<number> {
  return Number(await docker(["image", "inspect", "-f", "{{.Size}}", name])) / 1e6;
}

/** Megabytes of an image's layers above those of the base. */
async function megabytesOverBase(ref: string): Promise<number> {
  return (await megabytesOf(ref)) - (await megabytesOf(cluster.images.node));
}

describe.each(imageNames)("the image of the %s", (name) => {
  it("is the same when it is built again, and when files have got other times", async () => {
    await utimes(join(tree, name, "main.ts"), 1, 1);
    await utimes(join(tree, "contracts/digest.ts"), 1, 1);
    expect(await builtImage(name, tree, cluster)).toEqual(images[name]);
  });

  it("runs as user 1000 and names what it is", async () => {
    const [image] = JSON.parse(await docker(["image", "inspect", images[name].ref]));
    expect(image.Config).toMatchObject({
      User: "1000:1000",
      WorkingDir: "/app",
      Entrypoint: ["node", `${name}/main.ts`],
    });
    expect(image.Config.Labels).toMatchObject({
      "org.opencontainers.image.title": `Updraft ${name}`,
      "org.opencontainers.image.licenses": "Apache-2.0",
    });
    expect(await shell(images[name].ref, "id -u; touch /app/x 2>&1")).toMatch(
      /^1000\n.*Read-only file system$/,
    );
  });

  it("holds nothing to build or install with", async () => {
    const tools = ["npm", "npx", "yarn", "corepack", "gcc", "g++", "cc", "make", "python3", "pip"];
    const found = await shell(
      images[name].ref,
      `for t in ${tools.join(" ")}; do command -v $t; done`,
    );
    expect(found).toBe("");
  });

  it("holds no development dependencies, tests, types and source maps", async () => {
    const modules = "vitest typescript oxlint prettier playwright-core undici node-api-headers";
    const script = `cd /app; for m in ${modules}; do ls -d node_modules/$m; done 2>/dev/null
      find . -name '*.test.*' -o -name '*.d.ts' -o -name '*.map' -o -name '*-suite.ts' -o -name fixtures
      ls -d toolchain infra tests bench .npmrc package-lock.json 2>/dev/null`;
    expect(await shell(images[name].ref, script)).toBe("");
  });

  it("tells nothing of the machine or the person that built it", async () => {
    const history = await docker([
      "history",
      "--no-trunc",
      "--format",
      "{{.CreatedBy}}",
      images[name].ref,
    ]);
    const environment = await docker(["inspect", "-f", "{{json .Config.Env}}", images[name].ref]);
    for (const text of [history, environment]) {
      expect(text).not.toMatch(/password|passphrase|secret|token|_auth/i);
      expect(text).not.toContain(tree);
    }
    const files = await shell(
      images[name].ref,
      "find / -xdev -name '.npmrc' -o -name '.git' -o -name '_logs' 2>/dev/null",
    );
    expect(files).toBe("");
  });
});

it("the server is at most 120 MB over its base, the tracker 60, the trainer 700", async () => {
  expect(await megabytesOverBase(images.server.ref)).toBeLessThan(120);
  expect(await megabytesOverBase(images.tracker.ref)).toBeLessThan(60);
  expect(await megabytesOverBase(images.trainer.ref)).toBeLessThan(700);
});

it("the trainer plans inside as outside: the same code, the same data", async () => {
  const { code, output, errors } = await runInside(images.trainer.ref, ["plan"]);
  expect(errors).toBe("");
  expect(code).toBe(0);
  const outside = {
    contracts: join(tree, "contracts"),
    models: join(tree, "models"),
    trainer: join(tree, "trainer"),
  };
  expect(JSON.parse(output)).toMatchObject({
    model: "digits",
    codeDigest: await codeDigest("digits", outside),
  });
});

/** A PNG of one pixel. */
const whitePixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==";

it("the trainer trains, and the server serves what it has released", async () => {
  const data = await mkdtemp(join(tmpdir(), "updraft-images-"));
  await chmod(data, 0o777);
  const mount = [`--volume=${data}:/data`];
  const flags = ["--store", "file:///data/store", "--outcome", "/data/outcome.json"];
  const gate = ["--gate", '{"minAccuracy": 0.5, "minRecallPerClass": 0.1}'];
  const trained = await runInside(
    images.trainer.ref,
    ["train", "--epochs", "1", ...gate, ...flags],
    mount,
  );
  expect(trained.errors).not.toContain("Error");
  const outcome = Outcome.parse(JSON.parse(await readFile(join(data, "outcome.json"), "utf8")));
  if (outcome.status !== "released") throw new Error(outcome.failure.message);
  const { model, version, uri, digest } = outcome.release;
  const port = await freePort();
  const server = await startService(
    images.server.ref,
    {
      HOST: "127.0.0.1",
      PORT: String(port),
      MODEL_NAME: model,
      MODEL_VERSION: version,
      MODEL_URI: uri,
      MODEL_DIGEST: digest,
    },
    mount,
  );
  const address = `http://127.0.0.1:${port}`;
  await server.answers(`${address}/health`);
  await server.answers(`${address}/ready`);
  const answer = await fetch(`${address}/v1/models/${model}:predict`, {
    method: "POST",
    body: JSON.stringify({ instances: [Array.from({ length: 784 }, () => 0)] }),
  });
  const { predictions } = (await answer.json()) as { predictions: number[][] };
  expect(predictions[0]).toHaveLength(10);
  const picture = { image: `data:image/png;base64,${whitePixel}`, prepare: "contain" };
  const read = await fetch(`${address}/predict`, { method: "POST", body: JSON.stringify(picture) });
  expect([read.status, await read.json()]).toMatchObject([200, { model }]);
  for (const page of ["index.html", "docs"]) {
    expect(await server.answers(`${address}/${page}`)).toContain("<!doctype html>");
  }
  expect(await server.stop()).toBe(0);
});

it("the tracker keeps runs and shows its page", async () => {
  const port = await freePort();
  const tracker = await startService(images.tracker.ref, {
    HOST: "127.0.0.1",
    PORT: String(port),
    MLFLOW_BACKEND_STORE_URI: "sqlite:////tmp/tracker.db",
    MLFLOW_ARTIFACTS_DESTINATION: "file:///tmp/artifacts",
  });
  const address = `http://127.0.0.1:${port}`;
  await tracker.answers(`${address}/health`);
  expect(await tracker.answers(`${address}/`)).toContain("/assets/");
  const found = await fetch(`${address}/api/2.0/mlflow/experiments/get?experiment_id=0`);
  expect(await found.json()).toMatchObject({ experiment: { name: "Default" } });
  expect(await tracker.stop()).toBe(0);
});
