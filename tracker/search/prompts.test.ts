import { describe, expect, it } from "vitest";
import { parseFilter } from "./filter.ts";
import { registeredModelGrammar } from "./grammar.ts";
import { promptsIn } from "./prompts.ts";

function prompts(text: string) {
  return promptsIn(parseFilter(text, registeredModelGrammar));
}

describe("prompts in a search", () => {
  it.each([
    "",
    "tags.`mlflow.prompt.is_prompt` != 'true'",
    "tag.`mlflow.prompt.is_prompt` = 'false'",
    "tag.`mlflow.prompt.is_prompt` LIKE 'tr%'",
  ])("are left out by %j", (text) => {
    expect(prompts(text)).toEqual({ leftOut: true, filter: { kind: "and", of: [] } });
    const more = parseFilter("name = 'a'", registeredModelGrammar);
    expect(prompts(`name = 'a'${text && " AND "}${text}`)).toEqual({ leftOut: true, filter: more });
  });

  it.each([
    "tags.`mlflow.prompt.is_prompt` = 'true'",
    "tags.`mlflow.prompt.is_prompt` = 'True'",
    "tags.`mlflow.prompt.is_prompt` != 'false'",
  ])("are asked for by %j", (text) => {
    const filter = parseFilter(text, registeredModelGrammar);
    expect(promptsIn(filter)).toEqual({ leftOut: false, filter });
  });
});
