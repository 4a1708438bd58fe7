import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { Outcome, type Release } from "@updraft/contracts/release";

/** Key of the ConfigMap that the trainer writes its outcome under. */
export const outcomeKey = "outcome.json";

/**
 * The release that a run has left.
 * @param configMap where it was read, for messages: `namespace/name`
 * @throws if there is none, with what to do
 */
export function releaseOf(
  configMap: string,
  data: Readonly<Record<string, string>> | undefined,
): Release {
  const text = data?.[outcomeKey];
  const again = "delete its Job, and the next update runs it again";
  if (text === undefined) {
    throw new Error(
      `ConfigMap ${configMap} has no ${outcomeKey}, which the trainer writes; ${again}`,
    );
  }
  const outcome = Outcome.safeParse(jsonIn(text));
  if (!outcome.success) {
    const problems = outcome.error.issues.map(
      ({ path, message }) => `${path.join(".") || "it"}: ${message}`,
    );
    throw new Error(
      `ConfigMap ${configMap}, ${outcomeKey} is no outcome of the trainer (${problems.join("; ")}); is the trainer's image of another version? If not, ${again}`,
    );
  }
  if (outcome.data.status === "failed") {
    throw new Error(`The trainer has failed: ${outcome.data.failure.message}`);
  }
  return outcome.data.release;
}
