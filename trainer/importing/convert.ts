import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { ForeignFormat, ForeignModel } from "./foreign-model.ts";

/** A model that TensorFlow's converter makes a graph of tfjs from. */
export interface Convertible extends ForeignModel {
  readonly format: Exclude<ForeignFormat, "tfjs">;
}

/** Without the pin, pip puts together versions of what the converter needs that clash. */
const howToInstall = "install it with pip install tensorflowjs ydf==0.11.0";

/** With what the program ends if something is not installed. */
const notInstalled = 3;

/** Lines of the converter's complaint that are shown. */
const shownLines = 4;

/**
 * Converts a model to a graph of tfjs, with TensorFlow's own converter.
 * @param folder where the graph is written
 * @param options.python Python with the package `tensorflowjs`: a program on the PATH, or a path
 * @throws if it is not installed, or refuses the model
 */
export async function convert(
  { format, path, name }: Convertible,
  folder: string,
  { python, signal }: { readonly python: string; readonly signal: AbortSignal },
): Promise<void> {
  const program = join(import.meta.dirname, "convert.py");
  const child = spawn(python, [program, format, path, folder], {
    stdio: ["ignore", "pipe", "pipe"],
    signal,
  });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const missing = (reason: string) =>
    `${name} has to be converted, and ${python} has no TensorFlow.js converter (${reason}); ${howToInstall}, and name that Python with --python`;
  const code = await endOf(child).catch((error: unknown) => {
    if (isMissing(error)) throw new Error(missing("there is no such program"), { cause: error });
    throw error;
  });
  if (code === 0) return;
  const [, complaint] = await said;
  const lines = complaint.trim().split("\n");
  if (code === notInstalled) throw new Error(missing(lines.at(-1) ?? ""));
  throw new Error(`${name} cannot be converted:\n${lines.slice(-shownLines).join("\n")}`);
}

async function endOf(child: ReturnType<typeof spawn>): Promise<number | null> {
  const [code]: unknown[] = await once(child, "close");
  return typeof code === "number" ? code : null;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
