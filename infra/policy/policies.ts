import type {
  Policies,
  PolicyConfigSchema,
  ReportViolation,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { sorted } from "./judge.ts";
import { RuleProperties } from "./policy-config.ts";
import { lineOf, type Resource, type Rule } from "./rule.ts";
import { unknownYet } from "./values.ts";

/** The rules as Pulumi's policies, for previews and updates. */
export function policiesOf(rules: readonly Rule[]): Policies {
  return rules.map((rule) =>
    rule.looksAt === "resource" ? resourcePolicy(rule) : stackPolicy(rule),
  );
}

/** Judged before the resource is made: the update does not come to it. */
function resourcePolicy(rule: Rule): ResourceValidationPolicy {
  return {
    ...aboutOf(rule),
    validateResource: (args, report) => reportAll(rule, [noted(args)], args, report),
  };
}

/**
 * Judged at the end of a preview or an update. Pulumi has only the outputs then, in which the
 * cluster has filled in what nobody asked for, so the inputs are noted as they come by.
 */
function stackPolicy(rule: Rule): StackValidationPolicy & ResourceValidationPolicy {
  const inputs = new Map<string, NotedResource>();
  return {
    ...aboutOf(rule),
    validateResource: (args) => void inputs.set(args.urn, noted(args)),
    validateStack: (args, report) => reportAll(rule, [...inputs.values()], args, report),
  };
}

function aboutOf({ name, what, why, severity }: Rule) {
  return { name, description: `${what} ${why}`, enforcementLevel: severity, configSchema };
}

type NotedResource = Resource & { readonly urn: string };

/** A resource as the rules know it. */
function noted({ urn, type, name, props, opts }: ResourceValidationArgs): NotedResource {
  const inputs = Object.fromEntries(Object.keys(props).map((key) => [key, knownAt(props, key)]));
  return { urn, type, name, inputs, options: { protect: opts.protect } };
}

function reportAll(
  rule: Rule,
  resources: readonly NotedResource[],
  { getConfig }: Pick<ResourceValidationArgs, "getConfig">,
  report: ReportViolation,
): void {
  const [first] = resources;
  if (first === undefined) return;
  const { except = [], stacks = [] } = RuleProperties.parse(getConfig());
  const found = rule.check(resources, { stack: stackOf(first), protectedStacks: stacks });
  const urns = new Map<Resource, string>(resources.map((resource) => [resource, resource.urn]));
  for (const violation of sorted(found, except).violations) {
    report(lineOf(violation), urns.get(violation.resource));
  }
}

/** The stack in `urn:pulumi:stack::project::type::name`. */
function stackOf({ urn }: NotedResource): string {
  return urn.split("::")[0]?.slice("urn:pulumi:".length) ?? "";
}

/** Pulumi throws where a value is read that only an update knows. */
function knownAt(container: object, key: PropertyKey): unknown {
  let value: unknown;
  try {
    value = Reflect.get(container, key);
  } catch {
    return unknownYet;
  }
  if (typeof value !== "object" || value === null) return value;
  const keys = Object.keys(value);
  const entries = keys.map((name) => [name, knownAt(Object(value), name)]);
  return Array.isArray(value) ? entries.map(([, entry]) => entry) : Object.fromEntries(entries);
}

/** What `--policy-pack-config` may say of a rule besides its level; the same as in policy.json. */
const configSchema: PolicyConfigSchema = {
  properties: {
    except: {
      type: "array",
      items: {
        type: "object",
        properties: { object: { type: "string" }, reason: { type: "string" } },
        required: ["object", "reason"],
      },
    },
    stacks: { type: "array", items: { type: "string" } },
  },
};
