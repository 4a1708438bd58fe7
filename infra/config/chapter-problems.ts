import type { Config, KubernetesConfig, LocalConfig } from "./config.ts";

/**
 * What the chapters of a configuration say against each other.
 * @param prefix of the keys: `updraft:`
 * @param raw the configuration before defaults
 */
export function chapterProblems(
  prefix: string,
  config: Config,
  raw: Readonly<Record<string, unknown>>,
): string[] {
  const ofTarget =
    config.target === "local"
      ? localProblems(prefix, config, raw)
      : kubernetesProblems(prefix, config, raw);
  return [...ofTarget, ...releaseProblems(prefix, config, raw)];
}

/** Where the release comes from says which settings of a training count. */
function releaseProblems(
  prefix: string,
  { inference, promotion }: Config,
  raw: Readonly<Record<string, unknown>>,
): string[] {
  const problems: string[] = [];
  if (inference.pinReason !== undefined && inference.pin === undefined) {
    problems.push(
      `${prefix}inference.pinReason does nothing without ${prefix}inference.pin; set both, or remove it`,
    );
  }
  if (promotion === undefined) return problems;
  const settings = ["hyperparameters", "seed", "sweep", "warmStart"];
  if (promotion.policy === "copy") settings.push("retrain");
  for (const key of settings) {
    if (!hasKey(raw["model"], key)) continue;
    problems.push(
      `${prefix}model.${key} does nothing: with ${prefix}promotion the release of ${promotion.fromStack} brings its own; remove one of the two`,
    );
  }
  return problems;
}

function localProblems(
  prefix: string,
  { inference, tracker }: LocalConfig,
  raw: Readonly<Record<string, unknown>>,
): string[] {
  if (tracker.uri !== undefined) {
    return hasKey(raw["tracker"], "port")
      ? [
          `${prefix}tracker.port and ${prefix}tracker.uri: with the address of a tracker that is there none is started; remove one of the two`,
        ]
      : [];
  }
  if (inference.port !== tracker.port) return [];
  return [
    `${prefix}inference.port and ${prefix}tracker.port are both ${tracker.port}; give each service its own port`,
  ];
}

function kubernetesProblems(
  prefix: string,
  config: KubernetesConfig,
  raw: Readonly<Record<string, unknown>>,
): string[] {
  return [
    ...datasetProblems(prefix, config),
    ...imageProblems(prefix, config),
    ...pairProblems(prefix, config),
    ...unusedProblems(prefix, config, raw),
  ];
}

/** Without it the network policy of the training's pod lets no request out. */
function datasetProblems(prefix: string, { model, training }: KubernetesConfig): string[] {
  if (training.internet || !model.dataset?.startsWith("https:")) return [];
  return [
    `${prefix}model.dataset is on the web, which the training's pod may not reach; set ${prefix}training.internet to true, or name a dataset of the model or of a bucket (s3://)`,
  ];
}

function imageProblems(prefix: string, { images, tracker }: KubernetesConfig): string[] {
  if (tracker.uri === undefined && tracker.kind === "mlflow" && images.mlflow === undefined) {
    // Only those images have the drivers of Postgres and S3, and nobody publishes their digests.
    return [
      `${prefix}tracker.kind mlflow needs ${prefix}images.mlflow, an image of MLflow's with the drivers of Postgres and S3 by its digest, such as ghcr.io/mlflow/mlflow:v3.15.1-full@sha256:…; docker buildx imagetools inspect <image> tells it`,
    ];
  }
  if (images.registry !== undefined) return [];
  const needed = ["trainer", "server"] as ("trainer" | "server" | "tracker")[];
  if (tracker.uri === undefined && tracker.kind === "updraft") needed.push("tracker");
  const missing = needed.filter((name) => images[name] === undefined);
  if (missing.length === 0) return [];
  return [
    `${prefix}images: ${missing.join(", ")} can neither be built nor taken; set ${prefix}images.registry to a registry that the nodes pull from, or name each image by its digest`,
  ];
}

function pairProblems(prefix: string, config: KubernetesConfig): string[] {
  const pairs = [
    ["registryUsername", "registryPassword"],
    ["s3AccessKeyId", "s3SecretAccessKey"],
  ] as const;
  return pairs.flatMap(([one, other]) => {
    if ((config[one] === undefined) === (config[other] === undefined)) return [];
    const [there, missing] = config[one] === undefined ? [other, one] : [one, other];
    return [`${prefix}${there} needs ${prefix}${missing} too`];
  });
}

/** Keys that would do nothing beside others: whoever sets them expects something. */
function unusedProblems(
  prefix: string,
  config: KubernetesConfig,
  raw: Readonly<Record<string, unknown>>,
): string[] {
  const problems: string[] = [];
  const unused = (key: string, because: string) =>
    problems.push(`${prefix}${key} does nothing: ${because}; remove one of the two`);
  const { store, tracker, gpu, images } = config;
  if (config.s3AccessKeyId !== undefined && store.s3 === undefined) {
    unused("s3AccessKeyId", `without ${prefix}store.s3 the stack makes its own store and keys`);
  }
  if (config.s3AccessKeyId !== undefined && store.s3?.roleArn !== undefined) {
    unused("s3AccessKeyId", `with ${prefix}store.s3.roleArn the pods take a role`);
  }
  if (store.s3 !== undefined && hasKey(raw["store"], "storage")) {
    unused("store.storage", `with ${prefix}store.s3 the stack makes no volume for a store`);
  }
  if (tracker.uri !== undefined) {
    for (const key of ["kind", "replicas", "database", "ingress", "resources"]) {
      if (hasKey(raw["tracker"], key)) {
        unused(`tracker.${key}`, `with ${prefix}tracker.uri none is started`);
      }
    }
    if (config.databaseUri !== undefined) {
      unused("databaseUri", `with ${prefix}tracker.uri no tracker of the stack needs one`);
    }
  }
  if (tracker.uri === undefined && tracker.kind === "mlflow") {
    for (const key of ["trackerToken", "trackerUsername"] as const) {
      if (config[key] === undefined) continue;
      unused(key, `with ${prefix}tracker.kind mlflow the tracker asks for no credentials`);
    }
  }
  if (config.databaseUri !== undefined && hasKey(raw["tracker"], "database")) {
    unused("tracker.database", `with ${prefix}databaseUri the stack makes no database`);
  }
  if (images.trainerTarget === "gpu" && gpu === undefined) {
    unused("images.trainerTarget", `without ${prefix}gpu the training gets no GPU`);
  }
  return problems;
}

function hasKey(value: unknown, key: string): boolean {
  return typeof value === "object" && value !== null && key in value;
}
