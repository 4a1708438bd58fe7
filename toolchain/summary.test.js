import { describe, expect, it } from "vitest";
import { summary } from "./summary.js";

/** @type {import("./summary.js").Outputs} */
const outputs = {
  url: "http://127.0.0.1:8080/",
  predictUrl: "http://127.0.0.1:8080/v1/models/digits:predict",
  trackerUrl: "http://127.0.0.1:5000/",
  model: { name: "digits", version: "3", digest: "sha256:1" },
  metrics: { accuracy: 0.98934 },
  gate: {
    verdict: "passed",
    rules: [
      { rule: "minAccuracy", value: 0.98934, limit: 0.98, verdict: "passed", reason: "enough" },
    ],
  },
};

describe("summary", () => {
  it("says where everything is, and how good it is", () => {
    expect(summary("dev", outputs)).toBe(`
The stack dev is up.

  page           http://127.0.0.1:8080/
  predict        http://127.0.0.1:8080/v1/models/digits:predict
  tracker        http://127.0.0.1:5000/
  model          digits version 3, accuracy 0.9893
  gate           passed
    rule         value    limit  verdict
    minAccuracy  0.98934  0.98   passed

  npm start      trains again, and rolls out what has changed
  npm run down   takes the stack down
`);
  });

  it("says where a promoted model comes from, and what comes next", () => {
    const release = { promotedFrom: { stack: "dev", version: "7" } };
    const text = summary("prod", { ...outputs, release });
    expect(text).toContain(`
  model          digits version 3, accuracy 0.9893
  promoted from  dev, version 7
`);
    expect(text).toContain("takes over what dev releases next, and rolls out what has changed");
  });

  it("says how to reach what only a cluster knows", () => {
    const inCluster = {
      ...outputs,
      url: "http://inference.updraft-team.svc.cluster.local",
      trackerUrl: "http://tracker.updraft-team.svc.cluster.local:5000",
    };
    expect(summary("team", inCluster)).toContain(`
  from here      kubectl --namespace updraft-team port-forward service/inference 8080:80
  from here      kubectl --namespace updraft-team port-forward service/tracker 5000
  model `);
  });

  it("says how to get at the token that predictions need, and not the token", () => {
    const text = summary("prod", { ...outputs, predictToken: "[secret]" });
    expect(text).toContain(`:predict
  with the token npm run -s pulumi -- stack output predictToken --show-secrets --stack prod
  tracker `);
    expect(summary("prod", { ...outputs, predictToken: null })).not.toContain("token");
  });

  it("names the stack in the commands if it is another one", () => {
    expect(summary("pr-1", outputs)).toContain("  npm run down -- --stack pr-1   takes");
  });
});
