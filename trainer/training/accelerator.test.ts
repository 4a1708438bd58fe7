import { describe, expect, it } from "vitest";
import { acceleratorFor, NoGpuError, packagesFor } from "./accelerator.ts";
import { loadTensorflow, usedAccelerator } from "./tensorflow.ts";

describe("acceleratorFor", () => {
  it("is the GPU that TensorFlow found, and the processor where it found none", () => {
    expect(acceleratorFor("auto", true)).toBe("gpu");
    expect(acceleratorFor("gpu", true)).toBe("gpu");
    expect(acceleratorFor("auto", false)).toBe("cpu");
    expect(acceleratorFor("cpu", false)).toBe("cpu");
  });

  it("says what to do where a GPU is asked for and none can be used", () => {
    expect(() => acceleratorFor("gpu", false, false)).toThrow(
      new NoGpuError(
        "TRAINER_ACCELERATOR gpu: there is no NVIDIA GPU here, or a container was not given it; start it with --gpus all, or ask for nvidia.com/gpu in a cluster. To train without a GPU, set it to auto or cpu.",
      ),
    );
    expect(() => acceleratorFor("gpu", false, true)).toThrow(
      "there is a GPU here, but TensorFlow cannot use it",
    );
  });
});

it("looks for the package that has what is wanted first", () => {
  const [gpu, cpu] = ["@tensorflow/tfjs-node-gpu", "@tensorflow/tfjs-node"];
  expect([packagesFor("auto"), packagesFor("gpu")]).toEqual([
    [gpu, cpu],
    [gpu, cpu],
  ]);
  expect(packagesFor("cpu")).toEqual([cpu, gpu]);
});

it("tells what computes, and hides the GPUs where the processor is to", async () => {
  expect(await loadTensorflow("cpu")).toBe("cpu");
  expect(await usedAccelerator()).toBe("cpu");
  expect(process.env["CUDA_VISIBLE_DEVICES"]).toBe("-1");
});
