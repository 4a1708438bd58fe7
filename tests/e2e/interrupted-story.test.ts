import { Release } from "@updraft/contracts/release";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { Environments, killWhenItSays } from "./environments.ts";
import { isListening, processesIn } from "./leftovers.ts";
import { quickModel } from "./pulumi-stack.ts";
import { versionOf } from "./tracker-client.ts";

const model = { name: quickModel.name, dataset: quickModel.dataset };
const seconds = { ...quickModel, hyperparameters: { epochs: 2 } };

// The command is killed in the middle of each step, as a lost connection or a full machine does it.
describe("environments whose every command is killed once", () => {
  let all: Environments;
  const release = async (stack: string) => Release.parse((await all.outputs(stack)).release);

  beforeAll(async () => {
    all = await Environments.create();
  });

  afterAll(() => all?.cleanUp());

  /** Kills an update, and runs it again. */
  async function upOnceMore(stack: string, words: string): Promise<void> {
    await killWhenItSays(await all.startUp(stack), words);
    await all.unlock(stack);
    const up = await all.up(stack);
    expect(up.code, up.output).toBe(0);
  }

  it("takes up dev's first update, killed while it trains", async () => {
    await all.configure("dev");
    await upOnceMore("dev", "epoch 1/1");
    expect((await release("dev")).version).toBe("1");
  });

  it("takes up an ephemeral stack, killed on its way up and on its way down", async () => {
    const name = all.name("pr-8");
    const up = ["up", name, "--ttl", "1h", "--template", await all.template()];
    await killWhenItSays(all.startCommand("ephemeral", ...up), "epoch 1/1");
    await all.unlock("pr-8");
    const again = await all.command("ephemeral", ...up);
    expect(again.code, again.output).toBe(0);
    await killWhenItSays(all.startCommand("ephemeral", "down", name), "inference-service");
    await all.unlock("pr-8");
    const down = await all.command("ephemeral", "down", name);
    expect(down.code, down.output).toBe(0);
    const left = await all.command("verify-teardown", name);
    expect(left.code, left.output).toBe(0);
  });

  it("takes up a promotion, killed while it is judged", async () => {
    await all.configure("prod", { promotion: { fromStack: all.name("dev") }, model });
    await upOnceMore("prod", "promotion-run creating");
    expect((await release("prod")).digest).toBe((await release("dev")).digest);
  });

  it("takes up the next update and the next promotion", async () => {
    await all.configure("dev", { model: seconds });
    await upOnceMore("dev", "epoch 1/2");
    await upOnceMore("prod", "promotion-run");
    expect((await release("prod")).digest).toBe((await release("dev")).digest);
  });

  it("takes up a rollback", async () => {
    const prod = all.name("prod");
    await killWhenItSays(all.startCommand("rollback", prod, "1"), "rollback-run");
    await all.unlock("prod");
    const back = await all.command("rollback", prod, "1");
    expect(back.code, back.output).toBe(0);
    expect((await all.outputs("prod")).model.version).toBe("1");
    expect(await versionOf(all.trackerUrl("prod"), "digits", "champion")).toBe("1");
  });

  it("takes up the end, and leaves nothing", async () => {
    for (const stack of ["prod", "dev"]) {
      const args = ["destroy", "--yes", "--skip-preview", "--stack", all.name(stack)];
      await killWhenItSays(all.start("pulumi", args), "inference-service deleting");
      await all.unlock(stack);
      const destroyed = await all.destroy(stack);
      expect(destroyed.code, destroyed.output).toBe(0);
      // The service that the killed command has told to stop may still be ending.
      await vi.waitFor(async () => expect(await processesIn(all.storePath(stack))).toEqual([]), {
        timeout: 20_000,
      });
      expect(await isListening(Number(new URL(all.trackerUrl(stack)).port))).toBe(false);
    }
  });
});
