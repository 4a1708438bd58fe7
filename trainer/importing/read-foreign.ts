import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SerializedNetwork } from "../packaging/serialize.ts";
import { convert } from "./convert.ts";
import type { ForeignModel } from "./foreign-model.ts";
import { readTfjs } from "./read-tfjs.ts";

/** The network of a model that was trained elsewhere; what tfjs does not know is converted. */
export async function readForeign(
  foreign: ForeignModel,
  options: { readonly python: string; readonly signal: AbortSignal },
): Promise<SerializedNetwork> {
  const { format } = foreign;
  if (format === "tfjs") return readTfjs(foreign.path);
  const folder = await mkdtemp(join(tmpdir(), "updraft-import-"));
  try {
    await convert({ ...foreign, format }, folder, options);
    return await readTfjs(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
