import { createHash, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Presented } from "./authorization.ts";

/** What somebody may do. Who may write may read. */
export const accessLevels = ["read", "write"] as const;
export type Access = (typeof accessLevels)[number];

/** Somebody who may use the tracker. */
export interface User {
  readonly name: string;
  readonly access: Access;
}

/** Those who may use the tracker. */
export interface Credentials {
  /** The user whose secret it is, and whose name, if one is given. */
  userOf(presented: Presented): User | undefined;
  /** Whether the file itself lets its reader in. */
  readonly holdsPlainSecrets: boolean;
}

/** The credentials cannot be used; a line for each problem, none of which shows a secret. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

/** Shorter ones can be guessed, and found from their sha256. */
const leastSecretLength = 16;

const Secret = z
  .string("expected a text")
  .refine(
    (secret) =>
      isDigest(secret) || (!looksLikeDigest(secret) && secret.length >= leastSecretLength),
    {
      error: `expected at least ${leastSecretLength} characters, or sha256: and 64 hexadecimal digits`,
    },
  );

const Name = z
  .string("expected a text")
  .min(1, "expected a name")
  .max(255, "expected at most 255 characters")
  .regex(/^[^:\p{Cc}]*$/u, "expected a name without colons and control characters");

const File = z.strictObject({
  users: z
    .array(
      z.strictObject({
        name: Name,
        access: z.enum(accessLevels, 'expected "read" or "write"'),
        secrets: z.array(Secret, "expected a list of texts").min(1, "expected at least one"),
      }),
      "expected a list of users",
    )
    .min(1, "expected at least one user")
    .superRefine((users, context) => {
      for (const problem of duplicatesIn(users)) context.addIssue({ code: "custom", ...problem });
    }),
});

type Entry = z.infer<typeof File>["users"][number];

/**
 * Reads who may use the tracker.
 * @param text `{"users": [{"name", "access": "read" or "write", "secrets": [text or "sha256:…"]}]}`
 * @throws {CredentialsError} with every problem
 */
export function parseCredentials(text: string): Credentials {
  const parsed = File.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new CredentialsError(parsed.error.issues.map(describe).join("\n"));
  }
  const { users } = parsed.data;
  return createCredentials(users);
}

interface Known {
  readonly user: User;
  readonly name: Buffer;
  readonly secret: Buffer;
}

function createCredentials(users: readonly Entry[]): Credentials {
  const known = users.flatMap(({ name, access, secrets }): Known[] =>
    secrets.map((secret) => ({
      user: { name, access },
      name: sha256(name),
      secret: digestOf(secret),
    })),
  );
  return {
    userOf({ name, secret }) {
      const givenSecret = sha256(secret);
      const givenName = name === undefined ? undefined : sha256(name);
      let found: User | undefined;
      // Every one is compared, whole: how long it takes says nothing about which is nearly right.
      for (const one of known) {
        const secretFits = timingSafeEqual(one.secret, givenSecret);
        const nameFits = timingSafeEqual(one.name, givenName ?? one.name);
        if (secretFits && nameFits) found = one.user;
      }
      return found;
    },
    holdsPlainSecrets: users.some(({ secrets }) => !secrets.every(isDigest)),
  };
}

function duplicatesIn(users: readonly Entry[]): { message: string; path: PropertyKey[] }[] {
  const names = new Set<string>();
  const owners = new Map<string, number>();
  return users.flatMap(({ name, secrets }, index) => {
    const problems: { message: string; path: PropertyKey[] }[] = [];
    if (names.has(name)) {
      problems.push({ path: [index, "name"], message: `"${name}" is there twice; join the two` });
    }
    names.add(name);
    for (const [place, secret] of secrets.entries()) {
      const digest = digestOf(secret).toString("hex");
      const owner = owners.get(digest) ?? index;
      owners.set(digest, owner);
      if (owner === index) continue;
      const message = `is also a secret of users[${owner}]; each user needs their own`;
      problems.push({ path: [index, "secrets", place], message });
    }
    return problems;
  });
}

function isDigest(secret: string): boolean {
  return /^sha256:[0-9a-f]{64}$/i.test(secret);
}

function looksLikeDigest(secret: string): boolean {
  return /^sha256:/i.test(secret);
}

function digestOf(secret: string): Buffer {
  return isDigest(secret) ? Buffer.from(secret.slice("sha256:".length), "hex") : sha256(secret);
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text, "utf8").digest();
}

/** The parser's own message shows what it has read, which may be a secret. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    throw new CredentialsError("it is not JSON");
  }
}

/** `users[0].access: expected "read" or "write"` */
function describe({ path, message }: z.core.$ZodIssue): string {
  const where = path.reduce<string>((name, part) => {
    if (typeof part === "number") return `${name}[${part}]`;
    return name === "" ? String(part) : `${name}.${String(part)}`;
  }, "");
  return where === "" ? message : `${where}: ${message}`;
}
