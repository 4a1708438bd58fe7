import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { pythonWith, type PackageSet } from "./support/python.ts";
import type { ServerProcess } from "./support/process.ts";
import { runScript } from "./support/script.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";
import { startUpdraft } from "./support/trackers.ts";

const sets: readonly PackageSet[] = ["mlflow-skinny", "mlflow-2"];
const clients = await Promise.all(
  sets.map(async (set) => ({ set, python: await pythonWith(set) })),
);
const installed = clients.flatMap(({ set, python }) => (python ? [{ set, python }] : []));

const secrets = { ada: "the-secret-of-ada", bob: "the-secret-of-bob" };
const digest = `sha256:${createHash("sha256").update(secrets.ada).digest("hex")}`;

describe.each(installed)("credentials in MLflow's own variables, $set", ({ python }) => {
  let tracker: ServerProcess;
  let folder: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    const file = join(folder, "users.json");
    const users = [
      { name: "ada", access: "write", secrets: [digest] },
      { name: "bob", access: "read", secrets: [secrets.bob] },
    ];
    await writeFile(file, JSON.stringify({ users }), { mode: 0o600 });
    tracker = await startUpdraft(folder, { TRACKER_CREDENTIALS_FILE: file });
  });

  afterAll(() => tracker?.stop());

  const seenWith = (variables: Record<string, string>) =>
    runScript("access", {
      python,
      trackingUri: tracker.url,
      folder,
      // As many as without any setting: a refusal is not to be tried again.
      variables: { MLFLOW_HTTP_REQUEST_MAX_RETRIES: "7", ...variables },
    });
  const experiments = ["Default"];

  it("let a writer in by token", async () => {
    expect(await seenWith({ MLFLOW_TRACKING_TOKEN: secrets.ada })).toEqual({
      experiments,
      runs: 0,
      models: [],
      create: "RUNNING",
      artifact: "hello",
      promote: "1",
      "at once": true,
    });
    const headers = { authorization: `Bearer ${secrets.bob}` };
    const answer = await fetch(`${tracker.url}/api/2.0/updraft/promotions`, { headers });
    expect(await answer.json()).toMatchObject({
      promotions: [{ name: "digits", alias: "champion", to_version: "1", user: "ada" }],
    });
  });

  it("let a reader read by name and password, and refuse at once what writes", async () => {
    const variables = { MLFLOW_TRACKING_USERNAME: "bob", MLFLOW_TRACKING_PASSWORD: secrets.bob };
    const refused = "PERMISSION_DENIED";
    expect(await seenWith(variables)).toEqual({
      experiments,
      runs: 0,
      models: ["digits"],
      create: refused,
      artifact: refused,
      promote: refused,
      "at once": true,
    });
  });

  it.each<Record<string, string>>([{}, { MLFLOW_TRACKING_TOKEN: "the-secret-of-eve" }])(
    "refuse everybody else at once, as with %j",
    async (variables) => {
      const names = ["experiments", "runs", "models", "create", "artifact", "promote"];
      const refused = Object.fromEntries(names.map((name) => [name, "UNAUTHENTICATED"]));
      expect(await seenWith(variables)).toEqual({ ...refused, "at once": true });
    },
  );
});
