import type { io } from "@tensorflow/tfjs-core";
import type { LoadedPackage } from "@updraft/contracts/model-package";
import { z } from "zod";

const Manifest = z.looseObject({
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.object({ weights: z.array(z.record(z.string(), z.unknown())) })),
});

/** A package's network in the form in which tfjs loads it from memory. */
export function modelArtifacts(
  content: Pick<LoadedPackage, "model" | "weights">,
): io.ModelArtifacts {
  const { weightsManifest, ...rest } = Manifest.parse(JSON.parse(content.model));
  const { buffer, byteOffset, byteLength } = content.weights;
  return {
    ...rest,
    weightSpecs: weightsManifest.flatMap(
      (group) => group.weights,
    ) as unknown as io.WeightsManifestEntry[],
    weightData: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer,
  };
}
