import { expect, it } from "vitest";
import { childEnvironment } from "./child-environment.ts";

it("keeps what tools need, adds the child's own and leaves the engine's secrets out", () => {
  const ours = {
    PATH: "/bin",
    HOME: "/home/me",
    PULUMI_CONFIG_PASSPHRASE: "secret",
    PULUMI_ACCESS_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  expect(childEnvironment({ PORT: "5000" }, ours)).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    PORT: "5000",
  });
});

it("gives a training whose data is in a bucket what the bucket is reached with", () => {
  const ours = {
    PATH: "/bin",
    PULUMI_ACCESS_TOKEN: "secret",
    S3_ENDPOINT_URL: "http://127.0.0.1:9000",
    AWS_SECRET_ACCESS_KEY: "key",
  };
  const inBucket = { TRAINER_DATASET: "s3://bucket/data" };
  expect(childEnvironment(inBucket, ours)).toEqual({
    PATH: "/bin",
    S3_ENDPOINT_URL: "http://127.0.0.1:9000",
    AWS_SECRET_ACCESS_KEY: "key",
    ...inBucket,
  });
  const elsewhere = { TRAINER_DATASET: "mnist" };
  expect(childEnvironment(elsewhere, ours)).toEqual({ PATH: "/bin", ...elsewhere });
});
