import type { Option } from "./options.ts";

/** One value as somebody gave it. */
export interface Given {
  readonly value: unknown;
  /** What to call its place in a message: `--epochs`, `TRAINER_HYPERPARAMETERS epochs`. */
  readonly source: string;
}

/** Where settings come from. */
export interface SettingsSource {
  /** The arguments after the command. */
  readonly flags: readonly string[];
  readonly variables: Readonly<Record<string, string | undefined>>;
}

/** Texts by the name of their flag, with the dashes, or of their variable. */
type Texts = ReadonlyMap<string, string>;

/**
 * Collects what was given, by key: flags win over variables, and of one place a single
 * hyperparameter wins over the same one in `hyperparameters`.
 * @param problems takes what cannot be read
 */
export function collectGiven(
  source: SettingsSource,
  options: readonly Option[],
  problems: string[],
): Map<string, Given> {
  const given = new Map<string, Given>();
  for (const { nameOf, texts } of places(source, options, problems)) {
    for (const option of options) {
      const name = nameOf(option);
      const text = name === undefined ? undefined : texts.get(name);
      if (name === undefined || text === undefined) continue;
      const value = { value: valueOf(option, text), source: name };
      if (option.key !== "hyperparameters") given.set(option.key, value);
      else for (const [key, entry] of entriesOf(value, problems)) given.set(key, entry);
    }
  }
  return given;
}

/** The flags that no option knows. */
export function unknownFlags(source: SettingsSource, options: readonly Option[]): string[] {
  const known = new Set(options.map(flagOf));
  return [...readFlags(source.flags, options, []).keys()].filter((flag) => !known.has(flag));
}

function places(source: SettingsSource, options: readonly Option[], problems: string[]) {
  const variables = Object.entries(source.variables).filter(
    // An empty variable is how compose files and manifests say "not set".
    (entry): entry is [string, string] => entry[1] !== undefined && entry[1] !== "",
  );
  return [
    { nameOf: (option: Option) => option.variable, texts: new Map(variables) as Texts },
    { nameOf: flagOf, texts: readFlags(source.flags, options, problems) },
  ];
}

/** An option's flag, with its dashes. */
export function flagOf({ flag }: Option): string | undefined {
  return flag === undefined ? undefined : `--${flag}`;
}

function readFlags(
  flags: readonly string[],
  options: readonly Option[],
  problems: string[],
): Texts {
  const switches = new Set(options.filter(({ as }) => as === "switch").map(flagOf));
  const texts = new Map<string, string>();
  const words = flags.values();
  for (const word of words) {
    if (!word.startsWith("--")) {
      problems.push(`${word}: not expected here; settings are flags such as --epochs 5`);
      continue;
    }
    const [flag = word, joined] = word.split(/=(.*)/s);
    const text = joined ?? (switches.has(flag) ? "true" : words.next().value);
    if (text === undefined) problems.push(`${flag}: expected a value after it`);
    else texts.set(flag, text);
  }
  return texts;
}

function valueOf(option: Option, text: string): unknown {
  if (option.as === undefined || option.as === "text") return text;
  try {
    return JSON.parse(text);
  } catch {
    // The schema says better what is wrong with it than the JSON parser could.
    return text;
  }
}

function entriesOf({ value, source }: Given, problems: string[]): [string, Given][] {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.entries(value).map(([key, entry]) => [
      `hyperparameters.${key}`,
      { value: entry, source: `${source} ${key}` },
    ]);
  }
  problems.push(`${source} ${JSON.stringify(value)}: expected an object such as {"epochs": 5}`);
  return [];
}
