import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";
import { type ImageName, imageNames } from "../../kubernetes/images/build-context.ts";

/** What an image of ours was built of. */
export interface ImageBuild {
  /** What it was pushed as; names the content of its build context, and its target. */
  readonly tag: string;
  /** What it stands on, by its digest. */
  readonly base: string;
  /** Stage of the Dockerfile; the last one where none is named. */
  readonly target?: string;
}

/** An image that a stack runs containers from. */
export interface StackImage {
  /** `trainer`, `server`, `tracker`, or the last part of the image's own name. */
  readonly name: string;
  /** As the nodes pull it, such as `registry.example.com/team/server@sha256:…`. */
  readonly ref: string;
  readonly digest: Digest;
  /**
   * `built`: from a checkout of this repository, and pushed; `given`: one of the platform's, as
   * `updraft:images` names it; `foreign`: somebody else's program.
   */
  readonly origin: "built" | "given" | "foreign";
  /** How one that is built was built. */
  readonly build?: ImageBuild;
  /** What runs it, such as `Deployment inference`; trainings come and go, and are not listed. */
  readonly usedBy: readonly string[];
}

const Resource = z.object({
  type: z.string(),
  inputs: z.record(z.string(), z.unknown()).default({}),
  outputs: z.record(z.string(), z.unknown()).default({}),
});
type Resource = z.infer<typeof Resource>;

const Exported = z.object({
  deployment: z.object({ resources: z.array(Resource).nullish() }),
});

const Built = z.object({
  inputs: z.object({
    build: z.object({ args: z.object({ BASE: z.string() }), target: z.string().optional() }),
  }),
  outputs: z.object({ imageName: z.string(), repoDigest: z.string() }),
});

/**
 * The images of a stack, out of its state: the platform's own first, then others by their names.
 * @param text what `pulumi stack export` prints
 */
export function stackImages(text: string): StackImage[] {
  const resources = Exported.parse(JSON.parse(text)).deployment.resources ?? [];
  const users = usersOf(resources);
  const builds = new Map(resources.flatMap(buildOf));
  const own = imageNames.flatMap((name): StackImage[] => {
    const ref = ownRef(resources, name);
    if (ref === undefined) return [];
    const build = builds.get(ref);
    const found = image(name, ref, users);
    if (build === undefined) return [{ ...found, origin: "given" }];
    return [{ ...found, origin: "built", build }];
  });
  const others = [...users.keys()]
    .filter((ref) => !own.some((known) => known.ref === ref))
    .map((ref) => ({ ...image(lastPart(ref), ref, users), origin: "foreign" as const }));
  return [...own, ...others.toSorted((a, b) => (a.ref < b.ref ? -1 : 1))];
}

/** The platform's own images that this repository was built into. */
export function builtImages(images: readonly StackImage[]) {
  return images.flatMap((found) => {
    const name: ImageName | undefined = imageNames.find((own) => own === found.name);
    const { build } = found;
    return name !== undefined && build !== undefined ? [{ ...found, name, build }] : [];
  });
}

function image(name: string, ref: string, users: ReadonlyMap<string, readonly string[]>) {
  return {
    name,
    ref,
    digest: Digest.parse(ref.slice(ref.indexOf("@") + 1)),
    usedBy: users.get(ref) ?? [],
  };
}

function ownRef(resources: readonly Resource[], name: ImageName): string | undefined {
  const images = resources.find(({ type }) => type === "updraft:platform:Images");
  const ref = images?.outputs[name];
  return isRef(ref) ? ref : undefined;
}

/** How an image was built, by its reference. */
function buildOf(resource: Resource): [string, ImageBuild][] {
  if (resource.type !== "docker:index/image:Image") return [];
  const { inputs, outputs } = Built.parse(resource);
  const { args, target } = inputs.build;
  const tag = outputs.imageName.slice(outputs.imageName.lastIndexOf(":") + 1);
  const build = { tag, base: args.BASE, ...(target === undefined ? {} : { target }) };
  return [[outputs.repoDigest, build]];
}

/** What runs each image, by the image's reference, in the order of the state. */
function usersOf(resources: readonly Resource[]): Map<string, string[]> {
  const users = new Map<string, string[]>();
  for (const { type, inputs } of resources) {
    if (!type.startsWith("kubernetes:")) continue;
    const user = `${type.slice(type.lastIndexOf(":") + 1)} ${nameOf(inputs)}`;
    for (const ref of new Set(containerImages(inputs))) {
      users.set(ref, [...(users.get(ref) ?? []), user]);
    }
  }
  return users;
}

/** Images of containers, wherever in a manifest they are. */
function containerImages(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) =>
    key === "image" && isRef(child) ? [child] : containerImages(child),
  );
}

function isRef(value: unknown): value is string {
  return typeof value === "string" && /^[^\s@]+@sha256:[0-9a-f]{64}$/.test(value);
}

const Named = z.object({ metadata: z.object({ name: z.string() }) });

function nameOf(inputs: Resource["inputs"]): string {
  return Named.safeParse(inputs).data?.metadata.name ?? "";
}

/** `postgres` of `docker.io/library/postgres:17-bookworm@sha256:…`. */
function lastPart(ref: string): string {
  const [path = ""] = ref.split("@");
  return (path.split("/").at(-1) ?? path).replace(/:.*$/, "");
}
