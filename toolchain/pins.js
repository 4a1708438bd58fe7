/**
 * What the set-up fetches where a machine does not have it: versions, addresses and sha256.
 * Platforms are named `<process.platform>-<process.arch>`.
 * @see decisions/007-where-the-toolchain-comes-from.md
 */

/** @typedef {{ url: string, sha256: string }} Pinned */

/**
 * A Python package that holds libtensorflow.
 * @typedef {object} Wheel
 * @property {string} name
 * @property {string} version
 * @property {string} tag of the platform, as pip names it
 * @property {number} bytes
 * @property {string} sha256
 */

const node = {
  version: "24.21.0",
  /** From this version on Node runs TypeScript as it is, and has what the packages call. */
  minimum: "24.0.0",
  archives: /** @type {Record<string, Pinned>} */ ({
    "linux-x64": nodeArchive(
      "linux-x64",
      "6e1db87ef58b8819e5d5402eff1536491b18edd8eb7bee5ef7897876e88dc5ff",
    ),
    "linux-arm64": nodeArchive(
      "linux-arm64",
      "724282c3b43aec998aa9527380465b45d229e021b58035f5f4f63095eabfe5d5",
    ),
    "darwin-x64": nodeArchive(
      "darwin-x64",
      "1462cb3b3046b815cf8ea436d3da450ec1a9f11dac7e5a46b0ada5305d7e8097",
    ),
    "darwin-arm64": nodeArchive(
      "darwin-arm64",
      "bed7eea5325e1108f32ce5228ddd6a5f0f08a499ee42aa7442aea583702f6057",
    ),
  }),
  /** sha256 of `bin/node`: the npm packages repack the official archives. */
  executables: /** @type {Record<string, string>} */ ({
    "linux-x64": "7fde7b8afa198da66257f42ee2001d874c7355631e6d1579a5fb5ef1f246df4c",
    "linux-arm64": "0f8949d1028f6d61506b2d5bc57e7e6fe893d7b1997509b7847294fc9c616584",
  }),
};

const pulumi = {
  version: "3.256.0",
  archives: "https://get.pulumi.com/releases/sdk",
  /** On another host than the archives: whoever can change the one cannot change the other. */
  checksums:
    "https://github.com/pulumi/pulumi/releases/download/v3.256.0/pulumi-3.256.0-checksums.txt",
  /** Platforms that there is an archive for. */
  platforms: ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"],
};

const go = {
  /** From this version on Go fetches the toolchain that a go.mod asks for by itself. */
  minimum: "1.21.0",
};

const minio = {
  /** The last release that there are programs of. */
  release: "RELEASE.2025-09-07T16-13-09Z",
  /** What Go builds, as its go.mod names it: the last state of the module. */
  module: "v0.0.0-20260212201848-7aac2a2c5b7c",
  programs: /** @type {Record<string, Pinned>} */ ({
    "linux-x64": minioProgram(
      "linux-amd64",
      "7c5bd8512c6e966455b1d198209358b2d191c77a83ab377c4073281065fb855f",
    ),
    "linux-arm64": minioProgram(
      "linux-arm64",
      "5c83cd2cf151717ba0243f73e1c7802ff36e272b67144bdd7f1f7d684fd6f03d",
    ),
  }),
};

const libtensorflow = {
  archives: /** @type {Record<string, Pinned & { version: string }>} */ ({
    "linux-x64": {
      version: "2.9.1",
      url: "https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz",
      sha256: "7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173",
    },
    "linux-arm64": {
      version: "2.7",
      url: "https://storage.googleapis.com/tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz",
      sha256: "9395d1ff39f5b6847f5121e679ff4e599dc7061a2a7f87ceac061c78e908e6e3",
    },
  }),
  wheels:
    /** @type {Record<string, { name: string, version: string, tag: string, bytes: number, sha256: string }>} */ ({
      "linux-x64": {
        name: "tensorflow-cpu",
        version: "2.15.1",
        tag: "manylinux2014_x86_64",
        bytes: 207_208_420,
        sha256: "54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26",
      },
      "linux-arm64": {
        name: "tensorflow-cpu-aws",
        version: "2.15.1",
        tag: "manylinux2014_aarch64",
        bytes: 211_874_120,
        sha256: "d4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e",
      },
    }),
};

