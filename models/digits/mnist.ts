import { digestOfFiles } from "@updraft/contracts/digest";
import type { DatasetSource, RemoteFile } from "../dataset.ts";
import { testFiles, trainFiles } from "./idx-files.ts";

const mirrors = [
  "https://storage.googleapis.com/cvdf-datasets/mnist/",
  "https://ossci-datasets.s3.amazonaws.com/mnist/",
  "https://raw.githubusercontent.com/fgnt/mnist/master/",
];

/** The published files: names, sizes in bytes and sums of the gzipped bytes. */
const published: readonly (readonly [name: string, sizeBytes: number, sha256: string])[] = [
  [
    `${trainFiles.images}.gz`,
    9_912_422,
    "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
  ],
  [
    `${trainFiles.labels}.gz`,
    28_881,
    "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
  ],
  [
    `${testFiles.images}.gz`,
    1_648_877,
    "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
  ],
  [
    `${testFiles.labels}.gz`,
    4_542,
    "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
  ],
];

const files: readonly RemoteFile[] = published.map(([name, sizeBytes, sha256]) => ({
  name,
  sizeBytes,
  sha256,
  urls: mirrors.map((mirror) => mirror + name),
}));

/** All of MNIST: 60,000 digits to train on and 10,000 to test with. */
export const mnist: DatasetSource = {
  description: "all of MNIST, 60,000 and 10,000 digits; an 11.6 MB download",
  remote: true,
  fingerprint: async () => digestOfFiles(files.map(({ name, sha256 }) => ({ path: name, sha256 }))),
  read: ({ download }) => download(files),
};
