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
      logLevel: "info",
      databaseFile: "/var/lib/tracker.db",
      artifactsUri: "file:///var/lib/artifacts",
    });
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

  it("names every problem at once, with the value and what was expected", () => {
    expect(parse).toThrow(SettingsError);
    expect(parse).toThrow(
      [
        'PORT is "70000": expected a port from 0 to 65535',
        'DRAIN_SECONDS is "soon": expected seconds, at least 0',
        'LOG_LEVEL is "loud": Invalid option: expected one of "trace"|"debug"|"info"|"warn"|"error"|"fatal"|"silent"',
        'MLFLOW_BACKEND_STORE_URI is "sqlite:///relative.db": expected sqlite:////absolute/path/of/tracker.db (four slashes)',
        "MLFLOW_ARTIFACTS_DESTINATION: is missing; expected file:///absolute/folder",
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
