import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { ensurePart } from "../../../../toolchain/parts.js";
import { run } from "../../../../toolchain/run.js";
import { currentContext } from "../../../../toolchain/setup.js";
import { say } from "../report.ts";

const npmVersion = "10.9.9";

/** A part of an image in the cache. Its key is its identity. */
export interface ImagePart {
  readonly key: string;
  readonly folder: string;
}

/**
 * A minimal Debian, as `root.tar`.
 * @param mirror of Debian's archive
 */
export async function debianRoot(mirror: string): Promise<ImagePart> {
  return part("debian-root-bookworm-1", async (folder) => {
    say("making a minimal Debian with debootstrap");
    const root = join(folder, "root");
    const args = ["--variant=minbase", "--include=ca-certificates", "bookworm", root, mirror];
    await run("debootstrap", args);
    for (const unwanted of [
      "var/cache/apt",
      "var/lib/apt/lists",
      "var/log",
      "usr/share/doc",
      "usr/share/man",
      "usr/share/locale",
    ]) {
      await rm(join(root, unwanted), { recursive: true, force: true });
    }
    for (const wanted of [
      "var/cache/apt/archives/partial",
      "var/lib/apt/lists/partial",
      "var/log",
    ]) {
      await mkdir(join(root, wanted), { recursive: true });
    }
    const reproducible = ["--numeric-owner", "--sort=name", "--mtime=@0"];
    await run("tar", [...reproducible, "-C", root, "-cf", join(folder, "root.tar"), "."]);
    await rm(root, { recursive: true });
  });
}

/** Node, as `node`, and npm, as a folder. */
export async function nodeForImages(version: string): Promise<ImagePart> {
  return part(`node-for-images-${version}-npm-${npmVersion}-1`, async (folder) => {
    say(`fetching Node ${version} for images`);
    const node = `node-linux-${process.arch}`;
    const draft = join(folder, "draft");
    await mkdir(draft);
    const packages = [`${node}@${version}`, `npm@${npmVersion}`];
    const flags = ["--no-save", "--ignore-scripts", "--no-package-lock", "--prefix", draft];
    await run("npm", ["install", ...flags, ...packages], { cwd: draft });
    const modules = join(draft, "node_modules");
    await cp(join(modules, node, "bin", "node"), join(folder, "node"));
    await cp(join(modules, "npm"), join(folder, "npm"), {
      recursive: true,
      verbatimSymlinks: true,
    });
    await rm(draft, { recursive: true });
  });
}

async function part(key: string, build: (folder: string) => Promise<void>): Promise<ImagePart> {
  const context = currentContext();
  const full = `${key}-${context.platform}`;
  return { key: full, folder: await ensurePart(context.cache, full, build, say) };
}
