import { model } from "@updraft/models/digits";
import { describe, expect, it } from "vitest";
import { flagOf } from "./given.ts";
import { generalOptions, hyperparameterOptions } from "./options.ts";
import { outcomePlacesOf, parseSettings, SettingsError } from "./settings.ts";

const parse = (flags: string[], variables: Record<string, string> = {}) =>
  parseSettings({ flags, variables }, "/project");

async function problemsOf(flags: string[], variables: Record<string, string> = {}) {
  const error: unknown = await parse(flags, variables).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  return error instanceof SettingsError ? error.problems : error;
}

// Which ones there are, the test of the help says.
const everyFlag = [...generalOptions, ...hyperparameterOptions(model)]
  .flatMap((option) => flagOf(option) ?? [])
  .join(", ");
const everyHyperparameter = Object.keys(model.hyperparameters.shape).join(", ");

describe("parseSettings", () => {
  it("fills everything in when nothing is given", async () => {
    const { definition, ...settings } = await parse([]);
    expect(definition.name).toBe("digits");
    expect(settings).toEqual({
      dataset: "mnist-10k",
      seed: 1,
      hyperparameters: definition.hyperparameters.parse({}),
      gate: definition.defaults.gate,
      quality: {},
      log: false,
      json: false,
      resume: "auto",
      warmStart: "none",
      outagePatience: 60,
      python: "python3",
      experiment: "digits",
      storeUri: "file:///project/.updraft/trainer",
      trackingUri: undefined,
      stack: undefined,
      accelerator: "auto",
    });
  });

  it("prefers flags to variables", async () => {
    const variables = {
      TRAINER_DATASET: "mnist",
      TRAINER_SEED: "4",
      TRAINER_GATE: '{"minAccuracy": 0.5}',
      TRAINER_EXPERIMENT: "from-variable",
      TRAINER_STORE_URI: "file:///store",
      MLFLOW_TRACKING_URI: "http://localhost:5000",
      TRAINER_STACK: "dev",
    };
    expect(await parse([], variables)).toMatchObject({
      dataset: "mnist",
      seed: 4,
      gate: { minAccuracy: 0.5 },
      experiment: "from-variable",
      storeUri: "file:///store",
      trackingUri: "http://localhost:5000",
      stack: "dev",
    });
    const flags = ["--dataset", "mnist-10k", "--seed=5", "--gate", "{}", "--experiment=flag"];
    expect(await parse(flags, variables)).toMatchObject({
      dataset: "mnist-10k",
      seed: 5,
      gate: {},
      experiment: "flag",
    });
  });

  it("takes hyperparameters one by one before those given together, and flags before all", async () => {
    const variables = {
      TRAINER_HYPERPARAMETERS: '{"epochs": 1, "batchSize": 1, "units": 1, "filters": 1}',
      TRAINER_BATCH_SIZE: "2",
      TRAINER_UNITS: "2",
      TRAINER_FILTERS: "2",
    };
    const flags = ["--hyperparameters", '{"units": 3, "filters": 3}', "--filters", "4"];
    const { hyperparameters } = await parse(flags, variables);
    expect(hyperparameters).toMatchObject({ epochs: 1, batchSize: 2, units: 3, filters: 4 });
  });

  it("treats an empty variable as one that is not set", async () => {
    expect(await parse([], { TRAINER_SEED: "", MLFLOW_TRACKING_URI: "" })).toMatchObject({
      seed: 1,
      trackingUri: undefined,
    });
  });

  it("takes the address of a dataset, and says what is wrong with one", async () => {
    for (const dataset of ["https://host/iris/", "s3://bucket/iris", "file:///data"]) {
      expect(await parse(["--dataset", dataset])).toMatchObject({ dataset });
    }
    expect(await problemsOf(["--dataset", "http://host/iris/"])).toEqual([
      "--dataset http://host/iris/: expected https://; http:// is for this machine alone (127.0.0.1, localhost)",
    ]);
  });

  it("reports every problem at once, each with its place, value and rule", async () => {
    const flags = ["--epochs", "many", "--units", "-1", "--foo", "x", "bar", "--gate"];
    const variables = {
      TRAINER_HYPERPARAMETERS: '{"layers": 3}',
      TRAINER_DATASET: "cifar",
      TRAINER_SEED: "-1",
      TRAINER_STACK: "dev/eu",
      TRAINER_STORE_URI: "ftp://store",
      MLFLOW_TRACKING_URI: "localhost:5000",
    };
    expect(await problemsOf(flags, variables)).toEqual([
      `--foo: there is no such flag; the flags are ${everyFlag}`,
      "bar: not expected here; settings are flags such as --epochs 5",
      "--gate: expected a value after it",
      "TRAINER_DATASET cifar: digits has no such dataset; it has mnist-10k, mnist, file:///<folder>, https://<host>/<folder>/, s3://<bucket>/<folder>",
      "TRAINER_SEED -1: Too small: expected number to be >=0",
      "--epochs many: Invalid input: expected number, received string",
      "--units -1: Too small: expected number to be >=1",
      `TRAINER_HYPERPARAMETERS layers: digits has no such hyperparameter; it has ${everyHyperparameter}`,
      "TRAINER_STORE_URI ftp://store: ftp://store is not an artifact store: expected file:///<absolute folder>, s3://<bucket>/<prefix> or mlflow-artifacts:/<path>",
      "MLFLOW_TRACKING_URI localhost:5000: expected http://host:port or https://host",
      "TRAINER_STACK dev/eu: expected 1 to 100 letters, digits, '_', '-' and '.'",
    ]);
  });

  it("takes limits of the data's checks, and names the checks when there is no such one", async () => {
    const flags = ["--quality", '{"drift": 2, "leakage": {"warn": 0}}'];
    expect((await parse(flags)).quality).toEqual({ drift: { fail: 2 }, leakage: { warn: 0 } });
    expect(await problemsOf([], { TRAINER_QUALITY: '{"drif": 1, "drift": "much"}' })).toEqual([
      'TRAINER_QUALITY drift: expected a number from 0 on, or an object such as {"warn": 0.01, "fail": 0.1}',
      "TRAINER_QUALITY drif: there is no such check; the checks are missing, outOfRange, perClass, imbalance, duplicates, conflicts, leakage, drift",
    ]);
  });

  it("knows a switch by its flag alone", async () => {
    expect(await parse(["--json", "--seed", "2"])).toMatchObject({ json: true, seed: 2 });
    expect(await parse(["--json=false"], { TRAINER_JSON: "true" })).toMatchObject({ json: false });
    expect(await problemsOf(["--json=perhaps"])).toEqual([
      "--json perhaps: Invalid input: expected boolean, received string",
    ]);
  });

  it("names the gate's rules when there is no such rule", async () => {
    expect(await problemsOf([], { TRAINER_GATE: '{"minAcuracy": 0.9, "minF1": 2}' })).toEqual([
      "TRAINER_GATE minF1: Too big: expected number to be <=1",
      "TRAINER_GATE minAcuracy: there is no such rule; the rules are minAccuracy, minF1, minPrecision, minRecall, minRocAuc, maxLogLoss, maxCalibrationError, minRecallPerClass, minRecallOf, minAccuracyPerSlice, minR2, maxRmse, maxMae, maxError, maxRmsePerSlice, maxRegression, maxRegressionPerClass, minImprovement, maxLatencyP95Ms, minThroughputPerSecond, maxSizeBytes, maxDataWarnings, maxDrift, decideOn",
    ]);
  });

  it("asks for an object where one is expected", async () => {
    expect(await problemsOf(["--hyperparameters", "[1]", "--gate", "0.9"])).toEqual([
      '--hyperparameters [1]: expected an object such as {"epochs": 5}',
      "--gate 0.9: Invalid input: expected object, received number",
    ]);
  });

  it("lists what a hyperparameter may be chosen from", async () => {
    const variables = { TRAINER_OPTIMIZER: "adagrad", TRAINER_CLASS_WEIGHTS: "balanced" };
    expect(await problemsOf(["--schedule", "stairs", "--loss", "huber"], variables)).toEqual([
      "TRAINER_OPTIMIZER adagrad: expected one of sgd, momentum, rmsprop, adam, adamw",
      "--schedule stairs: expected one of constant, step, cosine, oneCycle, reduceOnPlateau",
      "--loss huber: expected one of crossEntropy, focal",
    ]);
  });

  it("lists the models when there is none of the name", async () => {
    expect(await problemsOf(["--model", "cats"])).toEqual([
      "--model cats: there is no such model; there are digits, iris",
    ]);
    expect(await problemsOf([], { TRAINER_MODEL: "../digits" })).toEqual([
      "TRAINER_MODEL ../digits: there is no such model; there are digits, iris",
    ]);
  });
});

