import { sql, type Kysely } from "kysely";
import type { Page } from "../../search/page-token.ts";
import type { Promotion, PromotionStore } from "../promotions.ts";
import { fetchPage } from "./page.ts";
import type { PromotionsTable, TrackerDatabase } from "./schema.ts";

/** The history of promotions in a database. */
export function createSqlPromotions(db: Kysely<TrackerDatabase>): PromotionStore {
  return { history: (request) => history(db, request) };
}

async function history(
  db: Kysely<TrackerDatabase>,
  { name, alias, kind, ...page }: Parameters<PromotionStore["history"]>[0],
): Promise<Page<Promotion>> {
  let query = db.selectFrom("promotions").selectAll();
  if (name !== undefined) {
    query = query.where((eb) => eb.or([eb("name", "=", name), eb("recorded_name", "=", name)]));
  }
  if (alias !== undefined) query = query.where("alias", "=", alias);
  if (kind !== undefined) query = query.where("kind", "=", kind);
  const latestFirst = [{ name: "move_id", expression: sql<number>`move_id`, descending: true }];
  const { rows, nextPageToken } = await fetchPage(query, latestFirst, page);
  return { rows: rows.map(promotionOf), nextPageToken };
}

function promotionOf(row: PromotionsTable): Promotion {
  return {
    move_id: row.move_id,
    kind: row.kind,
    name: row.name,
    recorded_name: row.recorded_name,
    alias: row.alias ?? undefined,
    from_version: row.from_version === null ? undefined : String(row.from_version),
    to_version: row.to_version === null ? undefined : String(row.to_version),
    from_stage: row.from_stage ?? undefined,
    to_stage: row.to_stage ?? undefined,
    timestamp: row.moved_at,
    user: row.moved_by ?? undefined,
    client: row.client ?? undefined,
    cause: row.cause,
    reason: row.reason ?? undefined,
    gate: row.gate ?? undefined,
    gate_table: row.gate_table ?? undefined,
    digest: row.digest ?? undefined,
  };
}
