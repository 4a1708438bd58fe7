/** Places of a configuration that only one stack may have, and what another one would do there. */
const ownPlaces: readonly (readonly [path: string, whatHappens: string])[] = [
  ["updraft:store.path", "all stacks would keep their files in one folder"],
  ["updraft:store.s3.uri", "all stacks would keep their files in one place of the bucket"],
  ["updraft:kubernetes.namespace", "all stacks would live in one namespace"],
  ["updraft:inference.ingress.host", "all stacks would answer at one host"],
  ["updraft:inference.gateway.host", "all stacks would answer at one host"],
  ["updraft:tracker.ingress.host", "all trackers would answer at one host"],
];

/**
 * What stands against a template: what its stacks would share, and what would stay of them.
 * @param template content of the file
 */
export function templateProblems(template: unknown): string[] {
  const at = (path: string) => valueAt(template, path);
  const shared = ownPlaces.flatMap(([path, whatHappens]) => {
    const value = at(path);
    if (value === undefined || String(value).includes("<stack>")) return [];
    return [`${path} is ${String(value)}: ${whatHappens}; put <stack> into it`];
  });
  const problems = [...shared];
  if (at("updraft:inference.service.nodePort") !== undefined) {
    problems.push(
      "updraft:inference.service.nodePort: only one stack can have it; remove it, and the cluster chooses one",
    );
  }
  if (at("updraft:tracker.uri") !== undefined) {
    problems.push(
      "updraft:tracker.uri: its stacks would move the champion of a registry that others serve from; remove it, and each has a tracker of its own",
    );
  }
  for (const key of ["updraft:protect", "updraft:store.keep"]) {
    if (at(key) === true) {
      problems.push(`${key} is true: something of its stacks would stay for ever; remove it`);
    }
  }
  for (const key of encryptedKeys(template)) {
    problems.push(
      `${key} is encrypted, which only the stack can read that it was encrypted for; remove it, and set it in the stack's own file after a first up`,
    );
  }
  return problems;
}

function encryptedKeys(template: unknown): string[] {
  const config = member(template, "config");
  if (typeof config !== "object" || config === null) return [];
  return Object.entries(config).flatMap(([key, value]) => (holdsSecret(value) ? [key] : []));
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(holdsSecret);
}

/** @param path a key and the members below it, with dots between */
function valueAt(template: unknown, path: string): unknown {
  const [key = "", ...members] = path.split(".");
  return [key, ...members].reduce(member, member(template, "config"));
}

function member(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).find(([key]) => key === name)?.[1];
}
