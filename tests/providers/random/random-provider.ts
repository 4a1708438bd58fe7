import { randomBytes } from "node:crypto";
import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  PluginProvider,
  ReadRequest,
} from "../support/plugin-provider.ts";
import { sdkVersion } from "../support/plugins-on-path.ts";
import {
  containsUnknown,
  isUnknown,
  type Properties,
  secretOf,
  unknownString,
  withoutSecrets,
} from "../support/wire-values.ts";
import { bcryptHash, randomText, type TextRules } from "./random-text.ts";

/** What there is once a resource is made. */
interface Made {
  readonly id: string;
  readonly outputs: Properties;
}

/** One kind of resource: a change of any input, or of what keeps it, makes another one. */
interface Kind {
  readonly required: readonly string[];
  /** Inputs that have a value where the program gives none. */
  readonly defaults: Properties;
  readonly secrets: readonly string[];
  /** Outputs that are not known before. */
  readonly computed: readonly string[];
  problems?(inputs: Properties): CheckFailure[];
  make(inputs: Properties): Promise<Made>;
}

const textDefaults = {
  lower: true,
  upper: true,
  number: true,
  numeric: true,
  special: true,
  minLower: 0,
  minUpper: 0,
  minNumeric: 0,
  minSpecial: 0,
};

const kinds: Readonly<Record<string, Kind>> = {
  "random:index/randomPassword:RandomPassword": {
    required: ["length"],
    defaults: textDefaults,
    secrets: ["result", "bcryptHash"],
    computed: ["result", "bcryptHash"],
    problems: textProblems,
    async make(inputs) {
      const result = randomText(textRules(inputs));
      return { id: "none", outputs: { result, bcryptHash: await bcryptHash(result) } };
    },
  },
  "random:index/randomString:RandomString": {
    required: ["length"],
    defaults: textDefaults,
    secrets: [],
    computed: ["result"],
    problems: textProblems,
    async make(inputs) {
      const result = randomText(textRules(inputs));
      return { id: result, outputs: { result } };
    },
  },
  "random:index/randomId:RandomId": {
    required: ["byteLength"],
    defaults: {},
    secrets: [],
    computed: ["b64Std", "b64Url", "dec", "hex"],
    async make(inputs) {
      const bytes = randomBytes(Number(inputs["byteLength"]));
      const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
      const id = bytes.toString("base64url");
      const outputs = {
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + id,
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: prefix + bytes.toString("hex"),
      };
      return { id, outputs };
    },
  },
  "random:index/randomBytes:RandomBytes": {
    required: ["length"],
    defaults: {},
    secrets: ["base64", "hex"],
    computed: ["base64", "hex"],
    async make(inputs) {
      const bytes = randomBytes(Number(inputs["length"]));
      const base64 = bytes.toString("base64");
      return { id: base64, outputs: { base64, hex: bytes.toString("hex") } };
    },
  },
};

/** Stands in for `pulumi-resource-random`, with the four kinds above. */
export function createRandomProvider(): PluginProvider {
  return {
    version: sdkVersion("random"),
    check: async (request) => checked(kindOf(request.urn), request),
    diff: async (request) => difference(kindOf(request.urn), request),
    create: async (request) => created(kindOf(request.urn), request),
    read: async ({ id, inputs, properties }: ReadRequest) => ({ id, inputs, properties }),
    update: async ({ olds, news }) => ({ ...olds, ...news }),
    delete: async () => undefined,
  };
}

function kindOf(urn: string): Kind {
  const [, , type = ""] = urn.split("::");
  const token = type.split("$").at(-1) ?? "";
  const kind = kinds[token];
  if (kind === undefined) {
    const known = Object.keys(kinds).join(", ");
    throw new Error(`this stand-in for the random provider has no ${token}; it has ${known}`);
  }
  return kind;
}

function checked(kind: Kind, { news }: CheckRequest): CheckResult {
  const missing = kind.required
    .filter((name) => news[name] === undefined)
    .map((name) => ({ property: name, reason: `Missing required argument: ${name}` }));
  const problems = containsUnknown(news) ? [] : (kind.problems?.(plain(news)) ?? []);
  return { inputs: news, failures: missing.length > 0 ? missing : problems };
}

function difference(kind: Kind, { olds, news }: DiffRequest): DiffResult {
  const before = plain(olds);
  const after = withDefaults(kind, plain(news));
  const names = [...kind.required, ...Object.keys(kind.defaults), "keepers", "prefix"];
  const changed = [...names, "overrideSpecial"].filter(
    (name) => isUnknown(after[name]) || !same(before[name], after[name]),
  );
  if (changed.length === 0) return { changes: "none" };
  return {
    changes: "some",
    replaces: changed,
    diffs: changed,
    detailedDiff: Object.fromEntries(
      changed.map((name) => [name, { kind: "update-replace", inputDiff: true }]),
    ),
  };
}

/** Nothing, null and an empty map of keepers are the same to it. */
function same(a: unknown, b: unknown): boolean {
  return comparable(a) === comparable(b);
}

function comparable(value: unknown): string {
  return JSON.stringify(sorted(value) ?? null).replace(/^\{\}$/, "null");
}

function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

async function created(kind: Kind, request: CreateRequest): Promise<CreateResult> {
  const inputs = withDefaults(kind, request.properties);
  if (request.preview) {
    const unknown = kind.computed.map((name) => [name, unknownString]);
    return { id: "", properties: marked(kind, { ...inputs, ...Object.fromEntries(unknown) }) };
  }
  const { id, outputs } = await kind.make(plain(inputs));
  return { id, properties: marked(kind, { ...inputs, ...outputs }) };
}

function marked(kind: Kind, properties: Properties): Properties {
  const secrets = kind.secrets.map((name) => [name, secretOf(properties[name])]);
  return { ...properties, ...Object.fromEntries(secrets) };
}

/** `number` is the older name of `numeric`: either sets both. */
function withDefaults(kind: Kind, inputs: Properties): Properties {
  if (!("numeric" in kind.defaults)) return { ...kind.defaults, ...inputs };
  const numeric = inputs["numeric"] ?? inputs["number"] ?? true;
  return { ...kind.defaults, ...inputs, numeric, number: numeric };
}

function plain(properties: Properties): Properties {
  return withoutSecrets(properties) as Properties;
}

function textRules(inputs: Properties): TextRules {
  const all = { overrideSpecial: "", ...textDefaults, ...inputs };
  return { ...all, length: Number(inputs["length"]) };
}

function textProblems(inputs: Properties): CheckFailure[] {
  const rules = textRules(inputs);
  const least = rules.minLower + rules.minUpper + rules.minNumeric + rules.minSpecial;
  if (rules.length < 1) {
    return [{ property: "length", reason: `length ${rules.length} is below 1` }];
  }
  if (least <= rules.length) return [];
  const reason = `length ${rules.length} is below ${least}, the sum of minUpper, minLower, minNumeric and minSpecial`;
  return [{ property: "length", reason }];
}
