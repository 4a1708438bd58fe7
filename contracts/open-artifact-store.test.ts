import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { openArtifactStore } from "./open-artifact-store.ts";

const run = promisify(execFile);
const variables = { MLFLOW_TRACKING_URI: "http://127.0.0.1:5000/" };

const rootOf = (address: string) => openArtifactStore(address, variables).uri;

const opening = (address?: string) => () =>
  openArtifactStore("mlflow-artifacts:/a", { MLFLOW_TRACKING_URI: address });

describe("openArtifactStore", () => {
  it.each(["gs://bucket/prefix", "file://relative", "/tmp/x", ""])("refuses %j", (uri) => {
    expect(() => openArtifactStore(uri)).toThrow(`${uri} is not an artifact store: expected`);
  });

  it("opens what a tracker keeps", () => {
    expect(rootOf("mlflow-artifacts:/a%20b/c/")).toBe("mlflow-artifacts:/a%20b/c");
    expect(rootOf("mlflow-artifacts:///a")).toBe("mlflow-artifacts:/a");
    expect(rootOf("mlflow-artifacts://127.0.0.1:5000/a")).toBe("mlflow-artifacts:/a");
    expect(rootOf("mlflow-artifacts:/")).toBe("mlflow-artifacts:");
    expect(rootOf("mlflow-artifacts:")).toBe("mlflow-artifacts:");
  });

  it("sends nobody's password to a server that an address names", () => {
    expect(() => openArtifactStore("mlflow-artifacts://evil.example/a", variables)).toThrow(
      "mlflow-artifacts://evil.example/a is on another server than MLFLOW_TRACKING_URI (http://127.0.0.1:5000)",
    );
  });

  it.each(["mlflow-artifacts:/../a", "mlflow-artifacts:/%2e%2e/a", "mlflow-artifacts:/%zz"])(
    "refuses to leave the root: %s",
    (uri) => {
      expect(() => openArtifactStore(uri, variables)).toThrow(
        `${uri} is not an artifact store: expected mlflow-artifacts:/<path>`,
      );
    },
  );

  it("says what is wrong with the tracker's address, without its password", () => {
    expect(opening()).toThrow("MLFLOW_TRACKING_URI is not set: expected http://host:port");
    expect(opening("postgresql://me:secret@db/x")).toThrow(
      'MLFLOW_TRACKING_URI is "postgresql://db/x": expected http://host:port of the tracker',
    );
  });

  it("loads no client for S3 before a bucket is used", async () => {
    const module = JSON.stringify(new URL("open-artifact-store.ts", import.meta.url).href);
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ resolve(name, context, next) { loaded.push(name); return next(name, context); } });
      const { openArtifactStore } = await import(${module});
      const clients = () => loaded.filter((name) => name.startsWith("@aws-sdk/")).length;
      const bucket = openArtifactStore("s3://bucket", { S3_ENDPOINT_URL: "no address" });
      openArtifactStore("file:///tmp");
      console.log(clients());
      await bucket.read("a").catch(() => undefined);
      console.log(clients() > 0);`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script]);

    expect(stdout).toBe("0\ntrue\n");
  });
});
