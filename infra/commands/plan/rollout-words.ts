import { code, shortDigest } from "./format-values.ts";
import type { ModelPlan } from "./model-plan.ts";

/** What will roll out, and what that depends on, in a sentence. */
export function rolloutInWords(plan: ModelPlan): string {
  const { outcome, before, after, because, url } = plan.rollout;
  const where = url === undefined ? "" : ` at ${url}`;
  const server = `the server${where}`;
  const digest = before === undefined ? "" : code(shortDigest(before));
  switch (outcome) {
    case "first":
      return sentence(conditionOf(plan), `the server starts${where}`);
    case "none":
      return sentence(`nothing rolls out${digest === "" ? "" : `: the digest stays ${digest}`}`);
    case "certain":
    case "if-released": {
      const isOther = after !== undefined && after !== before;
      const what = isOther ? `: digest ${digest} → ${code(shortDigest(after))}` : "";
      const own = because.length === 0 ? "" : ` (${because.map(code).join(", ")})`;
      return sentence(conditionOf(plan), `${server} is rolled out${what}${own}`);
    }
    case "if-digest-changes": {
      const said = sentence(
        conditionOf(plan),
        `${server} is rolled out, unless the digest is ${digest} again`,
      );
      return plan.isRepeat ? `${said} The same inputs make the same digest as a rule.` : said;
    }
  }
}

function conditionOf({ action, gate }: ModelPlan): string {
  if (action !== "train" && action !== "promote") return "";
  return gate.length > 0 ? "if the gate lets it pass, " : "then ";
}

function sentence(...parts: readonly string[]): string {
  const text = parts.join("");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
