import { readPackage } from "@updraft/contracts/model-package";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { openArtifactStore } from "@updraft/contracts/open-artifact-store";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { writeDigitFolder } from "./fixtures/digit-folder.ts";
import { minioUser, type PolicyStatement } from "./fixtures/minio-user.ts";
import { temporaryFolder } from "./fixtures/temporary-folder.ts";
import { startTracker } from "./fixtures/tracker-process.ts";
import { runTrainer, startTrainer } from "./fixtures/trainer-process.ts";

const minioBinary = minioProgram("trainer/bucket-access.test.ts");

/** What docs/training.md says that the trainer needs of a bucket. */
function trainersAccess(bucket: string): PolicyStatement[] {
  const arn = `arn:aws:s3:::${bucket}`;
  const own = ["models", "datasets", "checkpoints"];
  return [
    {
      Effect: "Allow",
      Action: ["s3:ListBucket"],
      Resource: [arn],
      Condition: { StringLike: { "s3:prefix": own.map((name) => `${name}/*`) } },
    },
    {
      Effect: "Allow",
      Action: ["s3:GetObject"],
      Resource: own.flatMap((name) => [`${arn}/${name}`, `${arn}/${name}/*`]),
    },
    {
      Effect: "Allow",
      Action: ["s3:PutObject"],
      Resource: own.map((name) => `${arn}/${name}/*`),
    },
    {
      Effect: "Allow",
      Action: ["s3:DeleteObject"],
      Resource: [`${arn}/models/.writable-*`, `${arn}/checkpoints/*`],
    },
  ];
}

describe.runIf(minioBinary)("a trainer that may do little in a bucket", { timeout: 60_000 }, () => {
  let minio: MinioUnderTest;
  beforeAll(async () => {
    minio = await startMinio(minioBinary ?? "");
  });
  afterAll(() => minio?.stop());

  async function train(bucket: string, access: readonly PolicyStatement[]) {
    const user = await minioUser(minio, access);
    const tracker = await startTracker(await temporaryFolder());
    const folder = await temporaryFolder();
    const variables = {
      ...user,
      MLFLOW_TRACKING_URI: tracker.uri,
      TRAINER_STORE_URI: `s3://${bucket}`,
      TRAINER_DATASET: await writeDigitFolder(await temporaryFolder(), [600, 100]),
      TRAINER_HYPERPARAMETERS: '{"filters": 4, "units": 16, "batchSize": 32, "epochs": 4}',
      TRAINER_GATE: '{"minAccuracy": 0.01, "maxRegression": 1}',
    };
    const options = { folder, variables };
    return {
      run: (changes: Readonly<Record<string, string>> = {}) =>
        runTrainer(["train"], { folder, variables: { ...variables, ...changes } }),
      start: () => startTrainer(["train"], options),
      user,
    };
  }

  it("goes on after a kill and releases with access to its own folders only, and again from its snapshot", async () => {
    const bucket = await minio.newBucket();
    const { run, start, user } = await train(bucket, trainersAccess(bucket));
    const killed = start();
    await killed.said(/^epoch 2\/4 .* accuracy/m);
    const checkpoints = () =>
      openArtifactStore(`s3://${bucket}`, minio.variables).list("checkpoints");
    await expect.poll(checkpoints).not.toEqual([]);
    killed.child.kill("SIGKILL");
    await killed.done;
    const first = await run();
    const [snapshot] = await openArtifactStore(`s3://${bucket}`, user).entries("datasets");
    const second = await run({ TRAINER_DATASET: `s3://${bucket}/datasets/${snapshot?.name}` });
    expect([first.code, second.code], first.stderr + second.stderr).toEqual([0, 0]);
    expect(first.stdout).toContain("goes on after epoch ");
    const digests = [first, second].map(({ outcome }) => {
      if (outcome?.status !== "released") throw new Error("unreachable: it exited with 0");
      return [outcome.release.digest, outcome.release.datasetDigest];
    });
    expect(digests[0]).toEqual(digests[1]);
    const all = await openArtifactStore(`s3://${bucket}`, minio.variables).entries("");
    expect(all.map(({ name }) => name)).toEqual(["datasets", "models"]);

    const own = openArtifactStore(`s3://${bucket}`, user);
    await expect(own.remove("models/digits")).rejects.toThrow("refuses the access");
    await expect(own.write("other/file", "")).rejects.toThrow("refuses the access");
    const { outcome } = second;
    if (outcome?.status !== "released") throw new Error("unreachable: it exited with 0");
    const reader = await minioUser(minio, [
      {
        Effect: "Allow",
        Action: ["s3:GetObject"],
        Resource: [`arn:aws:s3:::${bucket}/models/*`],
      },
    ]);
    for (const [name, value] of Object.entries(reader)) vi.stubEnv(name, value);
    const { uri, digest } = outcome.release;
    expect((await readPackage(uri, digest)).digest).toBe(digest);
    vi.unstubAllEnvs();
  });

  it("says at the start that it may not write", async () => {
    const bucket = await minio.newBucket();
    const readOnly = trainersAccess(bucket).slice(0, 2);
    const { run } = await train(bucket, readOnly);
    const { code, stderr } = await run();
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^the artifact store s3:\/\/test-.* cannot be written to: .* refuses the access to .*\(AccessDenied\)/,
    );
  });
});