describe("parseSettings of a sweep", () => {
  const sweep = { strategy: "grid", parameters: { units: [16, 32], dropout: [0.1] } };

  it("plans its trials", async () => {
    const flags = ["--sweep", JSON.stringify(sweep), "--sweep-id", "s1", "--trial", "1"];
    expect(await parse(flags)).toMatchObject({
      sweep: { ...sweep, parallelism: 1, metric: "val_accuracy", seed: 1 },
      sweepId: "s1",
      trialIndex: 1,
      trials: [
        { dropout: 0.1, units: 16 },
        { dropout: 0.1, units: 32 },
      ],
    });
  });

  it("takes trials that are listed as they are", async () => {
    const trials = [{ units: 8 }, { units: 9, epochs: 2 }];
    const settings = await parse([], {
      TRAINER_SWEEP: JSON.stringify(sweep),
      TRAINER_SWEEP_TRIALS: JSON.stringify(trials),
      JOB_COMPLETION_INDEX: "0",
    });
    expect(settings).toMatchObject({ trials, trialIndex: 0 });
  });

  it("reports each wrong value once, and what there is no hyperparameter for", async () => {
    const parameters = { units: [16, 0], layers: [1, 2], epochs: ["x"] };
    const wrong = JSON.stringify({ ...sweep, parameters });
    expect(await problemsOf([], { TRAINER_SWEEP: wrong })).toEqual([
      'TRAINER_SWEEP parameters epochs "x": Invalid input: expected number, received string',
      `TRAINER_SWEEP parameters layers: digits has no such hyperparameter; it has ${everyHyperparameter}`,
      "TRAINER_SWEEP parameters units 0: Too small: expected number to be >=1",
    ]);
    expect(await problemsOf(["--sweep-trials", '[{"units": 8}, {"units": -1}]'])).toEqual([
      "--sweep-trials 1 units -1: Too small: expected number to be >=1",
    ]);
  });

  it("says what is wrong with the sweep itself", async () => {
    const range = { units: { min: 4, max: 4 } };
    const wrong = JSON.stringify({ ...sweep, parallelism: 0, parameters: range, every: 1 });
    expect(await problemsOf(["--sweep", wrong, "--sweep-id", "a b", "--trial", "-1"])).toEqual([
      "--sweep parallelism: Too small: expected number to be >=1",
      "--sweep parameters units max: 4 is not above min, which is 4",
      "--sweep every: there is no such key; the keys are strategy, trials, parallelism, parameters, metric, seed",
      "--sweep parameters units: a grid needs a list of values; draw from ranges with the strategy random",
      "--sweep-id a b: expected 1 to 100 letters, digits, '_', '-' and '.'",
      "--trial -1: Too small: expected number to be >=0",
    ]);
    const few = { strategy: "random", trials: 9, parameters: { units: [1, 2] } };
    expect(await problemsOf(["--sweep", JSON.stringify(few)])).toEqual([
      "--sweep trials 9: the parameters give 2 different trials; lower trials, or give more values",
    ]);
  });
});

