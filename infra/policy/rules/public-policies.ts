import { at, listAt } from "../values.ts";

/**
 * Whether a policy in the language of S3 allows something to everybody without any condition.
 * @param policy as text or as the object that it is
 */
export function letsEverybodyIn(policy: unknown): boolean {
  const parsed = typeof policy === "string" ? parse(policy) : policy;
  const statement = at(parsed, "Statement");
  const statements = Array.isArray(statement) ? listAt(statement) : [statement];
  return statements.some(
    (each) =>
      at(each, "Effect") === "Allow" &&
      at(each, "Condition") === undefined &&
      namesEverybody(at(each, "Principal")),
  );
}

function namesEverybody(principal: unknown): boolean {
  const named = [principal, at(principal, "AWS")].flat();
  return named.includes("*");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
