/** A problem that the user can solve; it is shown without a stack trace. */
export class ClusterError extends Error {
  override readonly name = "ClusterError";
}

const startedAt = performance.now();

/** Tells on standard error what is done, with the seconds since the start. */
export function say(text: string): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stderr.write(`  ${seconds.padStart(6)} s  ${text}\n`);
}
