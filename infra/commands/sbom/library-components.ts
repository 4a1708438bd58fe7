import { cudaLibraries, gpuWheels } from "../../../toolchain/gpu-pins.js";
import { pins } from "../../../toolchain/pins.js";
import type { ImageName } from "../../kubernetes/images/build-context.ts";
import { type Component, pypiComponent } from "./components.ts";

/** What the nodes run. */
const platform = "linux-x64";

/**
 * What an image's build fetches beside npm's packages: TensorFlow, and the CUDA libraries. For
 * processors there are two sources of TensorFlow, tried one after another, so that the version is
 * not known before the build; both are named.
 * @see decisions/021-images.md
 */
export function libraryComponents(image: ImageName, target: string | undefined): Component[] {
  if (image !== "trainer") return [];
  if (target === "gpu") {
    const wheel = gpuWheels[platform];
    const wheels =
      wheel === undefined ? [] : [pypiComponent(wheel.name, wheel.version, wheel.sha256)];
    return [...wheels, ...cudaLibraries.map(cudaComponent)];
  }
  const { archives, wheels } = pins.libtensorflow;
  const [archive, wheel] = [archives[platform], wheels[platform]];
  const candidates = [
    ...(archive === undefined
      ? []
      : [`${archive.version} ${archive.url} sha256:${archive.sha256}`]),
    ...(wheel === undefined
      ? []
      : [`${wheel.version} pkg:pypi/${wheel.name} sha256:${wheel.sha256}`]),
  ];
  return [
    {
      type: "library",
      "bom-ref": "libtensorflow",
      name: "libtensorflow",
      licenses: [{ expression: "Apache-2.0" }],
      properties: candidates.map((value) => ({ name: "updraft:one-of", value })),
    },
  ];
}

/** @param requirement as pip reads it, with the hash of the file */
function cudaComponent(requirement: string): Component {
  const [, name, version, sha256] =
    /^(\S+)==(\S+) --hash=sha256:([0-9a-f]{64})$/.exec(requirement) ?? [];
  if (name === undefined || version === undefined || sha256 === undefined) {
    throw new Error(`toolchain/gpu-pins.js: ${requirement} is no name, version and sha256`);
  }
  return pypiComponent(name, version, sha256);
}
