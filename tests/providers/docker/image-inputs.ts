import { existsSync } from "node:fs";
import { join } from "node:path";
import { isRecord, isUnknown, type Properties, withoutSecrets } from "../support/wire-values.ts";

/** How an image is built, with the defaults of the provider. */
export interface ImageBuild {
  readonly context: string;
  readonly dockerfile: string;
  readonly builder: "BuilderBuildKit" | "BuilderV1";
  readonly args: Readonly<Record<string, string>>;
  readonly cacheFrom: readonly string[];
  readonly platform: string;
  readonly target: string | undefined;
  readonly network: string | undefined;
}

/** The inputs of an `Image` in plain values. */
export interface ImageInputs {
  readonly name: string;
  readonly build: ImageBuild;
  readonly skipPush: boolean;
  readonly buildOnPreview: boolean;
  readonly registry: {
    readonly server: string | undefined;
    readonly username: string | undefined;
    readonly password: string | undefined;
  };
}

/** Reads the inputs as `check` returned them. */
export function imageInputs(properties: Properties): ImageInputs {
  const plain = withoutSecrets(properties) as Properties;
  const build = isRecord(plain["build"]) ? plain["build"] : {};
  const registry = isRecord(plain["registry"]) ? plain["registry"] : {};
  const cacheFrom = isRecord(build["cacheFrom"]) ? build["cacheFrom"]["images"] : undefined;
  const context = text(build["context"]) ?? ".";
  return {
    name: text(plain["imageName"]) ?? "",
    build: {
      context,
      dockerfile: text(build["dockerfile"]) ?? join(context, "Dockerfile"),
      builder: build["builderVersion"] === "BuilderV1" ? "BuilderV1" : "BuilderBuildKit",
      args: isRecord(build["args"]) ? (build["args"] as Record<string, string>) : {},
      cacheFrom: Array.isArray(cacheFrom) ? cacheFrom.map(String) : [],
      platform:
        text(build["platform"]) ?? `linux/${process.arch === "x64" ? "amd64" : process.arch}`,
      target: text(build["target"]),
      network: text(build["network"]),
    },
    skipPush: plain["skipPush"] === true,
    buildOnPreview: plain["buildOnPreview"] === true,
    registry: {
      server: text(registry["server"]),
      username: text(registry["username"]),
      password: text(registry["password"]),
    },
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;
}

/** @throws with the words of the provider if there is no Dockerfile there */
export function expectDockerfile({ context, dockerfile }: ImageBuild): void {
  if (existsSync(dockerfile)) return;
  const inContext = join(context, dockerfile);
  const advice = existsSync(inContext) ? ` Try setting \`dockerfile\` to "${inContext}"` : "";
  throw new Error(`could not open dockerfile at relative path "${dockerfile}".${advice}`);
}

/**
 * The host of the registry that an image's name begins with.
 * @throws if it names none
 */
export function registryOf(name: string): string {
  const [host = "", ...rest] = name.split("/");
  const isHost = host.includes(".") || host.includes(":") || host === "localhost";
  if (rest.length > 0 && isHost) return host;
  throw new Error(
    `"${name}": this provider requires all image names to be fully qualified; for Docker Hub, prefix it with \`docker.io\``,
  );
}
