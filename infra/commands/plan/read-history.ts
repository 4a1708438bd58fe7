import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { z } from "zod";

const Entry = z.object({
  kind: z.string(),
  result: z.string(),
  startTime: z.iso.datetime({ offset: true }),
  /** Not of one that is under way. */
  endTime: z.iso.datetime({ offset: true }).optional(),
  config: z.record(z.string(), z.object({ value: z.string().optional() })).default({}),
  resourceChanges: z.record(z.string(), z.number()).nullish(),
});

/** How the release of an update came about, as its configuration says. */
export type Mode = "training" | "promotion" | "rollback";

/** An update, preview, refresh or destruction that has been. */
export interface HistoryEntry {
  /** `update`, `destroy`, `refresh` and such. */
  readonly kind: string;
  /** `succeeded`, `failed` or `in-progress`. */
  readonly result: string;
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  readonly target: "local" | "kubernetes";
  readonly mode: Mode;
  readonly retrain: "always" | "on-change";
  /** How many resources were made anew. */
  readonly made: number;
}

/**
 * Reads what `pulumi stack history --json` prints: the newest first.
 * @throws if it is something else
 */
export function parseHistory(text: string): HistoryEntry[] {
  return z.array(Entry).parse(jsonIn(text)).map(historyEntry);
}

function historyEntry({ config, ...entry }: z.infer<typeof Entry>): HistoryEntry {
  const chapter = (name: string) => config[`updraft:${name}`]?.value;
  const changes = entry.resourceChanges ?? {};
  return {
    kind: entry.kind,
    result: entry.result,
    startedAt: entry.startTime,
    endedAt: entry.endTime,
    target: chapter("target") === "kubernetes" ? "kubernetes" : "local",
    mode: modeOf(fieldsOf(chapter("inference")), fieldsOf(chapter("promotion"))),
    retrain: fieldsOf(chapter("model"))?.["retrain"] === "on-change" ? "on-change" : "always",
    made: ["create", "replace", "create-replacement"].reduce(
      (sum, op) => sum + (changes[op] ?? 0),
      0,
    ),
  };
}

type Fields = Readonly<Record<string, unknown>> | undefined;

function modeOf(inference: Fields, promotion: Fields): Mode {
  if (inference?.["pin"] !== undefined) return "rollback";
  return promotion && promotion["policy"] !== "retrain" ? "promotion" : "training";
}

function fieldsOf(value: string | undefined): Fields {
  return z.record(z.string(), z.unknown()).safeParse(jsonIn(value ?? "")).data;
}
