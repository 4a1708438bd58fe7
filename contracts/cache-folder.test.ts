import { homedir } from "node:os";
import { expect, it } from "vitest";
import { cacheFolder } from "./cache-folder.ts";

it("prefers the folder that is named to the user's cache folder", () => {
  const named = { UPDRAFT_CACHE: "/big/cache", XDG_CACHE_HOME: "/xdg" };
  expect(cacheFolder(named)).toBe("/big/cache");
  expect(cacheFolder({ UPDRAFT_CACHE: "cache" })).toBe(`${process.cwd()}/cache`);
  expect(cacheFolder({ XDG_CACHE_HOME: "/xdg" })).toBe("/xdg/updraft");
  expect(cacheFolder({ UPDRAFT_CACHE: "", XDG_CACHE_HOME: "" })).toBe(
    `${homedir()}/.cache/updraft`,
  );
});
