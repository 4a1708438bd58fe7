import { networkFormat } from "@updraft/contracts/model-package";
import type { TensorSpec } from "@updraft/contracts/signature";
import type { ModelSlot } from "../../models/model-repository.ts";
import type { ServedModel } from "../../models/served-model.ts";
import serverPackage from "../../package.json" with { type: "json" };

/** What this server is, and which extensions of the protocol it has. */
export const serverMetadata = {
  name: "updraft",
  version: serverPackage.version,
  extensions: ["binary_tensor_data", "model_repository"],
};

/** What a model takes and gives; -1 is the batch. */
export function modelMetadata({ name, version, content, input, output }: ServedModel) {
  return {
    name,
    versions: [version],
    platform: `tensorflowjs_${networkFormat(content).replace("-", "")}`,
    inputs: [tensorMetadata(input)],
    outputs: [tensorMetadata(output)],
  };
}

function tensorMetadata({ name, datatype, shape }: TensorSpec) {
  return { name, datatype, shape };
}

/**
 * The models of a server and whether they can answer.
 * @see https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_model_repository.md
 */
export function repositoryIndex(slots: readonly ModelSlot[], onlyReady: boolean) {
  return slots
    .filter(({ active }) => active !== undefined || !onlyReady)
    .map(({ name, active, problem }) =>
      active
        ? { name, version: active.version, state: "READY", reason: problem ?? "" }
        : { name, version: "", state: "UNAVAILABLE", reason: problem ?? "the model is not loaded" },
    );
}
