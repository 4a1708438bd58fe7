import { spawnSync } from "node:child_process";
import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { deserialize } from "../packaging/serialize.ts";
import { predict } from "../training/predict.ts";
import { loadTensorflow } from "../training/tensorflow.ts";
import { foreignModel } from "./foreign-model.ts";
import { readForeign } from "./read-foreign.ts";

await loadTensorflow();

const python = process.env["TRAINER_PYTHON"] ?? "python3";
const { signal } = new AbortController();

async function kerasFile(): Promise<string> {
  const path = join(await temporaryFolder(), "model.h5");
  await writeFile(path, "no model");
  return path;
}

describe("a model that has to be converted", () => {
  it("is refused with how to install the converter where there is none", async () => {
    const foreign = await foreignModel(await kerasFile());
    await expect(readForeign(foreign, { python: "/no/python", signal })).rejects.toThrow(
      "model.h5 has to be converted, and /no/python has no TensorFlow.js converter (there is no such program); install it with pip install tensorflowjs ydf==0.11.0, and name that Python with --python",
    );
  });

  it("is refused in the same way where Python has no such package", async (context) => {
    const found = spawnSync("python3", ["-I", "-S", "-c", ""]);
    if (found.status !== 0) context.skip("there is no python3");
    // Python without its site packages has none.
    const folder = await temporaryFolder();
    const bare = join(folder, "python");
    await writeFile(bare, '#!/bin/sh\nexec python3 -I -S "$@"\n', { mode: 0o755 });
    const foreign = await foreignModel(await kerasFile());
    await expect(readForeign(foreign, { python: bare, signal })).rejects.toThrow(
      /has no TensorFlow\.js converter \(ModuleNotFoundError: No module named 'keras'\); install it with pip/,
    );
  });
});

/** Makes a model that gives the sum and the double sum of two values, as each kind of file. */
const makeModels = `
import keras, numpy, sys
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, use_bias=False)])
model.layers[0].set_weights([numpy.array([[1.0, 2.0], [1.0, 2.0]])])
model.save(sys.argv[1] + "/sums.keras")
model.save(sys.argv[1] + "/sums.h5")
model.export(sys.argv[1] + "/sums")
`;

// With TensorFlow's converter: TRAINER_PYTHON names a Python that has it.
describe("TensorFlow's converter", { timeout: 240_000 }, () => {
  it("makes a graph of every kind of file, and refuses what is none", async (context) => {
    const found = spawnSync(python, ["-c", "import keras, tf_keras, tensorflowjs"]);
    if (found.status !== 0) {
      context.skip(`${python} has no TensorFlow.js converter; set TRAINER_PYTHON to one that has`);
    }
    const folder = await temporaryFolder();
    const made = spawnSync(python, ["-c", makeModels, folder], { encoding: "utf8" });
    expect(made.status, made.stderr).toBe(0);
    expect((await readdir(folder)).toSorted()).toEqual(["sums", "sums.h5", "sums.keras"]);
    for (const name of ["sums", "sums.h5", "sums.keras"]) {
      const foreign = await foreignModel(join(folder, name));
      const network = await deserialize(await readForeign(foreign, { python, signal }));
      const answers = await predict(network, { count: 2, inputs: Float32Array.of(1, 2, 3, 4) });
      expect([...answers], name).toEqual([3, 6, 7, 14]);
      network.dispose();
    }
    await mkdir(join(folder, "none"));
    await writeFile(join(folder, "none/saved_model.pb"), "no model");
    const none = await foreignModel(join(folder, "none"));
    await expect(readForeign(none, { python, signal })).rejects.toThrow(
      /none cannot be converted:\n/,
    );
  });
});
