import { describe, expect, it } from "vitest";
import { parseSettings, SettingsError } from "./settings.ts";

const least = {
  MLFLOW_BACKEND_STORE_URI: "sqlite:////var/lib/tracker.db",
  MLFLOW_ARTIFACTS_DESTINATION: "file:///var/lib/artifacts",
};

describe("parseSettings", () => {
  it("needs a database and a folder for artifacts, and has a default for the rest", () => {
    expect(parseSettings({ ...least, PATH: "/bin", PORT: "" })).toEqual({
      host: "127.0.0.1",
      port: 5000,
      drainSeconds: 10,
      lameDuckSeconds: 0,
      keepAliveSeconds: 5,
      startupWaitSeconds: 30,
      logLevel: "info",
      database: { kind: "sqlite", file: "/var/lib/tracker.db" },
      artifactsUri: "file:///var/lib/artifacts",
      publicS3Endpoint: undefined,
      presignedDownloadSeconds: 300,
      credentialsFile: undefined,
      anonymousAccess: "write",
      allowedHosts: ["localhost", "127.0.0.1", "[::1]"],
    });
  });

  it.each([
    [{ TRACKER_CREDENTIALS_FILE: "/etc/users.json", HOST: "0.0.0.0" }, "none", undefined],
    [{ TRACKER_CREDENTIALS_FILE: "/etc/users.json", TRACKER_ANONYMOUS_ACCESS: "read" }, "read"],
    [{ TRACKER_ANONYMOUS_ACCESS: "write", HOST: "::" }, "write", undefined],
    [
      { TRACKER_ANONYMOUS_ACCESS: "read", HOST: "127.0.0.2" },
      "read",
      ["localhost", "127.0.0.1", "[::1]", "127.0.0.2"],
    ],
    [{ MLFLOW_SERVER_ALLOWED_HOSTS: "a.example, b.*:5000" }, "write", ["a.example", "b.*:5000"]],
    [{ MLFLOW_SERVER_ALLOWED_HOSTS: "*" }, "write", undefined],
  ])("lets in with %j without credentials: %s", (given, anonymousAccess, ...hosts) => {
    const settings = parseSettings({ ...least, ...given });

    expect(settings.anonymousAccess).toBe(anonymousAccess);
    expect(settings.allowedHosts).toEqual(
      hosts.length > 0 ? hosts[0] : ["localhost", "127.0.0.1", "[::1]"],
    );
  });

  it.each([
    [
      { HOST: "0.0.0.0" },
      'HOST is "0.0.0.0": others can reach that address and could write and delete; set TRACKER_CREDENTIALS_FILE, or TRACKER_ANONYMOUS_ACCESS=write if something else keeps strangers out',
    ],
    [
      { TRACKER_ANONYMOUS_ACCESS: "none" },
      'TRACKER_ANONYMOUS_ACCESS is "none": nobody could do anything; set TRACKER_CREDENTIALS_FILE too',
    ],
    [
      { TRACKER_CREDENTIALS_FILE: "users.json" },
      'TRACKER_CREDENTIALS_FILE is "users.json": expected the absolute path of a file',
    ],
    [
      { TRACKER_ANONYMOUS_ACCESS: "all" },
      'TRACKER_ANONYMOUS_ACCESS is "all": expected "none", "read" or "write"',
    ],
    [
      { MLFLOW_SERVER_ALLOWED_HOSTS: "a b" },
      'MLFLOW_SERVER_ALLOWED_HOSTS is "a b": expected names, separated by commas; * stands for any part',
    ],
  ])("refuses %j", (given, message) => {
    expect(() => parseSettings({ ...least, ...given })).toThrow(new SettingsError(message));
  });

  it("takes what is given", () => {
    const given = { ...least, HOST: "::1", PORT: "0", DRAIN_SECONDS: "0.5", LOG_LEVEL: "debug" };

    expect(parseSettings(given)).toMatchObject({
      host: "::1",
      port: 0,
      drainSeconds: 0.5,
      logLevel: "debug",
    });
  });

  it("takes how long to wait at the start, and how to stop and keep connections in a cluster", () => {
    const given = { STARTUP_WAIT_SECONDS: "120", LAME_DUCK_SECONDS: "5", KEEP_ALIVE_SECONDS: "75" };

    expect(parseSettings({ ...least, ...given })).toMatchObject({
      startupWaitSeconds: 120,
      lameDuckSeconds: 5,
      keepAliveSeconds: 75,
    });
    expect(() => parseSettings({ ...least, KEEP_ALIVE_SECONDS: "0" })).toThrow(
      'KEEP_ALIVE_SECONDS is "0": expected seconds, at least 1',
    );
  });

  it("takes a bucket for artifacts, and the address under which clients reach it", () => {
    const bucket = {
      MLFLOW_ARTIFACTS_DESTINATION: "s3://my-bucket/some/prefix",
      S3_PUBLIC_ENDPOINT_URL: "https://s3.example.com",
      MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS: "60",
    };
    expect(parseSettings({ ...least, ...bucket })).toMatchObject({
      artifactsUri: "s3://my-bucket/some/prefix",
      publicS3Endpoint: "https://s3.example.com",
      presignedDownloadSeconds: 60,
    });
  });

  it.each([
    ["MLFLOW_ARTIFACTS_DESTINATION", "s3://Bucket/a", "expected file:///absolute/folder or s3://"],
    ["MLFLOW_ARTIFACTS_DESTINATION", "gs://bucket/a", "expected file:///absolute/folder or s3://"],
    ["S3_PUBLIC_ENDPOINT_URL", "s3.example.com", "expected http://host:port or https://host of"],
    ["MLFLOW_PRESIGNED_DOWNLOAD_URL_TTL_SECONDS", "0", "expected seconds from 1 to 604800"],
  ])("refuses %s=%s", (name, value, message) => {
    expect(() => parseSettings({ ...least, [name]: value })).toThrow(
      `${name} is "${value}": ${message}`,
    );
  });

  it("names every problem at once, with the value and what was expected", () => {
    expect(parse).toThrow(SettingsError);
    expect(parse).toThrow(
      [
        'PORT is "70000": expected a port from 0 to 65535',
        'DRAIN_SECONDS is "soon": expected seconds, at least 0',
        'LOG_LEVEL is "loud": Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent"',
        'MLFLOW_BACKEND_STORE_URI is "sqlite:///relative.db": expected sqlite:////absolute/path/of/tracker.db (four slashes) or postgresql://user:password@host:port/database',
        "MLFLOW_ARTIFACTS_DESTINATION: is missing; expected file:///absolute/folder or s3://bucket/prefix",
      ].join("\n"),
    );
  });
});

function parse(): unknown {
  return parseSettings({
    PORT: "70000",
    DRAIN_SECONDS: "soon",
    LOG_LEVEL: "loud",
    MLFLOW_BACKEND_STORE_URI: "sqlite:///relative.db",
  });
}
