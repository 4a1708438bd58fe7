import type { ClusterPrograms } from "../../../../toolchain/cluster-programs.js";
import type { BuiltImage } from "../images/build-image.ts";
import { ensureImages, nameImages } from "../images/build-image.ts";
import { imageSources } from "../images/image-sources.ts";
import { supervisor } from "../processes/supervisor.ts";
import { waitFor } from "../processes/wait-for.ts";
import { writeIfChanged } from "../processes/write-file.ts";
import { docker, dockerd } from "./docker.ts";
import { registry, registryAnswers, registryConfigFile, registryServerConfig } from "./registry.ts";

/**
 * Starts the registry and dockerd, and sees to it that both have the cluster's images.
 * @param address of the registry, host and port
 */
export async function startImages(
  programs: ClusterPrograms,
  address: string,
): Promise<Record<string, BuiltImage>> {
  await writeIfChanged(registryConfigFile, registryServerConfig(address));
  await supervisor.start(registry);
  await supervisor.start(dockerd);
  const [sources] = await Promise.all([
    imageSources(programs),
    waitFor({ what: "the registry", seconds: 30, daemon: registry.name }, () =>
      registryAnswers(address),
    ),
    waitFor({ what: "dockerd", seconds: 60, daemon: dockerd.name }, () => docker("version")),
  ]);
  const images = await ensureImages(address, sources);
  await nameImages(sources, images);
  return images;
}
