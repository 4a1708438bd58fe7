import { sql, type RawBuilder } from "kysely";
import { promptTag } from "../../search/prompts.ts";
import type { TrackerDatabase } from "./schema.ts";

/** No row of a name that a tag marks as a prompt. @param name such as `model_versions.name` */
export function leavingOutPrompts(
  tags: keyof TrackerDatabase & `${string}_tags`,
  name: string,
): RawBuilder<boolean> {
  return sql<boolean>`not exists (select 1 from ${sql.table(tags)} as prompt where prompt.name = ${sql.ref(name)} and prompt.key = ${promptTag} and prompt.value = 'true')`;
}
