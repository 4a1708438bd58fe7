import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import type { CreateRequest, DiffRequest } from "../support/plugin-provider.ts";
import {
  type Properties,
  secretOf,
  unknownString,
  withoutSecrets,
} from "../support/wire-values.ts";
import { createRandomProvider } from "./random-provider.ts";

const provider = createRandomProvider();
const password = "random:index/randomPassword:RandomPassword";

function urnOf(type: string): string {
  return `urn:pulumi:dev::updraft::updraft:platform:ObjectStore$${type}::secret`;
}

function create(type: string, properties: Properties, more: Partial<CreateRequest> = {}) {
  const request = { urn: urnOf(type), properties, timeoutSeconds: 0, preview: false, ...more };
  return provider.create(request);
}

function diff(type: string, olds: Properties, news: Properties) {
  const request: DiffRequest = {
    id: "none",
    urn: urnOf(type),
    olds,
    oldInputs: {},
    news,
    ignoreChanges: [],
  };
  return provider.diff(request);
}

function check(type: string, news: Properties) {
  return provider.check({
    urn: urnOf(type),
    olds: {},
    news,
    randomSeed: new Uint8Array(),
    autonaming: undefined,
  });
}

describe("RandomPassword", () => {
  it("makes a secret of the given length, with as many characters of a kind as asked for", async () => {
    const rules = { length: 40, minUpper: 3, minNumeric: 5, minSpecial: 2, overrideSpecial: "_-" };
    const { id, properties } = await create(password, rules);
    expect(id).toBe("none");
    expect(properties["result"]).toEqual(secretOf(withoutSecrets(properties["result"])));
    const result = String(withoutSecrets(properties["result"]));
    expect(result).toMatch(/^[A-Za-z0-9_-]{40}$/);
    expect(result.replaceAll(/[^A-Z]/g, "").length).toBeGreaterThanOrEqual(3);
    expect(result.replaceAll(/[^0-9]/g, "").length).toBeGreaterThanOrEqual(5);
    expect(result.replaceAll(/[^_-]/g, "").length).toBeGreaterThanOrEqual(2);
    expect(properties).toMatchObject({ length: 40, lower: true, numeric: true, minLower: 0 });
  });

  it("leaves out what is switched off", async () => {
    const { properties } = await create(password, { length: 64, special: false, upper: false });
    expect(withoutSecrets(properties["result"])).toMatch(/^[a-z0-9]{64}$/);
  });

  it("makes another one each time", async () => {
    const [a, b] = await Promise.all([
      create(password, { length: 24 }),
      create(password, { length: 24 }),
    ]);
    expect(withoutSecrets(a.properties["result"])).not.toBe(withoutSecrets(b.properties["result"]));
  });

  it("has a bcrypt hash that the password passes", async () => {
    const { properties } = await create(password, { length: 16, special: false });
    const [result, hash] = [properties["result"], properties["bcryptHash"]].map((value) =>
      String(withoutSecrets(value)),
    );
    const verify = "($p, $h) = @ARGV; print crypt($p, $h) eq $h ? 'passes' : 'fails'";
    expect(execFileSync("perl", ["-e", verify, result!, hash!]).toString()).toBe("passes");
    expect(execFileSync("perl", ["-e", verify, "another", hash!]).toString()).toBe("fails");
  });

  it("is not known in a preview, and secret even then", async () => {
    const { id, properties } = await create(password, { length: 16 }, { preview: true });
    expect(id).toBe("");
    expect(properties["result"]).toEqual(secretOf(unknownString));
    expect(properties["length"]).toBe(16);
  });

  it("stays while its inputs do, and is replaced when they or its keepers change", async () => {
    const inputs = { length: 16, keepers: { user: "a" } };
    const { properties } = await create(password, inputs);
    expect(await diff(password, properties, inputs)).toEqual({ changes: "none" });
    expect(await diff(password, properties, { ...inputs, special: true })).toEqual({
      changes: "none",
    });
    expect(await diff(password, properties, { ...inputs, length: 17 })).toMatchObject({
      changes: "some",
      replaces: ["length"],
    });
    expect(await diff(password, properties, { length: 16, keepers: { user: "b" } })).toMatchObject({
      replaces: ["keepers"],
    });
  });

  it("needs a length, and room for what is asked for", async () => {
    expect((await check(password, {})).failures).toEqual([
      { property: "length", reason: "Missing required argument: length" },
    ]);
    expect((await check(password, { length: 3, minUpper: 4 })).failures).toEqual([
      {
        property: "length",
        reason: "length 3 is below 4, the sum of minUpper, minLower, minNumeric and minSpecial",
      },
    ]);
    expect((await check(password, { length: 8 })).failures).toEqual([]);
  });
});

it("makes strings that are their own id", async () => {
  const { id, properties } = await create("random:index/randomString:RandomString", {
    length: 12,
    special: false,
  });
  expect(id).toMatch(/^[A-Za-z0-9]{12}$/);
  expect(properties["result"]).toBe(id);
});

it("makes ids that say the same in four ways", async () => {
  const { id, properties } = await create("random:index/randomId:RandomId", {
    byteLength: 8,
    prefix: "x-",
  });
  const bytes = Buffer.from(id, "base64url");
  expect(bytes).toHaveLength(8);
  expect(properties).toMatchObject({
    b64Url: `x-${id}`,
    b64Std: `x-${bytes.toString("base64")}`,
    hex: `x-${bytes.toString("hex")}`,
    dec: `x-${bytes.readBigUInt64BE()}`,
  });
});

it("makes bytes that are secret", async () => {
  const { id, properties } = await create("random:index/randomBytes:RandomBytes", { length: 32 });
  expect(Buffer.from(id, "base64")).toHaveLength(32);
  expect(properties["base64"]).toEqual(secretOf(id));
  expect(properties["hex"]).toEqual(secretOf(Buffer.from(id, "base64").toString("hex")));
});

it("says what it has when it is asked for something else", async () => {
  await expect(create("random:index/randomPet:RandomPet", {})).rejects.toThrow(
    "has no random:index/randomPet:RandomPet",
  );
});
