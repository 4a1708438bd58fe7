import { join, relative } from "node:path";
import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import { checkout } from "../../checkout.ts";
import type { KubernetesConfig } from "../../config/config.ts";
import { buildContext, type ImageName, shortDigest, writeBuildContext } from "./build-context.ts";
import { pinnedImages } from "./pinned.ts";

/** What the images of a stack depend on. */
export interface ImagesArgs {
  readonly config: Pick<
    KubernetesConfig,
    "images" | "registryUsername" | "registryPassword" | "tracker" | "gpu"
  >;
  /** Folder of the repository. @default the one that this program is in */
  readonly checkout?: string;
}

/**
 * What the containers of a stack are started from, each by its digest: built from this repository
 * and pushed, or as the configuration names it.
 */
export class Images extends pulumi.ComponentResource {
  /** `<registry>/trainer@sha256:…` */
  readonly trainer: pulumi.Output<string>;
  /** `<registry>/server@sha256:…` */
  readonly server: pulumi.Output<string>;
  /** `<registry>/tracker@sha256:…`, or MLflow's server; nothing where the stack starts none. */
  readonly tracker: pulumi.Output<string> | undefined;
  /** MinIO with its client `mc`. */
  readonly minio: string;
  readonly postgres: string;
  /** NVIDIA's device plugin. */
  readonly devicePlugin: string;
  readonly #args: ImagesArgs;

  constructor(name: string, args: ImagesArgs, opts?: pulumi.ComponentResourceOptions) {
    const { images, tracker } = args.config;
    super("updraft:platform:Images", name, {}, opts);
    this.#args = args;
    this.trainer = this.#image(name, "trainer");
    this.server = this.#image(name, "server");
    this.tracker = tracker.uri === undefined ? this.#trackerImage(name) : undefined;
    this.minio = images.minio ?? pinnedImages.minio;
    this.postgres = images.postgres ?? pinnedImages.postgres;
    this.devicePlugin = images.devicePlugin ?? pinnedImages.devicePlugin;
    this.registerOutputs({ trainer: this.trainer, server: this.server, tracker: this.tracker });
  }

  #trackerImage(parent: string): pulumi.Output<string> | undefined {
    const { images, tracker } = this.#args.config;
    if (tracker.kind === "updraft") return this.#image(parent, "tracker");
    return images.mlflow === undefined ? undefined : pulumi.output(images.mlflow);
  }

  #image(parent: string, image: ImageName): pulumi.Output<string> {
    const { images } = this.#args.config;
    const given = images[image];
    if (given !== undefined) return pulumi.output(given);
    const { config, checkout: root = checkout } = this.#args;
    if (images.registry === undefined) {
      throw new Error(`updraft:images.${image} has neither a digest nor a registry to push it to`);
    }
    const prepared = pulumi.output(prepare(image, root));
    const target = targetOf(image, config);
    const tag = prepared.tag.apply((digest) => (target === "gpu" ? `${digest}-gpu` : digest));
    const built = new docker.Image(
      `${parent}-${image}`,
      {
        imageName: pulumi.interpolate`${images.registry}/${image}:${tag}`,
        build: {
          context: prepared.context,
          dockerfile: prepared.dockerfile,
          // What the nodes run, wherever the image is built.
          platform: "linux/amd64",
          builderVersion: "BuilderBuildKit",
          args: { BASE: images.base ?? pinnedImages.base },
          ...(target === undefined ? {} : { target }),
          ...(images.network === undefined ? {} : { network: images.network }),
        },
        ...registryOf(images.registry, config),
      },
      { parent: this },
    );
    return built.repoDigest;
  }
}

/** Credentials for the push, where the configuration has some; otherwise docker's own are taken. */
function registryOf(
  registry: string,
  { registryUsername, registryPassword }: ImagesArgs["config"],
): Pick<docker.ImageArgs, "registry"> {
  if (registryUsername === undefined || registryPassword === undefined) return {};
  const [server = ""] = registry.split("/");
  const password = pulumi.secret(registryPassword);
  return { registry: { server, username: registryUsername, password } };
}

function targetOf(image: ImageName, { images, gpu }: ImagesArgs["config"]) {
  if (image !== "trainer") return undefined;
  return images.trainerTarget ?? (gpu === undefined ? "cpu" : "gpu");
}

/** The context on disk. Its path is relative: an absolute one would be another input elsewhere. */
async function prepare(image: ImageName, root: string) {
  const context = await buildContext(image, root);
  const folder = await writeBuildContext(context, join(root, ".updraft", "images"));
  const path = relative(process.cwd(), folder);
  return { tag: shortDigest(context.digest), context: path, dockerfile: join(path, "Dockerfile") };
}
