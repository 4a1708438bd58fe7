import { isAbsolute } from "node:path";

/** Where the tracker's memory is. */
export type DatabaseAddress =
  | {
      readonly kind: "sqlite";
      /** Absolute path. */
      readonly file: string;
    }
  | {
      readonly kind: "postgres";
      /** `postgresql://user:password@host:port/database?options`. */
      readonly uri: string;
    };

/** What an address may look like. */
export const databaseAddresses =
  "sqlite:////absolute/path/of/tracker.db (four slashes) or postgresql://user:password@host:port/database";

/**
 * Reads an address as MLflow and SQLAlchemy write it: `sqlite:////a/b.db` is the file `/a/b.db`;
 * in `postgresql+psycopg2://` the driver has no meaning here.
 * @returns undefined for any other text
 */
export function parseDatabaseAddress(address: string): DatabaseAddress | undefined {
  if (address.startsWith("sqlite:///")) {
    const file = address.slice("sqlite:///".length);
    return isAbsolute(file) && file.length > 1 ? { kind: "sqlite", file } : undefined;
  }
  const uri = address.replace(/^postgres(?:ql)?(?:\+\w+)?:\/\//, "postgresql://");
  if (!uri.startsWith("postgresql://") || !URL.canParse(uri)) return undefined;
  return new URL(uri).pathname.length > 1 ? { kind: "postgres", uri } : undefined;
}

/** An address for people to read: without the password. */
export function shownAddress(address: DatabaseAddress): string {
  if (address.kind === "sqlite") return address.file;
  const { username, host, pathname } = new URL(address.uri);
  return `postgresql://${username && `${username}@`}${host}${pathname}`;
}

/** An address that could not be read, for an error message: without what may be a password. */
export function withoutCredentials(address: string): string {
  return address.replace(/:\/\/.*@/s, "://***@").replace(/\bpassword=[^&\s]*/gi, "password=***");
}
