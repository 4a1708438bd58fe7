/** What may be freed; whatever something alive refers to is kept all the same. */
export interface GcPolicy {
  /** Least time since it was deleted or, of what is freed by count, since it ended. */
  readonly olderThanMs: number;
  /** The newest runs of each experiment that are kept. @default all that are not deleted */
  readonly keepRuns?: number | undefined;
  /** The newest versions of each model that are kept. @default all */
  readonly keepVersions?: number | undefined;
  /** Only the runs of these experiments. @default of all */
  readonly experimentIds?: readonly string[] | undefined;
  /** Only the versions of these models. @default of all */
  readonly models?: readonly string[] | undefined;
}

const unitMs = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000 } as const;

/**
 * A duration as MLflow's `gc` has it, such as `30d`, `8h` or `2d8h5m20s`, in milliseconds.
 * @returns undefined if it is none
 */
export function parseDuration(text: string): number | undefined {
  const number = String.raw`\d{1,9}(?:\.\d{1,9})?`;
  const parts = new RegExp(
    `^(?:(?<d>${number})d)?(?:(?<h>${number})h)?(?:(?<m>${number})m)?(?:(?<s>${number})s)?$`,
  ).exec(text)?.groups;
  if (!parts || text === "") return undefined;
  return (["d", "h", "m", "s"] as const).reduce(
    (sum, unit) => sum + Math.round(Number(parts[unit] ?? 0) * unitMs[unit]),
    0,
  );
}
