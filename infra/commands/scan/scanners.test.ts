import { describe, expect, it } from "vitest";
import { scanners } from "./scanners.ts";

const [grype, trivy] = scanners;

function match(id: string, severity: string, versions: string[]) {
  return {
    vulnerability: {
      id,
      severity,
      description: `about ${id}\nmore`,
      fix: { versions, state: "x" },
    },
    artifact: { name: "libssl3", version: "3.0.17", type: "deb" },
  };
}

describe("what grype prints", () => {
  it("becomes findings", () => {
    const report = {
      matches: [match("CVE-1", "High", ["3.0.18"]), match("CVE-2", "Negligible", [])],
    };
    expect(grype?.parse(JSON.stringify(report), "server")).toEqual([
      {
        id: "CVE-1",
        package: "libssl3",
        version: "3.0.17",
        severity: "high",
        title: "about CVE-1",
        fixedIn: "3.0.18",
        where: "server",
      },
      {
        id: "CVE-2",
        package: "libssl3",
        version: "3.0.17",
        severity: "low",
        title: "about CVE-2",
        where: "server",
      },
    ]);
  });
});

describe("what trivy prints", () => {
  it("becomes findings", () => {
    const vulnerability = {
      VulnerabilityID: "CVE-1",
      PkgName: "libssl3",
      InstalledVersion: "3.0.17",
      FixedVersion: "3.0.18",
      Severity: "CRITICAL",
      Title: "x".repeat(200),
    };
    const report = {
      Results: [{ Target: "os", Vulnerabilities: [vulnerability] }, { Target: "npm" }],
    };
    expect(trivy?.parse(JSON.stringify(report), "server")).toEqual([
      {
        id: "CVE-1",
        package: "libssl3",
        version: "3.0.17",
        severity: "critical",
        title: `${"x".repeat(99)}…`,
        fixedIn: "3.0.18",
        where: "server",
      },
    ]);
    expect(trivy?.parse("{}", "server")).toEqual([]);
  });
});

it("asks for all that is found, of the image in its registry", () => {
  expect(grype?.args("r/x@sha256:a")).toEqual([
    "registry:r/x@sha256:a",
    "--output",
    "json",
    "--quiet",
  ]);
  expect(trivy?.args("r/x@sha256:a").at(-1)).toBe("r/x@sha256:a");
});
