import type { Exception, Level, PolicySettings } from "./policy-config.ts";
import type { Resource, Rule, Violation } from "./rule.ts";

/** What became of a rule. */
export interface Verdict {
  readonly rule: Rule;
  readonly level: Level;
  /** None of a rule that is disabled: it has not been looked at. */
  readonly violations: readonly Violation[];
  readonly excepted: readonly ExceptedViolation[];
}

/** A violation that the pack's configuration allows. */
export interface ExceptedViolation {
  readonly violation: Violation;
  readonly reason: string;
}

/** Judges the resources of a stack by every rule, in the order of the rules. */
export function judge(
  rules: readonly Rule[],
  resources: readonly Resource[],
  { stack, settings }: { readonly stack: string; readonly settings: PolicySettings },
): Verdict[] {
  return rules.map((rule) => {
    const { level = rule.severity, stacks = [], except = [] } = settings.get(rule.name) ?? {};
    if (level === "disabled") return { rule, level, violations: [], excepted: [] };
    const found = rule.check(resources, { stack, protectedStacks: stacks });
    return { rule, level, ...sorted(found, except) };
  });
}

/** Violations that count, and those that an exception is for. */
export function sorted(
  found: readonly Violation[],
  except: readonly Exception[],
): Pick<Verdict, "violations" | "excepted"> {
  const excepted = found.flatMap((violation) => {
    const exception = except.find(({ object }) => isOf(violation, object));
    return exception ? [{ violation, reason: exception.reason }] : [];
  });
  const allowed = excepted.map(({ violation }) => violation);
  return { violations: found.filter((violation) => !allowed.includes(violation)), excepted };
}

/** Whether a violation is at an object, or at one of its containers. */
function isOf({ where }: Violation, object: string): boolean {
  return where === object || where.startsWith(`${object}, `);
}

/** Whether an update would be stopped. */
export function stopsUpdate(verdicts: readonly Verdict[]): boolean {
  return verdicts.some(({ level, violations }) => level === "mandatory" && violations.length > 0);
}
