import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { bundleFiles } from "@updraft/contracts/package-bundle";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import type { Release } from "@updraft/contracts/release";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { smallData, trackedEnvironment, untrackedEnvironment } from "../fixtures/environment.ts";
import { releasedDigits } from "../fixtures/released-digits.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { runsOf } from "../fixtures/tracker-process.ts";
import { loadTensorflow } from "../training/tensorflow.ts";

await loadTensorflow();

const minioBinary = minioProgram("promotions from a bucket (trainer/commands)");

function takingOver(release: Release, changes: Record<string, string> = {}) {
  return {
    TRAINER_GATE: "{}",
    TRAINER_SOURCE: JSON.stringify({ stack: "dev", release }),
    ...changes,
  };
}

describe.runIf(minioBinary)("promote from a bucket", { timeout: 120_000 }, () => {
  let minio: MinioUnderTest;
  beforeAll(async () => {
    minio = await startMinio(minioBinary ?? "");
  });
  afterAll(() => minio?.stop());

  it("opens it with the source's variables and with none of its own, and tells nobody", async () => {
    const prod = await untrackedEnvironment(await smallData());
    const bucket = await minio.newBucket();
    const source = await releasedDigits(
      openArtifactStore(`s3://${bucket}/dev`, minio.variables),
      1,
    );
    expect(source.uri).toMatch(/^s3:\/\/test-.*\/dev\/models\/digits\//);
    const own = { AWS_ACCESS_KEY_ID: "prod", AWS_SECRET_ACCESS_KEY: "of-prod" };
    const variables = takingOver(source, {
      ...own,
      TRAINER_SOURCE_VARIABLES: JSON.stringify(minio.variables),
    });
    const { code, outcome, stdout, stderr } = await prod.run(["promote"], variables);
    expect([code, outcome]).toMatchObject([0, { release: { digest: source.digest } }]);
    expect(stdout + stderr).not.toContain(minio.variables["AWS_SECRET_ACCESS_KEY"]);

    const mistaken = { ...minio.variables, AWS_SECRET_ACCESS_KEY: "mistaken" };
    const wrong = { ...variables, TRAINER_SOURCE_VARIABLES: JSON.stringify(mistaken) };
    const refused = await prod.run(["promote"], wrong);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^dev, version 1 cannot be promoted: .* refuses the access/m);
    expect(refused.stdout + refused.stderr).not.toContain("mistaken");
  });
});

describe("promote", { timeout: 120_000 }, () => {
  it("takes the package from a bundle where the store cannot be reached", async () => {
    const prod = await untrackedEnvironment(await smallData());
    const folder = await temporaryFolder();
    const store = openArtifactStore(pathToFileURL(join(folder, "store")).href);
    const source = await releasedDigits(store, 1);
    const files = new Map<string, Buffer>();
    const prefix = source.uri.slice(store.uri.length + 1);
    for (const { path } of await store.list(prefix)) {
      files.set(path.slice(prefix.length + 1), await store.read(path));
    }
    await store.remove("models");
    const bundle = bundleFiles(Object.fromEntries(files));
    await writeFile(join(folder, "package.bundle"), bundle);
    const flags = ["promote", "--source-bundle", join(folder, "package.bundle")];
    const release = await prod.release(flags, takingOver(source));
    expect(release.digest).toBe(source.digest);

    await writeFile(join(folder, "package.bundle"), bundle.subarray(0, -9));
    const damaged = await prod.run(flags, takingOver(source));
    expect(damaged.code).toBe(1);
    expect(damaged.stderr).toMatch(
      /^dev, version 1 cannot be promoted: the package bundle is damaged: its \d+ bytes cannot be unpacked \(unexpected end of file\); bundle the package again$/m,
    );
  });

  it("closes its run when it is cancelled, even if the source's store does not answer", async () => {
    const asked = Promise.withResolvers<void>();
    const silent = createServer(() => asked.resolve()).listen(0, "127.0.0.1");
    onTestFinished(() => void silent.close().closeAllConnections());
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as AddressInfo;
    const prod = await trackedEnvironment(await smallData());
    const store = openArtifactStore(pathToFileURL(await temporaryFolder()).href);
    const uri = "s3://dev/models/digits/aaaa";
    const release = { ...(await releasedDigits(store, 1)), uri };
    const reached = {
      S3_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
    };
    const trainer = prod.start(
      ["promote"],
      takingOver(release, { TRAINER_SOURCE_VARIABLES: JSON.stringify(reached) }),
    );
    await asked.promise;
    trainer.child.kill("SIGTERM");
    const { code, stderr } = await trainer.done;
    expect(code).toBe(1);
    expect(stderr).toContain("the promotion was cancelled (SIGTERM)");
    expect(await runsOf(prod.tracker)).toMatchObject([
      {
        status: "KILLED",
        tags: {
          "updraft.failure": "the promotion was cancelled (SIGTERM)",
          "updraft.promotedFrom.version": "1",
        },
      },
    ]);
  });
});
