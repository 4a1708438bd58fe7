import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { AnnouncedPods } from "./announced-pods.ts";

let folder: string;
let announced: AnnouncedPods;
const pod = { sandbox: "1", namespace: "a", name: "web", address: "10.244.1.2" };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "announced-"));
  announced = new AnnouncedPods(folder);
});

afterEach(() => rm(folder, { recursive: true }));

it("lets a pod start when its rules are applied, and forgets it in the end", async () => {
  const told = new Promise<void>((resolve) => announced.onAnnounce(resolve));
  const started = announced.announce(pod, 20_000);
  await told;
  await expect.poll(() => announced.list()).toEqual([pod]);
  await announced.applied([pod]);
  expect(await started).toBe(true);
  await announced.forget("1");
  expect(await announced.list()).toEqual([]);
});

it("lets a pod start after a time though nobody answers", async () => {
  expect(await announced.announce(pod, 1)).toBe(false);
});
