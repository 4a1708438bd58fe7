/** What has become of one stack in a sweep. */
export interface SweptStack {
  readonly stack: string;
  readonly outcome:
    | "destroyed"
    /** In a dry run: it is to go. */
    | "would go"
    /** Its time is not over. */
    | "kept"
    /** As `kept`; that its pull request is open is not known. */
    | "unknown"
    /** Another update or sweep is at it. */
    | "held"
    /** It is to go, and is not to be touched, or not from here. */
    | "protected"
    | "elsewhere"
    /** Somebody else was faster. */
    | "gone"
    | "failed";
  readonly reason: string;
}

/** Outcomes that somebody has to look at. */
const failures: readonly SweptStack["outcome"][] = ["unknown", "failed"];

/** The exit code of a sweep: 1 if something has not come out as it should. */
export function exitCodeOf(swept: readonly SweptStack[]): number {
  return swept.some(({ outcome }) => failures.includes(outcome)) ? 1 : 0;
}

/** What a sweep has done, a line for each ephemeral stack. */
export function sweepReport(swept: readonly SweptStack[]): string {
  if (swept.length === 0) return "There are no ephemeral stacks.";
  const width = (key: "stack" | "outcome") => Math.max(...swept.map((one) => one[key].length));
  const [stacks, outcomes] = [width("stack"), width("outcome")];
  return swept
    .map(({ stack, outcome, reason }) => {
      return `${stack.padEnd(stacks)}  ${outcome.padEnd(outcomes)}  ${reason}`;
    })
    .join("\n");
}
