import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";

const Name = z.string().regex(/^[\w.-]+$/, "expected letters, digits, dots, dashes, underscores");

const Pin = {
  /** Version in the registry, for answers and logs. */
  version: z.string().min(1),
  /** Address of the package's folder. */
  uri: z.url(),
  /** The package's digest; another package is refused. */
  digest: Digest,
};

/** A second package, which shows what it would answer. */
const CandidateSource = z.strictObject({
  ...Pin,
  /** In silence beside the first one, or in its place. */
  mode: z.enum(["shadow", "canary"]).default("shadow"),
  /** Of all requests, from 0 to 1. @default 1 in the shadow, 0.1 as a canary */
  share: z.coerce.number().min(0).max(1).optional(),
});
export type CandidateSource = z.infer<typeof CandidateSource>;

const PinnedSource = z.strictObject({
  name: Name,
  ...Pin,
  labels: z.array(Name).default([]),
  candidate: CandidateSource.optional(),
});
/** A package that is named by its digest. */
export type PinnedSource = z.infer<typeof PinnedSource>;

const FollowedSource = z
  .strictObject({ name: Name, alias: Name.optional(), stage: z.string().min(1).optional() })
  .refine(({ alias, stage }) => (alias === undefined) !== (stage === undefined), {
    error: "expected an alias or a stage, not both",
  });
/** Whatever version an alias or a stage of the registry leads to. */
export type FollowedSource = z.infer<typeof FollowedSource>;

/** Where a model's package comes from. */
export type ModelSource = PinnedSource | FollowedSource;

export function isFollowed(source: ModelSource): source is FollowedSource {
  return !("digest" in source);
}

/** What the variables say, or what is wrong with them. */
export interface SourcesFound {
  readonly sources: readonly ModelSource[];
  readonly problems: readonly string[];
}

/** The variables of a single model, by what they are called in a list. */
const single = {
  name: "MODEL_NAME",
  version: "MODEL_VERSION",
  uri: "MODEL_URI",
  digest: "MODEL_DIGEST",
  alias: "MODEL_ALIAS",
  stage: "MODEL_STAGE",
};
const singleCandidate = {
  version: "CANDIDATE_VERSION",
  uri: "CANDIDATE_URI",
  digest: "CANDIDATE_DIGEST",
  mode: "CANDIDATE_MODE",
  share: "CANDIDATE_SHARE",
};

type Variables = Readonly<Record<string, string | undefined>>;

/** Reads which models a server has: a list in `MODELS`, or one in variables of its own. */
export function modelSources(variables: Variables): SourcesFound {
  const list = variables["MODELS"];
  return list ? listed(list, variables) : alone(variables);
}

function listed(list: string, variables: Variables): SourcesFound {
  const others = [...Object.values(single), ...Object.values(singleCandidate)];
  const problems = others
    .filter((name) => variables[name])
    .map((name) => `${name}: MODELS says what is served; leave it out`);
  const entries = listIn(list);
  if (!entries) {
    const expected = '[{"name": "digits", "version": "3", "uri": "s3://…", "digest": "sha256:…"}]';
    return { sources: [], problems: [...problems, `MODELS: expected a list such as ${expected}`] };
  }
  const found = entries.map((entry, index) =>
    parsed(entry, (path) => ["MODELS", `[${index}]`, ...path.map((part) => `.${part}`)].join("")),
  );
  const sources = found.flatMap((each) => each.sources);
  const names = sources.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) < index);
  return {
    sources,
    problems: [
      ...problems,
      ...found.flatMap((each) => each.problems),
      ...twice.map((name) => `MODELS: "${name}" is there twice; expected each name once`),
    ],
  };
}

function alone(variables: Variables): SourcesFound {
  const candidate = given(singleCandidate, variables);
  const hasCandidate = Object.keys(candidate).length > 0;
  const entry = { ...given(single, variables), ...(hasCandidate ? { candidate } : {}) };
  return parsed(entry, ([first = "name", second = "uri"]) => {
    const names: Record<string, string> = first === "candidate" ? singleCandidate : single;
    const part = first === "candidate" ? second : first;
    return names[part] ?? part;
  });
}

function given(names: Readonly<Record<string, string>>, variables: Variables): object {
  const values = Object.entries(names).map(([key, name]) => [key, variables[name]]);
  return Object.fromEntries(values.filter(([, value]) => value));
}

function listIn(list: string): unknown[] | undefined {
  try {
    const entries: unknown = JSON.parse(list);
    return Array.isArray(entries) && entries.length > 0 ? entries : undefined;
  } catch {
    return undefined;
  }
}

/** One model, its problems with the names that whoever wrote them knows. */
function parsed(entry: unknown, nameOf: (path: readonly string[]) => string): SourcesFound {
  const follows = typeof entry === "object" && entry && ("alias" in entry || "stage" in entry);
  const result = (follows ? FollowedSource : PinnedSource).safeParse(entry);
  if (result.success) return { sources: [result.data], problems: [] };
  const problems = result.error.issues.flatMap((issue) => {
    const path = issue.path.map(String);
    if (issue.code !== "unrecognized_keys") return [`${nameOf(path)}: ${issue.message}`];
    const why = follows ? "an alias or a stage says what is served" : "there is no such setting";
    return issue.keys.map((key) => `${nameOf([...path, key])}: ${why}; leave it out`);
  });
  return { sources: [], problems };
}
