import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { CredentialsError, parseCredentials } from "./credentials.ts";

const digest = (secret: string) => `sha256:${createHash("sha256").update(secret).digest("hex")}`;

const ada = { name: "ada", access: "write", secrets: ["a-long-secret-of-ada"] };
const bob = { name: "bob", access: "read", secrets: [digest("bobs-own-token"), digest("new")] };

function parse(...users: object[]) {
  return parseCredentials(JSON.stringify({ users }));
}

describe("credentials", () => {
  const credentials = parse(ada, bob);

  it("know a user by a secret alone, or by name and secret", () => {
    const user = { name: "ada", access: "write" };
    expect(credentials.userOf({ secret: "a-long-secret-of-ada" })).toEqual(user);
    expect(credentials.userOf({ name: "ada", secret: "a-long-secret-of-ada" })).toEqual(user);
  });

  it("know a user by each of their secrets, which the file need not hold", () => {
    const user = { name: "bob", access: "read" };
    expect(credentials.userOf({ secret: "bobs-own-token" })).toEqual(user);
    expect(credentials.userOf({ name: "bob", secret: "new" })).toEqual(user);
  });

  it.each([
    { name: "bob", secret: "a-long-secret-of-ada" },
    { name: "ada", secret: "a-long-secret-of-ad" },
    { name: "Ada", secret: "a-long-secret-of-ada" },
    { secret: digest("bobs-own-token") },
    { secret: "" },
    { secret: "ada" },
  ])("know nobody by %j", (presented) => {
    expect(credentials.userOf(presented)).toBeUndefined();
  });

  it("say whether the file lets its reader in", () => {
    expect(credentials.holdsPlainSecrets).toBe(true);
    expect(parse(bob).holdsPlainSecrets).toBe(false);
  });
});

function refusalOf(...users: object[]): unknown {
  try {
    return parse(...users);
  } catch (error) {
    return error;
  }
}

describe("parseCredentials", () => {
  it("names every problem at once, and no secret", () => {
    const error = refusalOf(
      { ...ada, access: "admin", secrets: ["short"] },
      { ...bob, name: "a:b", secrets: [], password: "my-hidden-password" },
      { name: "eve", access: "read", secrets: ["sha256:nothexatallbutlongenough"] },
    );
    expect(error).toEqual(
      new CredentialsError(
        [
          'users[0].access: expected "read" or "write"',
          "users[0].secrets[0]: expected at least 16 characters, or sha256: and 64 hexadecimal digits",
          "users[1].name: expected a name without colons and control characters",
          "users[1].secrets: expected at least one",
          'users[1]: Unrecognized key: "password"',
          "users[2].secrets[0]: expected at least 16 characters, or sha256: and 64 hexadecimal digits",
        ].join("\n"),
      ),
    );
  });

  it("refuses a name or a secret that two users have", () => {
    const error = refusalOf(
      ada,
      { ...ada, secrets: ["another-long-secret"] },
      {
        name: "eve",
        access: "read",
        secrets: [digest("another-long-secret")],
      },
    );
    expect(error).toEqual(
      new CredentialsError(
        [
          'users[1].name: "ada" is there twice; join the two',
          "users[2].secrets[0]: is also a secret of users[1]; each user needs their own",
        ].join("\n"),
      ),
    );
  });

  it.each([
    ['{"users": [{"name": "ada", "secrets": ["hidden-secret" ', "it is not JSON"],
    ["[]", "Invalid input: expected object, received array"],
    ["{}", "users: expected a list of users"],
    ['{"users": []}', "users: expected at least one user"],
  ])("refuses the text %s", (text, message) => {
    expect(() => parseCredentials(text)).toThrow(new CredentialsError(message));
  });
});
