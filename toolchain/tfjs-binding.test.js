import { lstat, mkdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { hashOf, localSource, recordedStep } from "./local-source.js";
import { pins } from "./pins.js";
import { hasOwnBinding, tfjsBinding } from "./tfjs-binding.js";

const object = "pre-built-binary/napi-v8/4.22.0/CPU-linux-4.22.0.tar.gz";
/** @type {import("./local-source.js").LocalSource} */
let source;
/** @type {string} */
let tfjsNode;
/** @type {import("./libtensorflow.js").LibTensorFlow} */
let library;

beforeEach(async () => {
  source = await localSource();
  tfjsNode = join(source.folder, "repository", "node_modules", "@tensorflow", "tfjs-node");
  await mkdir(tfjsNode, { recursive: true });
  await writeFile(join(tfjsNode, "package.json"), '{"version": "4.22.0"}');
  const key = "libtensorflow-2.9.1-linux-x64";
  const folder = join(source.folder, "cache", "parts", key);
  await mkdir(join(folder, "lib"), { recursive: true });
  await writeFile(join(folder, "lib", "libtensorflow.so.2"), "the library");
  library = { key, folder, version: "2.9.1", kind: "archive" };
});

afterEach(() => source.remove());

const context = () => source.context({ pins: { ...pins, tfjsBinding: { storage: source.url } } });

describe("tfjsBinding", () => {
  it("takes the official binding where there is no compiler, and links both parts", async () => {
    const archive = await source.archive({ "napi-v8/tfjs_binding.node": "the binding" });
    const md5Hash = Buffer.from(hashOf(archive, "md5"), "hex").toString("base64");
    source.serve(
      `/storage/v1/b/tf-builds/o/${encodeURIComponent(object)}`,
      JSON.stringify({ md5Hash }),
    );
    source.serve(`/tf-builds/${object}`, archive);
    await tfjsBinding(context(), library, recordedStep());
    const binding = join(tfjsNode, "lib", "napi-v8", "tfjs_binding.node");
    expect(await readFile(binding, "utf8")).toBe("the binding");
    expect(await readFile(join(tfjsNode, "deps", "lib", "libtensorflow.so.2"), "utf8")).toBe(
      "the library",
    );
    expect(await hasOwnBinding(context())).toBe(false);
  });

  it("compiles the binding where there is a compiler", async () => {
    await source.program("bin/g++", '#!/bin/sh\nfor last; do :; done\necho "$@" > "$last"\n');
    await tfjsBinding(context(), library, recordedStep());
    const flags = await readFile(join(tfjsNode, "lib", "napi-v8", "tfjs_binding.node"), "utf8");
    expect(flags).toContain(`-L${library.folder}/lib -l:libtensorflow.so.2 `);
    expect(flags).toContain("-Wl,-rpath,$ORIGIN/../../deps/lib");
  });

  it("leads links that point elsewhere to the parts of this cache", async () => {
    await source.program("bin/g++", '#!/bin/sh\nfor last; do :; done\necho x > "$last"\n');
    await symlink("/nowhere", join(tfjsNode, "deps"));
    await symlink("/nowhere", join(tfjsNode, "lib"));
    await tfjsBinding(context(), library, recordedStep());
    const part = join(source.folder, "cache", "parts", `tfjs-binding-4.22.0-${library.key}`);
    expect(await readlink(join(tfjsNode, "deps"))).toBe(join(part, "deps"));
    expect(await readlink(join(tfjsNode, "lib"))).toBe(join(part, "lib"));
    expect((await lstat(join(tfjsNode, "lib"))).isSymbolicLink()).toBe(true);
  });

  it("says what to install if the library is one that only a compiler can bind", async () => {
    await expect(
      tfjsBinding(context(), { ...library, kind: "wheel" }, recordedStep()),
    ).rejects.toThrow(
      [
        "The binding of tfjs-node to libtensorflow cannot be set up. Tried:",
        "  - a build with a C++ compiler: g++ is not on PATH; install a C++ compiler (Debian and Ubuntu: g++; Fedora: gcc-c++)",
        "Install a C++ compiler and run this again.",
      ].join("\n"),
    );
  });
});

describe("hasOwnBinding", () => {
  it("sees what tfjs-node's own installer has left", async () => {
    await source.program(
      "repository/node_modules/@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node",
      "",
    );
    expect(await hasOwnBinding(context())).toBe(true);
  });
});
