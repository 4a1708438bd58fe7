import { describe, expect, it } from "vitest";
import { parseDatabaseAddress, shownAddress, withoutCredentials } from "./database-address.ts";

describe("parseDatabaseAddress", () => {
  it("reads files of SQLite, which have four slashes", () => {
    expect(parseDatabaseAddress("sqlite:////a/b.db")).toEqual({ kind: "sqlite", file: "/a/b.db" });
    expect(parseDatabaseAddress("sqlite:///b.db")).toBeUndefined();
    expect(parseDatabaseAddress("sqlite:////")).toBeUndefined();
  });

  it.each([
    "postgresql://me:secret@db:5433/runs",
    "postgres://me:secret@db:5433/runs",
    "postgresql+psycopg2://me:secret@db:5433/runs",
  ])("reads %s", (address) => {
    expect(parseDatabaseAddress(address)).toEqual({
      kind: "postgres",
      uri: "postgresql://me:secret@db:5433/runs",
    });
  });

  it("refuses other databases, and a Postgres address without a database", () => {
    expect(parseDatabaseAddress("mysql://me:secret@db/runs")).toBeUndefined();
    expect(parseDatabaseAddress("postgresql://db:port/runs")).toBeUndefined();
    expect(parseDatabaseAddress("postgresql://db")).toBeUndefined();
  });
});

describe("an address in a message", () => {
  it("names user, host, port and database but not the password", () => {
    const address = parseDatabaseAddress("postgres://me:secret@db:5433/runs?password=secret");

    expect(address && shownAddress(address)).toBe("postgresql://me@db:5433/runs");
  });

  it("hides whatever may be a password where it could not be read", () => {
    expect(withoutCredentials("postgresq://me:a/b@c@db/runs")).toBe("postgresq://***@db/runs");
    expect(withoutCredentials("postgresql://?password=x&host=y")).toBe(
      "postgresql://?password=***&host=y",
    );
  });
});
