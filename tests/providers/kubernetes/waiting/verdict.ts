import type { Severity } from "../../support/engine.ts";
import type { Kind } from "../objects/kind.ts";
import type { KubeObject } from "../objects/kube-object.ts";

/** What is known of an object that is waited for. */
export interface Observation {
  /** As it was last seen. */
  readonly object: KubeObject;
  /** As it was before the update; undefined for a new one. */
  readonly previous: KubeObject | undefined;
  /** Objects of other kinds in its namespace, by kind. */
  readonly related: (kind: string) => readonly KubeObject[];
  /** Whether what it settles by has been quiet for long enough; see `Readiness.settlesBy`. */
  readonly settled: boolean;
}

/** A line of status, shown at the resource. */
export interface StatusLine {
  readonly severity: Severity;
  readonly message: string;
}

/** Whether an object is as it should be. */
export interface Verdict {
  readonly ready: boolean;
  /** It will never be: the update fails at once. */
  readonly failed?: boolean;
  /** What is wrong, should the waiting end now. */
  readonly errors: readonly string[];
  readonly status: readonly StatusLine[];
}

/** How to tell that an object of a kind is ready. */
export interface Readiness {
  /** Kinds that have a say in it. */
  readonly related: readonly Kind[];
  readonly judge: (observation: Observation) => Verdict;
  /** Errors are collected as they come up, since they may be gone at the end. */
  readonly collectsErrors?: boolean;
  /** Whose changes have to come to rest first. */
  readonly settlesBy?: {
    readonly kind: string;
    readonly seconds: number;
    /** Of which objects, where not of all. */
    readonly named?: (object: KubeObject) => string;
    /** Settled after so long without any change at all. */
    readonly quietSeconds?: number;
  };
  /** Longest wait, where it is shorter than what the program allows. */
  readonly maxSeconds?: number;
  /** Not looked at by `refresh`. */
  readonly ignoredByRefresh?: boolean;
}

/** A line that only informs. */
export const info = (message: string): StatusLine => ({ severity: "info", message });
/** A line that warns. */
export const warning = (message: string): StatusLine => ({ severity: "warning", message });
