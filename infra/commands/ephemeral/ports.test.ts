import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { areUsable, freePorts } from "./ports.ts";

describe("the ports of a stack", () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "updraft-ports-"));
  });

  afterEach(() => rm(folder, { recursive: true }));

  it("are two that nobody listens on", async () => {
    await writeFile(join(folder, "Pulumi.broken.yaml"), "config: [");
    const ports = await freePorts(folder);
    expect(ports.inference).not.toBe(ports.tracker);
    expect(await areUsable(ports, folder)).toBe(true);
  });

  it("cannot be used any more once a stranger listens there", async () => {
    const stranger = createServer();
    await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const { port } = stranger.address() as AddressInfo;
    const { tracker } = await freePorts(folder);
    expect(await areUsable({ inference: port, tracker }, folder)).toBe(false);
    await new Promise((resolve) => stranger.close(resolve));
    expect(await areUsable({ inference: port, tracker }, folder)).toBe(true);
  });
});
