import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import type { ResourceHandler } from "./resource-handler.ts";

/** Inputs of `updraft:local:SecretFile`. */
const SecretFileInputs = z.object({ path: z.string(), content: z.string() });
type SecretFileInputs = z.infer<typeof SecretFileInputs>;

/** A file of mode 0600. Whoever reads it sees the old content or the new one, never a part. */
export const secretFileHandler: ResourceHandler = {
  async difference(state, inputs, context) {
    if (state["path"] !== inputs["path"]) return "replace";
    if (state["content"] !== inputs["content"]) return "update";
    const there = await contentOf(SecretFileInputs.parse(state));
    if (there === state["content"]) return "same";
    context.info("is not as it was written and will be written again");
    return "update";
  },

  async create(inputs) {
    const file = SecretFileInputs.parse(inputs);
    await place(file);
    return { id: file.path, outs: {} };
  },

  async read(state) {
    return (await contentOf(SecretFileInputs.parse(state))) === undefined ? undefined : {};
  },

  async update(_state, inputs) {
    await place(SecretFileInputs.parse(inputs));
    return {};
  },

  delete: (state) => rm(SecretFileInputs.parse(state).path, { force: true }),
};

async function place({ path, content }: SecretFileInputs): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const incoming = `${path}.${randomUUID()}`;
  await writeFile(incoming, content, { mode: 0o600 });
  await rename(incoming, path);
}

async function contentOf({ path }: SecretFileInputs): Promise<string | undefined> {
  return readFile(path, "utf8").catch(() => undefined);
}
