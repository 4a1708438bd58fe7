import { sql, type RawBuilder } from "kysely";
import { promptTag } from "../../search/prompts.ts";
import type { TrackerDatabase } from "./schema.ts";

/**
 * No row of a name that a tag marks as a prompt. Those names are few: they are looked up once, and
 * not for each row.
 * @param name such as `model_versions.name`
 */
export function leavingOutPrompts(
  tags: keyof TrackerDatabase & `${string}_tags`,
  name: string,
): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(name)} not in (select prompt.name from ${sql.table(tags)} as prompt where prompt.key = ${promptTag} and prompt.value = 'true')`;
}
