import type { Transaction } from "kysely";
import type { Mover, PromotionCause } from "../promotions.ts";
import { nextNumber } from "./next-number.ts";
import type { PromotionsTable, TrackerDatabase } from "./schema.ts";

type Trx = Transaction<TrackerDatabase>;

/** Stages from which something may serve; to leave one by deletion is a move too. */
const servingStages = ["Staging", "Production"];

/** A move of an alias; null is nowhere. */
interface AliasMove {
  readonly name: string;
  readonly alias: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly cause: PromotionCause;
}

/** A version that goes from one stage to another; null is none, because the version is deleted. */
interface StageMove {
  readonly name: string;
  readonly version: number;
  readonly from: string;
  readonly to: string | null;
  readonly cause: PromotionCause;
}

/** Keeps a move of an alias; the transaction must hold the lock of the model. */
export async function recordAliasMove(
  trx: Trx,
  { name, alias, from, to, cause }: AliasMove,
  mover: Mover,
): Promise<void> {
  const move = { kind: "alias", name, recorded_name: name, alias, cause } as const;
  await insert(trx, { ...move, from_version: from, to_version: to }, mover);
}

/**
 * Keeps a transition of a version between stages; nothing if it stays where it is. The
 * transaction must hold the lock of the model.
 */
export async function recordStageMove(
  trx: Trx,
  { name, version, from, to, cause }: StageMove,
  mover: Mover,
): Promise<void> {
  if (from === to) return;
  const move = { kind: "stage", name, recorded_name: name, cause } as const;
  const versions = { from_version: version, to_version: to === null ? null : version };
  await insert(trx, { ...move, ...versions, from_stage: from, to_stage: to }, mover);
}

/** Keeps that versions leave the stages from which they may serve, because they are deleted. */
export async function recordStageEnds(
  trx: Trx,
  { name, version, cause }: { name: string; version?: number; cause: PromotionCause },
  mover: Mover,
): Promise<void> {
  for (const { version: one, current_stage } of await servingVersions(trx, name, version)) {
    await recordStageMove(trx, { name, version: one, from: current_stage, to: null, cause }, mover);
  }
}

/**
 * Keeps that what was `from`'s is `to`'s now: under a new name the aliases and stages of a model
 * may stand for what another one's stood for. Called after the renaming.
 */
export async function recordRenaming(
  trx: Trx,
  { from, to }: { from: string; to: string },
  mover: Mover,
): Promise<void> {
  await trx.updateTable("promotions").set({ name: to }).where("name", "=", from).execute();
  const cause = "model-renamed" as const;
  const aliases = await trx
    .selectFrom("aliases")
    .selectAll()
    .where("name", "=", to)
    .orderBy("alias")
    .execute();
  for (const { alias, version } of aliases) {
    const move = { kind: "alias", name: to, alias, cause } as const;
    await insert(trx, { ...move, recorded_name: from, from_version: version }, mover);
    await insert(trx, { ...move, recorded_name: to, to_version: version }, mover);
  }
  for (const { version, current_stage } of await servingVersions(trx, to)) {
    const move = { kind: "stage", name: to, cause } as const;
    const before = { from_version: version, from_stage: current_stage };
    await insert(trx, { ...move, recorded_name: from, ...before }, mover);
    const after = { to_version: version, to_stage: current_stage };
    await insert(trx, { ...move, recorded_name: to, ...after }, mover);
  }
}

function servingVersions(trx: Trx, name: string, version?: number) {
  let query = trx
    .selectFrom("model_versions")
    .select(["version", "current_stage"])
    .where("name", "=", name)
    .where("current_stage", "in", servingStages);
  if (version !== undefined) query = query.where("version", "=", version);
  return query.orderBy("version").execute();
}

type Inserted = Pick<PromotionsTable, "kind" | "name" | "recorded_name" | "cause"> &
  Partial<
    Pick<PromotionsTable, "alias" | "from_version" | "to_version" | "from_stage" | "to_stage">
  >;

async function insert(trx: Trx, move: Inserted, mover: Mover): Promise<void> {
  const evidence = move.to_version ? await evidenceOf(trx, move.name, move.to_version) : undefined;
  await trx
    .insertInto("promotions")
    .values({
      alias: null,
      from_version: null,
      to_version: null,
      from_stage: null,
      to_stage: null,
      ...move,
      move_id: await nextNumber(trx, "alias_move"),
      moved_at: Date.now(),
      moved_by: mover.user ?? null,
      client: mover.client ?? null,
      reason: mover.reason ?? null,
      gate: evidence?.get("updraft.gate") ?? null,
      gate_table: evidence?.get("updraft.gate.table") ?? null,
      digest: evidence?.get("updraft.digest") ?? null,
    })
    .execute();
}

const evidenceTags = ["updraft.gate", "updraft.gate.table", "updraft.digest"];

/** What speaks for a version: tags of its run, or those of its own, which count for more. */
async function evidenceOf(trx: Trx, name: string, version: number): Promise<Map<string, string>> {
  const ofRun = await trx
    .selectFrom("model_versions")
    .innerJoin("run_tags", "run_tags.run_id", "model_versions.run_id")
    .select(["run_tags.key", "run_tags.value"])
    .where("model_versions.name", "=", name)
    .where("model_versions.version", "=", version)
    .where("run_tags.key", "in", evidenceTags)
    .execute();
  const ofVersion = await trx
    .selectFrom("model_version_tags")
    .select(["key", "value"])
    .where("name", "=", name)
    .where("version", "=", version)
    .where("key", "in", evidenceTags)
    .execute();
  return new Map([...ofRun, ...ofVersion].map(({ key, value }) => [key, value]));
}
