import { fieldAt, type KubeObject, listAt, stringAt } from "../objects/kube-object.ts";
import { info, type Readiness, type Verdict } from "./verdict.ts";

type Expression = { readonly text: string; readonly holds: (object: KubeObject) => boolean };

/**
 * What `pulumi.com/waitFor` waits for, instead of what is known of the object's kind: one
 * expression or a JSON array of them, `condition=Type[=Status]` or `jsonpath={.path}[=value]`.
 * @throws where an expression is not understood
 */
export function customReadiness(annotation: string): Readiness {
  const expressions = parseExpressions(annotation).map(parseExpression);
  return {
    related: [],
    judge: ({ object }): Verdict => {
      const missing = expressions.filter(({ holds }) => !holds(object));
      return {
        ready: missing.length === 0,
        errors: [],
        status: missing.map(({ text }) => info(`Waiting for ${text}`)),
      };
    },
  };
}

function parseExpressions(annotation: string): string[] {
  try {
    const parsed: unknown = JSON.parse(annotation);
    if (!Array.isArray(parsed)) return [annotation];
    if (parsed.length === 0) throw new RangeError("at least one condition must be specified");
    return parsed.map(String);
  } catch (error) {
    if (error instanceof RangeError) throw error;
    return [annotation];
  }
}

function parseExpression(text: string): Expression {
  const condition = /^condition=([^=]+)(?:=(.+))?$/.exec(text);
  if (condition) {
    const [, type = "", status = "True"] = condition;
    return { text, holds: (object) => hasCondition(object, type, status) };
  }
  const path = /^jsonpath=\{((?:\.[A-Za-z0-9_-]+)+)\}(?:=(.*))?$/.exec(text);
  if (path) {
    const [, keys = "", value] = path;
    return { text, holds: (object) => isAt(object, keys.split(".").slice(1), value) };
  }
  if (text.startsWith("jsonpath=")) {
    throw new Error(
      `the stand-in for the Kubernetes plugin understands only plain paths, such as ` +
        `jsonpath={.status.phase}=Ready, not ${text}`,
    );
  }
  throw new Error(`expected a "jsonpath=" or "condition=" prefix, got "${text}"`);
}

function hasCondition(object: KubeObject, type: string, status: string): boolean {
  return listAt(object, "status", "conditions").some(
    (one) =>
      stringAt(one, "type").toLowerCase() === type.toLowerCase() &&
      stringAt(one, "status").toLowerCase() === status.toLowerCase(),
  );
}

function isAt(object: KubeObject, path: readonly string[], value: string | undefined): boolean {
  const found = fieldAt(object, ...path);
  return value === undefined ? found !== undefined : String(found) === value;
}
