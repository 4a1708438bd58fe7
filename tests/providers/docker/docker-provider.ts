import { isDeepStrictEqual } from "node:util";
import { relative } from "node:path";
import type { Engine } from "../support/engine.ts";
import type {
  CheckRequest,
  CheckResult,
  DiffRequest,
  DiffResult,
  PluginProvider,
} from "../support/plugin-provider.ts";
import { sdkVersion } from "../support/plugins-on-path.ts";
import {
  containsUnknown,
  isRecord,
  type Properties,
  secretOf,
  withoutSecrets,
} from "../support/wire-values.ts";
import { contextDigest } from "./context-digest.ts";
import { createDockerCli, type DockerCli } from "./docker-cli.ts";
import { expectDockerfile, imageInputs, type ImageInputs, registryOf } from "./image-inputs.ts";

const imageType = "docker:index/image:Image";

/**
 * Stands in for `pulumi-resource-docker`, with the resource `Image` alone: it builds and pushes with
 * the docker command.
 */
export function createDockerProvider(engine: Engine): PluginProvider {
  let docker = createDockerCli(undefined);
  return {
    version: sdkVersion("docker"),
    async configure(variables) {
      docker = createDockerCli(variables["docker:config:host"]);
      await docker.ping();
    },
    check: async (request) => checked(request),
    diff: async (request) => difference(request),
    async create({ urn, properties, preview }) {
      if (preview && !buildsInPreview(properties)) return { id: "", properties };
      const made = await built(docker, engine, urn, properties, preview);
      return { id: preview ? "" : imageInputs(properties).name, properties: made };
    },
    // What a registry has is not looked at, and nothing is taken out of it.
    read: async ({ id, inputs, properties }) => ({ id, inputs, properties }),
    async update({ urn, news, preview }) {
      if (preview && !buildsInPreview(news)) return news;
      return built(docker, engine, urn, news, preview);
    },
    delete: async () => undefined,
    cancel: () => docker.stop(),
  };
}

function checked({ urn, news }: CheckRequest): CheckResult {
  const type = urn.split("::")[2]?.split("$").at(-1);
  if (type !== imageType) {
    throw new Error(`this stand-in for the docker provider has no ${type}; it has ${imageType}`);
  }
  const build = isRecord(news["build"]) ? news["build"] : {};
  const inputs = imageInputs(news);
  if (!inputs.skipPush && inputs.name !== "") registryOf(inputs.name);
  const { context, dockerfile, platform } = inputs.build;
  const isKnown = !containsUnknown([build["context"], build["dockerfile"]]);
  if (isKnown) expectDockerfile(inputs.build);
  return {
    inputs: {
      ...news,
      buildOnPreview: inputs.buildOnPreview,
      build: {
        ...build,
        platform: build["platform"] ?? platform,
        ...(isKnown
          ? { context, dockerfile, contextDigest: contextDigest(context, dockerfile) }
          : {}),
      },
    },
  };
}

/** Another registry counts; another name or password for the same one does not. */
function difference({ olds, oldInputs, news }: DiffRequest): DiffResult {
  const before = plain(isRecord(olds["__inputs"]) ? olds["__inputs"] : oldInputs);
  const after = plain(news);
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => {
    if (name !== "registry") return !isDeepStrictEqual(before[name], after[name]);
    return serverOf(before[name]) !== serverOf(after[name]);
  });
  if (changed.length === 0) return { changes: "none" };
  return {
    changes: "some",
    diffs: changed,
    detailedDiff: Object.fromEntries(changed.map((name) => [name, { kind: kindOf(name) }])),
  };

  function kindOf(name: string) {
    if (before[name] === undefined) return "add" as const;
    return after[name] === undefined ? ("delete" as const) : ("update" as const);
  }
}

function serverOf(registry: unknown): unknown {
  return isRecord(registry) ? registry["server"] : undefined;
}

function plain(value: unknown): Properties {
  return withoutSecrets(withoutSecrets(value)) as Properties;
}

function buildsInPreview(properties: Properties): boolean {
  const { build, imageName } = properties;
  return imageInputs(properties).buildOnPreview && !containsUnknown([build, imageName]);
}

async function built(
  docker: DockerCli,
  engine: Engine,
  urn: string,
  properties: Properties,
  preview: boolean,
): Promise<Properties> {
  const image = imageInputs(properties);
  const say = (line: string) => engine.status("info", urn, line);
  say("Building the image");
  await docker.build(image, say);
  const pushes = !image.skipPush && !preview;
  if (pushes) {
    say("Pushing Image to the registry");
    await docker.push(image, say);
  }
  say("");
  const { id, repoDigests } = await docker.inspect(image.name);
  const repoDigest = pushes ? ofRepository(image, repoDigests) : id;
  return { ...outputsOf(image, repoDigest), __inputs: secretOf(plain(properties)) };
}

function outputsOf(image: ImageInputs, repoDigest: string): Properties {
  const { context, dockerfile, platform } = image.build;
  return {
    baseImageName: image.name,
    context,
    dockerfile: relative(context, dockerfile),
    imageName: image.name,
    platform,
    registryServer: image.registry.server ?? registryOf(image.name),
    repoDigest,
  };
}

/** An image that was pushed to several registries has a name in each. */
function ofRepository({ name }: ImageInputs, repoDigests: readonly string[]): string {
  const repository = name.replace(/:[^/:]+$/, "");
  const digest = repoDigests.find((entry) => entry.startsWith(`${repository}@`));
  if (digest !== undefined) return digest;
  throw new Error(
    `docker has no digest of ${name} after the push; it has ${repoDigests.join(", ")}`,
  );
}
