import type { Page } from "../search/page-token.ts";

/** What moved: an alias, or a version between MLflow's stages. */
export const promotionKinds = ["alias", "stage"] as const;
export type PromotionKind = (typeof promotionKinds)[number];

/** Why something moved, as far as the tracker can tell. */
export type PromotionCause =
  /** Somebody pointed the alias to the version, or put the version into the stage. */
  | "set"
  /** Somebody removed the alias. */
  | "removed"
  /** Another version took over the stage, and this one was archived. */
  | "archived"
  | "version-deleted"
  | "model-deleted"
  | "model-renamed";

/** Who moves something, and why, as the request says it. */
export interface Mover {
  /** The user who was authenticated; without authentication, the one that the request names. */
  readonly user?: string | undefined;
  /** The program, as it named itself. */
  readonly client?: string | undefined;
  /** In the caller's own words. */
  readonly reason?: string | undefined;
}

/** One move, kept for good. A version or stage that is left out means that there was none. */
export interface Promotion {
  /** Counts the moves, from 1. */
  readonly move_id: number;
  readonly kind: PromotionKind;
  /** The model's name now, or the last that it had. */
  readonly name: string;
  /** The model's name at that time. */
  readonly recorded_name: string;
  /** The alias that moved, if one did. */
  readonly alias?: string | undefined;
  /** A number as text; of a stage's move both are the version that moved. */
  readonly from_version?: string | undefined;
  readonly to_version?: string | undefined;
  readonly from_stage?: string | undefined;
  readonly to_stage?: string | undefined;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly user?: string | undefined;
  readonly client?: string | undefined;
  readonly cause: PromotionCause;
  readonly reason?: string | undefined;
  /** Tag `updraft.gate` of the version it moved to, or of that version's run, at that time. */
  readonly gate?: string | undefined;
  /** Tag `updraft.gate.table` likewise: the gate's rules with values and limits. */
  readonly gate_table?: string | undefined;
  /** Tag `updraft.digest` likewise: which bytes were promoted. */
  readonly digest?: string | undefined;
}

/** Every move that an alias or a version ever made. */
export interface PromotionStore {
  /**
   * The moves, the latest first; without a filter, those of all models. A model is found under
   * its name and under every name it had when something of it moved.
   */
  history(request: {
    readonly name?: string | undefined;
    readonly alias?: string | undefined;
    readonly kind?: PromotionKind | undefined;
    readonly max_results: number;
    readonly page_token?: string | undefined;
  }): Promise<Page<Promotion>>;
}
