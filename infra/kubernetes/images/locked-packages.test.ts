import { expect, it } from "vitest";
import { locked, type LockFile } from "./locked-packages.ts";

const lock: LockFile = {
  name: "platform",
  version: "0.1.0",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": {
      workspaces: ["contracts", "server", "tests"],
      dependencies: { headers: "1.0.0" },
      devDependencies: { linter: "1.0.0" },
    },
    contracts: { version: "0.1.0", dependencies: { schema: "1.0.0" } },
    server: {
      version: "0.1.0",
      dependencies: { "@platform/contracts": "0.1.0", http: "2.0.0" },
      devDependencies: { "@types/http": "2.0.0" },
    },
    tests: { version: "0.1.0", devDependencies: { browser: "1.0.0" } },
    "node_modules/@platform/contracts": { resolved: "contracts", link: true },
    "node_modules/@platform/server": { resolved: "server", link: true },
    "node_modules/@platform/tests": { resolved: "tests", link: true },
    "node_modules/@types/http": { version: "2.0.0" },
    "node_modules/browser": { version: "1.0.0" },
    "node_modules/headers": { version: "1.0.0" },
    "node_modules/http": {
      version: "2.0.0",
      dependencies: { schema: "0.9.0" },
      optionalDependencies: { fast: "1.0.0", "only-elsewhere": "1.0.0" },
      peerDependencies: { socket: "1.0.0", browser: "1.0.0" },
      peerDependenciesMeta: { browser: { optional: true } },
    },
    "node_modules/http/node_modules/schema": { version: "0.9.0" },
    "node_modules/fast": { version: "1.0.0" },
    "node_modules/linter": { version: "1.0.0" },
    "node_modules/schema": { version: "1.0.0" },
    "node_modules/socket": { version: "1.0.0" },
  },
};

const workspaces = ["contracts", "server"];

it("keeps what the workspaces install, each in the version that they get", () => {
  expect(locked(lock, { workspaces, withRoot: false })).toEqual({
    ...lock,
    packages: {
      "": { workspaces },
      contracts: lock.packages["contracts"],
      server: {
        version: "0.1.0",
        dependencies: { "@platform/contracts": "0.1.0", http: "2.0.0" },
      },
      "node_modules/@platform/contracts": { resolved: "contracts", link: true },
      "node_modules/@platform/server": { resolved: "server", link: true },
      "node_modules/http": lock.packages["node_modules/http"],
      "node_modules/http/node_modules/schema": { version: "0.9.0" },
      "node_modules/fast": { version: "1.0.0" },
      "node_modules/schema": { version: "1.0.0" },
      "node_modules/socket": { version: "1.0.0" },
    },
  });
});

it("keeps what the repository itself depends on where that is wanted", () => {
  const { packages } = locked(lock, { workspaces: ["contracts"], withRoot: true });
  expect(Object.keys(packages)).toEqual([
    "",
    "contracts",
    "node_modules/@platform/contracts",
    "node_modules/headers",
    "node_modules/schema",
  ]);
  expect(packages[""]).toEqual({ workspaces: ["contracts"], dependencies: { headers: "1.0.0" } });
});

it("says which workspace the lock file does not know", () => {
  expect(() => locked(lock, { workspaces: ["trainer"], withRoot: false })).toThrow(
    "package-lock.json has no trainer; run npm install",
  );
});
