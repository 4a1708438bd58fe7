import { access, constants, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { ResourceHandler } from "./resource-handler.ts";
import { stopServicesIn } from "./supervisor-client.ts";

/** Inputs of `updraft:local:Folder`. */
const FolderInputs = z.object({ path: z.string(), keep: z.boolean() });

/** Marks a folder as one that a stack made, and may therefore remove. */
const marker = ".updraft-stack";

/** The folder in which everything of a stack lies; it goes with the stack unless it is to be kept. */
export const folderHandler: ResourceHandler = {
  check(before, inputs) {
    if (before["path"] === undefined || before["path"] === inputs["path"]) return [];
    return [
      {
        property: "path",
        reason: `the stack's files are in ${String(before["path"])} and cannot be moved by an update; set updraft:store.path back, or take the stack down first`,
      },
    ];
  },

  async difference(state, inputs) {
    return state["keep"] === inputs["keep"] ? "same" : "update";
  },

  async create(inputs) {
    const { path } = FolderInputs.parse(inputs);
    await claimFolder(path);
    return { id: path, outs: {} };
  },

  async read(state) {
    const { path } = FolderInputs.parse(state);
    const there = await access(join(path, marker)).then(
      () => true,
      () => false,
    );
    return there ? {} : undefined;
  },

  async update() {
    return {};
  },

  async delete(state) {
    const { path, keep } = FolderInputs.parse(state);
    // Those of the state are stopped by now; an update that was killed may have left another one.
    await stopServicesIn(path);
    if (!keep) await rm(path, { recursive: true, force: true, maxRetries: 3 });
  },
};

/**
 * Makes the folder, or takes one that is empty or was kept from an earlier stack.
 * @throws if it cannot be written, or holds files that are not a stack's
 */
export async function claimFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode: 0o700 });
    await access(path, constants.W_OK);
    const entries = await readdir(path);
    if (entries.length > 0 && !entries.includes(marker)) {
      throw new Error("it holds files that are not a stack's");
    }
    await writeFile(join(path, marker), "Made by Updraft; removed with its stack.\n");
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `updraft:store.path ${path} cannot hold the stack's files: ${reason}. Name an empty folder that can be written to.`,
      { cause: error },
    );
  }
}
