import { z } from "zod";
import { type Finding, severityOf } from "../vulnerabilities/findings.ts";

/** A program that looks for vulnerabilities in images. */
export interface Scanner {
  readonly program: "grype" | "trivy";
  /** Arguments that make it print all that it finds in an image as JSON. */
  args(ref: string): readonly string[];
  /** @param where the name of the image in the report */
  parse(output: string, where: string): Finding[];
}

const GrypeReport = z.object({
  matches: z.array(
    z.object({
      vulnerability: z.object({
        id: z.string(),
        severity: z.string(),
        description: z.string().default(""),
        fix: z.object({ versions: z.array(z.string()).nullish() }).nullish(),
      }),
      artifact: z.object({ name: z.string(), version: z.string() }),
    }),
  ),
});

const TrivyReport = z.object({
  Results: z
    .array(
      z.object({
        Vulnerabilities: z
          .array(
            z.object({
              VulnerabilityID: z.string(),
              PkgName: z.string(),
              InstalledVersion: z.string(),
              FixedVersion: z.string().optional(),
              Severity: z.string(),
              Title: z.string().default(""),
            }),
          )
          .nullish(),
      }),
    )
    .nullish(),
});

/** @see https://oss.anchore.com/docs/reference/grype/cli */
const grype: Scanner = {
  program: "grype",
  args: (ref) => [`registry:${ref}`, "--output", "json", "--quiet"],
  parse: (output, where) =>
    GrypeReport.parse(JSON.parse(output)).matches.map(({ vulnerability, artifact }) => ({
      id: vulnerability.id,
      package: artifact.name,
      version: artifact.version,
      severity: severityOf(vulnerability.severity),
      title: firstLine(vulnerability.description),
      ...fixedIn(vulnerability.fix?.versions?.join(", ")),
      where,
    })),
};

/** @see https://trivy.dev/latest/docs/references/configuration/cli/trivy_image */
const trivy: Scanner = {
  program: "trivy",
  args: (ref) => [
    "image",
    "--image-src",
    "remote",
    "--scanners",
    "vuln",
    "--format",
    "json",
    "--quiet",
    ref,
  ],
  parse: (output, where) =>
    (TrivyReport.parse(JSON.parse(output)).Results ?? []).flatMap(({ Vulnerabilities }) =>
      (Vulnerabilities ?? []).map((found) => ({
        id: found.VulnerabilityID,
        package: found.PkgName,
        version: found.InstalledVersion,
        severity: severityOf(found.Severity),
        title: firstLine(found.Title),
        ...fixedIn(found.FixedVersion),
        where,
      })),
    ),
};

/** In the order of preference. */
export const scanners: readonly Scanner[] = [grype, trivy];

function fixedIn(version: string | undefined): Pick<Finding, "fixedIn"> {
  return version ? { fixedIn: version } : {};
}

/** At most 100 characters of it. */
function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
}
