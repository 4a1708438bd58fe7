import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readConfigFiles, restoreConfigFiles, withoutSalt } from "./stack-config.js";

const before = `# The dev stack.
config:
  updraft:target: local   # this machine

  updraft:model: {name: digits,   dataset: "mnist-10k"}
`;
const laidOut = `# The dev stack.
config:
  updraft:target: local # this machine
  updraft:model: {name: digits, dataset: mnist-10k}
`;
const salt = "encryptionsalt: v1:KuGsPohj1Fk=:v1:f8L1IgwKkZ2OSw/H:pZiIv4LgJc==\n";

describe("withoutSalt", () => {
  it("gives the file as it was if a command has added nothing but the salt", () => {
    expect(withoutSalt(before, laidOut + salt)).toBe(before);
  });

  it("keeps what a command has changed", () => {
    const changed = laidOut.replace("digits", "iris");
    expect(withoutSalt(before, salt + changed)).toBe(changed);
  });

  it("leaves no file where a command has written nothing but the salt", () => {
    expect(withoutSalt(undefined, salt)).toBeUndefined();
  });

  it("leaves a file without salt alone", () => {
    expect(withoutSalt(before, laidOut)).toBe(laidOut);
  });

  it("leaves a salt that was there before", () => {
    expect(withoutSalt(before + salt, laidOut + salt)).toBe(laidOut + salt);
  });

  it("leaves the salt that secrets of the file need", () => {
    const secret = `config:\n  updraft:token:\n    secure: v1:abc:def\n${salt}`;
    expect(withoutSalt("config: {}\n", secret)).toBe(secret);
  });
});

describe("restoreConfigFiles", () => {
  it("restores the files of all stacks and no others", async () => {
    const folder = await mkdtemp(join(tmpdir(), "updraft-config-"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: updraft\n");
    await writeFile(join(folder, "Pulumi.dev.yaml"), before);
    const files = readConfigFiles(folder);
    await writeFile(join(folder, "Pulumi.yaml"), `name: updraft\n${salt}`);
    await writeFile(join(folder, "Pulumi.dev.yaml"), laidOut + salt);
    await writeFile(join(folder, "Pulumi.pr-1.yaml"), salt);
    restoreConfigFiles(folder, files);
    expect((await readdir(folder)).toSorted()).toEqual(["Pulumi.dev.yaml", "Pulumi.yaml"]);
    expect(await readFile(join(folder, "Pulumi.dev.yaml"), "utf8")).toBe(before);
    expect(await readFile(join(folder, "Pulumi.yaml"), "utf8")).toBe(`name: updraft\n${salt}`);
    await rm(folder, { recursive: true });
  });
});
