import { describe, expect, it } from "vitest";
import { modelSources } from "./model-sources.ts";

const digest = `sha256:${"1".repeat(64)}`;
const pin = { version: "3", uri: "file:///models/digits", digest };
const variables = {
  MODEL_NAME: "digits",
  MODEL_VERSION: "3",
  MODEL_URI: "file:///models/digits",
  MODEL_DIGEST: digest,
};
const list = (...entries: unknown[]) => modelSources({ MODELS: JSON.stringify(entries) });

describe("modelSources", () => {
  it("reads one model from variables of its own", () => {
    expect(modelSources(variables)).toEqual({
      sources: [{ name: "digits", ...pin, labels: [] }],
      problems: [],
    });
  });

  it("reads its candidate, in the shadow where nothing is said", () => {
    const candidate = {
      CANDIDATE_VERSION: "4",
      CANDIDATE_URI: "file:///models/four",
      CANDIDATE_DIGEST: digest,
    };
    const expected = { version: "4", uri: "file:///models/four", digest };
    expect(modelSources({ ...variables, ...candidate }).sources).toMatchObject([
      { candidate: { ...expected, mode: "shadow" } },
    ]);
    const asCanary = { CANDIDATE_MODE: "canary", CANDIDATE_SHARE: "0.25" };
    expect(modelSources({ ...variables, ...candidate, ...asCanary }).sources).toMatchObject([
      { candidate: { ...expected, mode: "canary", share: 0.25 } },
    ]);
  });

  it("reads several, pinned and followed", () => {
    const entries = [
      { name: "digits", ...pin, labels: ["champion"] },
      { name: "iris", alias: "champion" },
      { name: "old", stage: "Production" },
    ];
    expect(list(...entries)).toEqual({ sources: entries, problems: [] });
  });

  it("names every variable that is wrong or in the way", () => {
    const wrong = { MODEL_DIGEST: "x", CANDIDATE_URI: "file:///a", CANDIDATE_SHARE: "2" };
    const { problems } = modelSources({ ...variables, MODEL_NAME: "", ...wrong });
    expect(problems.map((problem) => problem.split(":")[0])).toEqual([
      "MODEL_NAME",
      "MODEL_DIGEST",
      "CANDIDATE_VERSION",
      "CANDIDATE_DIGEST",
      "CANDIDATE_SHARE",
    ]);
    expect(modelSources({ ...variables, MODEL_ALIAS: "champion" }).problems).toEqual([
      "MODEL_VERSION: an alias or a stage says what is served; leave it out",
      "MODEL_URI: an alias or a stage says what is served; leave it out",
      "MODEL_DIGEST: an alias or a stage says what is served; leave it out",
    ]);
  });

  it("says where in a list something is wrong", () => {
    expect(
      list(
        { name: "a b", ...pin },
        { name: "iris", alias: "x", stage: "y" },
        { name: "digits", ...pin, digset: 1 },
        { name: "c", alias: "x" },
        { name: "c", alias: "y" },
      ).problems,
    ).toEqual([
      "MODELS[0].name: expected letters, digits, dots, dashes, underscores",
      "MODELS[1]: expected an alias or a stage, not both",
      "MODELS[2].digset: there is no such setting; leave it out",
      'MODELS: "c" is there twice; expected each name once',
    ]);
    for (const MODELS of ["[", "{}", "[]"]) {
      expect(modelSources({ ...variables, MODELS }).problems).toEqual([
        ...["MODEL_NAME", "MODEL_VERSION", "MODEL_URI", "MODEL_DIGEST"].map(
          (name) => `${name}: MODELS says what is served; leave it out`,
        ),
        expect.stringMatching(/^MODELS: expected a list such as \[\{"name"/),
      ]);
    }
  });
});
