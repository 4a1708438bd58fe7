import { describe, expect, it } from "vitest";
import { acquireSettings, debianMirror, debianSources } from "./machine-config.ts";

const official = [
  "deb http://deb.debian.org/debian bookworm main",
  "deb http://deb.debian.org/debian bookworm-updates main",
  "deb http://deb.debian.org/debian-security bookworm-security main",
  "",
].join("\n");

describe("debianSources", () => {
  it("takes Debian's own archives on a machine with others, or with none", () => {
    expect(debianSources([])).toBe(official);
    expect(debianSources(["deb http://archive.ubuntu.com/ubuntu noble main\n"])).toBe(official);
  });

  it("takes the mirrors of this machine, in either way of writing them", () => {
    const lines =
      "# deb http://old.example/debian bookworm main\ndeb https://one.example/debian/ bookworm main\n";
    const fields =
      "Types: deb\nURIs: https://two.example/debian-security\nSuites: bookworm-security\n";
    expect(debianSources([lines, fields])).toBe(
      [
        "deb https://one.example/debian bookworm main",
        "deb https://one.example/debian bookworm-updates main",
        "deb https://two.example/debian-security bookworm-security main",
        "",
      ].join("\n"),
    );
  });

  it("takes no mirror that wants a password", () => {
    expect(debianSources(["deb https://me:secret@one.example/debian bookworm main\n"])).toBe(
      official,
    );
  });

  it("names the mirror for debootstrap", () => {
    expect(debianMirror(official)).toBe("http://deb.debian.org/debian");
  });
});

describe("acquireSettings", () => {
  it("keeps proxies and what is not checked, and nothing secret", () => {
    const dump = [
      'APT::Architecture "amd64";',
      'Acquire::Check-Valid-Until "false";',
      'Acquire::http::Proxy "http://proxy.example:3128";',
      'Acquire::https::Proxy "http://me:secret@proxy.example:3128";',
      'Acquire::Retries "3";',
    ].join("\n");
    expect(acquireSettings(dump)).toBe(
      'Acquire::Check-Valid-Until "false";\nAcquire::http::Proxy "http://proxy.example:3128";\n',
    );
  });
});