const tfjsBinding = {
  /** Where tfjs-node's own installer gets the binding from. */
  storage: "https://storage.googleapis.com",
};

/** Lints the workflows of GitHub Actions; checksums as the release lists them. */
const actionlint = {
  version: "1.7.12",
  archives: /** @type {Record<string, Pinned>} */ ({
    "linux-x64": actionlintArchive(
      "linux_amd64",
      "8aca8db96f1b94770f1b0d72b6dddcb1ebb8123cb3712530b08cc387b349a3d8",
    ),
    "linux-arm64": actionlintArchive(
      "linux_arm64",
      "325e971b6ba9bfa504672e29be93c24981eeb1c07576d730e9f7c8805afff0c6",
    ),
    "darwin-x64": actionlintArchive(
      "darwin_amd64",
      "5b44c3bc2255115c9b69e30efc0fecdf498fdb63c5d58e17084fd5f16324c644",
    ),
    "darwin-arm64": actionlintArchive(
      "darwin_arm64",
      "aba9ced2dee8d27fecca3dc7feb1a7f9a52caefa1eb46f3271ea66b6e0e6953f",
    ),
  }),
};

/** What the test cluster is made of: Go modules, as the go.mod of each names them. */
const cluster = {
  kubernetes: "v1.36.3",
  coredns: "v1.15.0",
  metricsServer: "v0.9.0",
  /** MinIO's command line client. */
  mc: "v0.0.0-20250313080218-cf909e1063a9",
  /** Ours; a change of its source takes another number. */
  pause: "1",
};

/**
 * A definition of a kind, as a file of a Go module.
 * @typedef {{ module: string, version: string, file: string, sha256: string }} PinnedDefinition
 */

/** Kinds that are not Kubernetes' own, which manifests are checked against. */
const customResources = {
  inferenceService: {
    module: "github.com/kserve/kserve",
    version: "v0.20.0",
    file: "config/crd/full/serving.kserve.io_inferenceservices.yaml",
    sha256: "57c3bf13f77de94678bf2ae3748056ec071ad2b9e88d6a28f44fb4710758fcff",
  },
  httpRoute: {
    module: "sigs.k8s.io/gateway-api",
    version: "v1.4.0",
    file: "config/crd/standard/gateway.networking.k8s.io_httproutes.yaml",
    sha256: "c2539410dec72b793ef840f484c19d13b48210074ec801b730e9fce2c5fc825c",
  },
  serviceMonitor: {
    module: "github.com/prometheus-operator/prometheus-operator",
    version: "v0.85.0",
    file: "example/prometheus-operator-crd/monitoring.coreos.com_servicemonitors.yaml",
    sha256: "1dae27b7189b5ce7b9ab764656c18b4c75a45cde1e6f3af6a5e84c4317628919",
  },
};

export const pins = {
  node,
  go,
  pulumi,
  minio,
  libtensorflow,
  tfjsBinding,
  actionlint,
  cluster,
  customResources,
};

/** @typedef {typeof pins} Pins */

/** @param {string} platform @param {string} sha256 @returns {Pinned} */
function nodeArchive(platform, sha256) {
  return {
    url: `https://nodejs.org/dist/v24.21.0/node-v24.21.0-${platform}.tar.gz`,
    sha256,
  };
}

/** @param {string} platform @param {string} sha256 @returns {Pinned} */
function minioProgram(platform, sha256) {
  const release = "RELEASE.2025-09-07T16-13-09Z";
  return {
    url: `https://github.com/minio/minio/releases/download/${release}/minio.${platform}.${release}`,
    sha256,
  };
}

/** @param {string} platform @param {string} sha256 @returns {Pinned} */
function actionlintArchive(platform, sha256) {
  const releases = "https://github.com/rhysd/actionlint/releases/download";
  return { url: `${releases}/v1.7.12/actionlint_1.7.12_${platform}.tar.gz`, sha256 };
}
