import { z } from "zod";
import type { Finding } from "../vulnerabilities/findings.ts";
import { severityOf } from "../vulnerabilities/findings.ts";

const Advisory = z.object({
  source: z.union([z.int(), z.string()]),
  name: z.string(),
  title: z.string(),
  url: z.string(),
  severity: z.string(),
  range: z.string(),
});

const Report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({
      via: z.array(z.union([Advisory, z.string()])),
      fixAvailable: z.union([z.boolean(), z.object({ name: z.string(), version: z.string() })]),
    }),
  ),
});

/** What npm answers in place of a report. */
const Refusal = z.object({
  message: z.string().optional(),
  error: z.object({ code: z.string().nullish(), summary: z.string().nullish() }).optional(),
});

/** What an audit says: what was found, or why nothing can be said. */
export type Audit = { readonly findings: readonly Finding[] } | { readonly unavailable: string };

/**
 * Reads what `npm audit --json` prints. An advisory counts once for each package that has it,
 * whatever depends on that.
 */
export function parseAudit(text: string): Audit {
  const answer: unknown = text.trim() === "" ? {} : JSON.parse(text);
  const report = Report.safeParse(answer);
  if (!report.success) return { unavailable: reasonOf(answer) };
  const found = new Map<string, Finding>();
  for (const { via, fixAvailable } of Object.values(report.data.vulnerabilities)) {
    for (const advisory of via) {
      if (typeof advisory === "string") continue;
      const finding = findingOf(advisory, fixAvailable);
      found.set(`${finding.id} ${finding.package}`, finding);
    }
  }
  return { findings: [...found.values()] };
}

function findingOf(
  { source, name, title, url, severity, range }: z.infer<typeof Advisory>,
  fix: boolean | { readonly name: string; readonly version: string },
): Finding {
  const id = /GHSA-[\w-]+$/.exec(url)?.[0] ?? String(source);
  const fixedIn = typeof fix === "object" ? `${fix.name} ${fix.version}` : "npm audit fix";
  return {
    id,
    package: name,
    version: range,
    severity: severityOf(severity),
    title,
    ...(fix === false ? {} : { fixedIn }),
  };
}

function reasonOf(answer: unknown): string {
  const { message, error } = Refusal.parse(answer);
  return message ?? error?.summary ?? error?.code ?? "npm audit printed no report";
}