describe("parseSettings of a promotion", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const release = {
    model: "digits",
    version: "3",
    digest,
    uri: "s3://dev/models/digits/aaaa",
    runId: "run",
    datasetDigest: digest,
    metrics: {},
    gate: { verdict: "passed", rules: [] },
  };
  const secret = '{"AWS_SECRET_ACCESS_KEY": "hidden"}';

  it("takes a release, what its store is reached with, and where it is bundled", async () => {
    const source = { stack: "dev", release };
    const flags = ["--source", JSON.stringify(source), "--source-bundle", "bundle"];
    expect(await parse(flags, { TRAINER_SOURCE_VARIABLES: secret })).toMatchObject({
      source,
      sourceVariables: { AWS_SECRET_ACCESS_KEY: "hidden" },
      sourceBundle: "/project/bundle",
    });
  });

  it("takes what to roll back to, and why", async () => {
    const variables = { TRAINER_PIN: digest, TRAINER_REASON: "it is slow" };
    expect(await parse(["--pin", "3"], variables)).toMatchObject({
      pin: "3",
      reason: "it is slow",
    });
    expect(await problemsOf(["--pin", "0", "--reason="])).toEqual([
      "--pin 0: expected a version such as 3, or sha256: and 64 hexadecimal digits",
      "--reason: Too small: expected string to have >=1 characters",
    ]);
  });

  it("says what is wrong with a release, place by place", async () => {
    const wrong = { stack: "", release: { ...release, version: "v3" } };
    expect(await problemsOf(["--source", JSON.stringify(wrong)])).toEqual([
      "--source stack: Too small: expected string to have >=1 characters",
      "--source release version: Invalid string: must match pattern /^[1-9]\\d*$/",
    ]);
  });

  it("shows a secret to nobody, and takes it only from where arguments are not seen", async () => {
    expect(await problemsOf([], { TRAINER_SOURCE_VARIABLES: "hidden" })).toEqual([
      "TRAINER_SOURCE_VARIABLES: Invalid input: expected record, received string",
    ]);
    expect(await problemsOf([], { TRAINER_SOURCE_VARIABLES: '{"KEY": 17}' })).toEqual([
      "TRAINER_SOURCE_VARIABLES KEY: Invalid input: expected string, received number",
    ]);
    expect(await problemsOf(["--source-variables", secret])).toEqual([
      `--source-variables: there is no such flag; the flags are ${everyFlag}`,
    ]);
  });
});

describe("outcomePlacesOf", () => {
  it("finds them whatever else is wrong, files from the working directory", () => {
    const flags = ["--epochs", "many"];
    const variables = {
      TRAINER_OUTCOME_FILE: "out/outcome.json",
      TRAINER_OUTCOME_CONFIG_MAP: "training-1-release",
      TRAINER_TERMINATION_LOG: "/dev/termination-log",
    };
    const places = outcomePlacesOf({ flags, variables }, "/project");
    expect(places).toEqual({
      file: "/project/out/outcome.json",
      configMap: "training-1-release",
      terminationLog: "/dev/termination-log",
      json: false,
    });
    const outcome = ["--outcome", "/o.json"];
    expect(outcomePlacesOf({ flags: outcome, variables }, "/project").file).toBe("/o.json");
    expect(outcomePlacesOf({ flags, variables: {} }, "/project").file).toBeUndefined();
  });
});
