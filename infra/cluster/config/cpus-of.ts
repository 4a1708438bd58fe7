/**
 * CPUs of a machine of AWS by its size: `large` has 2, `xlarge` 4, `<n>xlarge` 4 times n; nothing
 * is known of others.
 */
export function cpusOf(machine: string): number | undefined {
  const match = /^[a-z0-9-]+\.(?:(large)|(\d*)xlarge)$/.exec(machine);
  if (!match) return undefined;
  return match[1] === undefined ? 4 * Number(match[2] || 1) : 2;
}
