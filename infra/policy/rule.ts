/** A resource that a program asks for, as a preview and `npm run policy` both know it. */
export interface Resource {
  /** Such as `kubernetes:apps/v1:Deployment`. */
  readonly type: string;
  /** Its name in the program. */
  readonly name: string;
  /** What it is asked for with; `unknownYet` in the place of what only an update knows. */
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly options: {
    /** Whether deleting it is refused. */
    readonly protect: boolean;
  };
}

/** What a rule is told besides the resources. */
export interface RuleContext {
  /** Name of the stack. */
  readonly stack: string;
  /** Stacks that the pack's configuration names beside those whose name says it. */
  readonly protectedStacks: readonly string[];
}

/** A place where a rule is not kept. */
export interface Violation {
  readonly resource: Resource;
  /** What of the resource, in words that a person finds it by: `Deployment store, container store`. */
  readonly where: string;
  /** What is wrong there. */
  readonly problem: string;
  /** What to do about it. */
  readonly fix: string;
}

/** `mandatory` stops an update; `advisory` is said and goes on. */
export type Severity = "mandatory" | "advisory";

/** Something that must be true of a stack. */
export interface Rule {
  /** In kebab case; what the pack's configuration calls it by. */
  readonly name: string;
  /** What it is unless the pack's configuration says otherwise. */
  readonly severity: Severity;
  /** What must be true: one sentence. */
  readonly what: string;
  /** Why: one sentence. */
  readonly why: string;
  /** Whether one resource is enough to tell, or all of a stack have to be known. */
  readonly looksAt: "resource" | "stack";
  /** Pure: the same resources give the same violations, in the order of the resources. */
  check(resources: readonly Resource[], context: RuleContext): Violation[];
}

/** A rule that judges each resource by itself. */
export function resourceRule(
  rule: Pick<Rule, "name" | "severity" | "what" | "why">,
  violationsOf: (resource: Resource, context: RuleContext) => Omit<Violation, "resource">[],
): Rule {
  return {
    ...rule,
    looksAt: "resource",
    check: (resources, context) =>
      resources.flatMap((resource) =>
        violationsOf(resource, context).map((violation) => ({ resource, ...violation })),
      ),
  };
}

/** A violation as one line: where, what, and what to do. */
export function lineOf({ where, problem, fix }: Omit<Violation, "resource">): string {
  return `${where}: ${problem}; ${fix}`;
}
