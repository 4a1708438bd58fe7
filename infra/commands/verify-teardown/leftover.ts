/** Something of a stack that is still there. */
export interface Leftover {
  /** `process`, `folder`, `stack`, `tag`, or an object's kind in its cluster: `ConfigMap`. */
  readonly kind: string;
  readonly name: string;
  /** What it has to do with the stack, and where it is. */
  readonly where: string;
  /** How it is removed: a command, or `goes with` something else that is left. */
  readonly remedy: string;
  /** Whether it may be about to go by itself. */
  readonly isGoing: boolean;
}

/** What has been found of a stack. */
export interface Findings {
  readonly leftovers: readonly Leftover[];
  /** What the configuration keeps on purpose. */
  readonly kept: readonly Leftover[];
  /** What could not be looked at, and why: sentences without a full stop. */
  readonly unseen: readonly string[];
}

/** Nothing is left, as far as these findings go. */
export const nothingFound: Findings = { leftovers: [], kept: [], unseen: [] };

/** The findings of several places as one. */
export function allFindings(findings: readonly Findings[]): Findings {
  return {
    leftovers: findings.flatMap(({ leftovers }) => leftovers),
    kept: findings.flatMap(({ kept }) => kept),
    unseen: findings.flatMap(({ unseen }) => unseen),
  };
}
