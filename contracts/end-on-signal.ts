import { constants } from "node:os";

const signals = ["SIGTERM", "SIGINT"] as const;

/**
 * Lets signals end this process as they do by default, but not the first process of a container:
 * that one would have to be killed while it waits for something.
 * @returns what leaves signals to whoever listens to them from then on
 */
export function endOnSignal(): () => void {
  if (process.pid !== 1) return () => undefined;
  for (const signal of signals) process.on(signal, endAtOnce);
  return () => {
    for (const signal of signals) process.off(signal, endAtOnce);
  };
}

function endAtOnce(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}
