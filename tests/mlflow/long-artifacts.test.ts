import { join } from "node:path";
import { minioProgram, startMinio, type MinioUnderTest } from "@updraft/contracts/minio-under-test";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServerProcess } from "./support/process.ts";
import { pythonWith } from "./support/python.ts";
import { runScript } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startUpdraft } from "./support/trackers.ts";

const python = await pythonWith("mlflow-skinny");
const program = minioProgram("MLflow's client with artifacts in a bucket");

/** Files of ten megabytes and more go in parts of six. */
const sizes = {
  MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE: "10000000",
  MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE: "6000000",
  MLFLOW_MULTIPART_DOWNLOAD_CHUNK_SIZE: "6000000",
};
const listed = [
  ["some folder/long file.bin", 23_000_000],
  ["many/short.bin", 1000],
  ["many/sub", null],
  ["many/sub/longer.bin", 12_000_000],
];
const everywhere = { listed, same: true, sub: ["longer.bin"], left: ["some folder"] };
const forced = {
  MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: "true",
  MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: "true",
};

describe.runIf(python)("MLflow's client and long artifacts", () => {
  let folder: string;
  let tracker: ServerProcess | undefined;
  const seen = (variables: Record<string, string> = {}) =>
    runScript("transfers", {
      python: python ?? "",
      trackingUri: tracker?.url ?? "",
      folder,
      variables: { ...sizes, ...variables },
    });

  describe("of a tracker with a folder", () => {
    beforeAll(async () => {
      folder = await temporaryFolder();
      tracker = await startUpdraft(join(folder, "tracker"));
    });
    afterAll(() => tracker?.stop());

    it.each([{}, forced])(
      "go through the tracker, also when it is asked for parts: %j",
      async (given) => {
        expect(await seen(given)).toEqual({
          ...everywhere,
          parts: 0,
          ways: { parts: 0, "multipart downloads": 0, "proxied downloads": 3 },
          broken: "it was sent",
          left: ["some folder"],
          "left of it": ["broken/long file.bin"],
        });
      },
    );
  });

  describe.runIf(program)("of a tracker with a bucket", () => {
    let minio: MinioUnderTest;
    let bucket: string;
    beforeAll(async () => {
      folder = await temporaryFolder();
      minio = await startMinio(program ?? "");
      bucket = await minio.newBucket();
      tracker = await startUpdraft(join(folder, "tracker"), {
        ...minio.variables,
        MLFLOW_ARTIFACTS_DESTINATION: `s3://${bucket}/artifacts`,
        S3_PUBLIC_ENDPOINT_URL: minio.url,
      });
    });
    afterAll(async () => {
      await tracker?.stop();
      await minio?.stop();
    });

    it("go to the bucket in parts and come from it in parts, with no setting at all", async () => {
      expect(await seen()).toEqual({
        ...everywhere,
        parts: 4 + 2,
        ways: { parts: 6, "multipart downloads": 3, "proxied downloads": 0 },
        broken: "MlflowException",
        "left of it": [],
      });
      expect(await minio.unfinishedUploads(bucket)).toEqual([]);
    });

    it("go through the tracker where the client does not want parts", async () => {
      const unwanted = {
        MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: "false",
        MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: "false",
      };
      expect(await seen(unwanted)).toMatchObject({
        ...everywhere,
        ways: { parts: 0, "multipart downloads": 0, "proxied downloads": 3 },
        broken: "it was sent",
      });
    });
  });
});
