import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";

/** What a random text is made of: the inputs of `RandomPassword` and `RandomString`. */
export interface TextRules {
  readonly length: number;
  readonly lower: boolean;
  readonly upper: boolean;
  readonly numeric: boolean;
  readonly special: boolean;
  readonly minLower: number;
  readonly minUpper: number;
  readonly minNumeric: number;
  readonly minSpecial: number;
  /** Instead of the usual special characters; "" for those. */
  readonly overrideSpecial: string;
}

const lowerCharacters = "abcdefghijklmnopqrstuvwxyz";
const numericCharacters = "0123456789";
const specialCharacters = "!@#$%&*()-_=+[]{}<>:?";

/** A text of as many characters of each kind as asked for, in random order. */
export function randomText(rules: TextRules): string {
  const special = rules.overrideSpecial || specialCharacters;
  const kinds = [
    { characters: lowerCharacters, allowed: rules.lower, least: rules.minLower },
    { characters: lowerCharacters.toUpperCase(), allowed: rules.upper, least: rules.minUpper },
    { characters: numericCharacters, allowed: rules.numeric, least: rules.minNumeric },
    { characters: special, allowed: rules.special, least: rules.minSpecial },
  ];
  const all = kinds.flatMap(({ characters, allowed }) => (allowed ? characters : [])).join("");
  const result = kinds.flatMap(({ characters, least }) => pick(characters, least));
  return shuffled([...result, ...pick(all, rules.length - result.length)]).join("");
}

function pick(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters[randomInt(characters.length)] ?? "");
}

function shuffled(characters: readonly string[]): string[] {
  const result: string[] = [];
  for (const character of characters) result.splice(randomInt(result.length + 1), 0, character);
  return result;
}

const bcryptAlphabet = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * The bcrypt hash of a password, cost 10: by the C library's `crypt`, which perl hands on.
 * @throws if there is no perl, or its `crypt` knows no bcrypt
 */
export async function bcryptHash(password: string): Promise<string> {
  const salt = pick(bcryptAlphabet, 21).join("");
  // Of the 22nd character only two bits count.
  const setting = `$2a$10$${salt}${pick(".Oeu", 1).join("")}`;
  const hash = await perl(`print crypt(<STDIN>, '${setting}')`, password);
  if (!/^\$2a\$10\$.{53}$/.test(hash)) throw new Error("perl's crypt knows no bcrypt here");
  return hash;
}

function perl(program: string, input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile("perl", ["-e", program], (error, output) => {
      if (error) reject(new Error(`the bcrypt hash needs perl: ${error.message}`));
      else resolve(output);
    });
    child.stdin?.on("error", () => undefined).end(input);
  });
}
