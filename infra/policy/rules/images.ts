import { containersOf } from "../manifest.ts";
import { resourceRule, type Resource, type Violation } from "../rule.ts";
import { textAt } from "../values.ts";

type Found = Omit<Violation, "resource">;

/** Each image is named by its digest. */
export const imagesByDigest = resourceRule(
  {
    name: "images-by-digest",
    severity: "mandatory",
    what: "Every container's image is named by its digest.",
    why: "A tag can be moved: only a digest says that what runs is what was looked at.",
  },
  (resource) =>
    containerImages(resource).flatMap(({ where, image }): Found[] => {
      if (/@sha256:[0-9a-f]{64}$/.test(image)) return [];
      const problem = `image ${image} is not named by its digest`;
      return [{ where, problem, fix: "write it as name@sha256:… with its 64 digits" }];
    }),
);

/** No image is called `latest`, neither where one runs nor where one is pushed. */
export const noLatest = resourceRule(
  {
    name: "no-latest",
    severity: "mandatory",
    what: "No image that runs or is pushed is called `latest`, or has neither tag nor digest.",
    why: "Such a name says nothing of what is in the image, and means another one tomorrow.",
  },
  (resource) =>
    [...containerImages(resource), ...builtImages(resource)].flatMap(
      ({ where, image }): Found[] => {
        const tag = tagOf(image);
        if (tag !== "latest" && (tag !== undefined || image.includes("@"))) return [];
        const said = tag === undefined ? "has no tag, which means latest" : "is called latest";
        return [{ where, problem: `image ${image} ${said}`, fix: "name a version or a digest" }];
      },
    ),
);

interface Image {
  readonly where: string;
  readonly image: string;
}

/** What the containers are started from, as far as it is known. */
function containerImages(resource: Resource): Image[] {
  return containersOf(resource).flatMap(({ where, spec }) => {
    const image = textAt(spec, "image");
    return image === undefined ? [] : [{ where, image }];
  });
}

/** What an update pushes. */
function builtImages({ type, name, inputs }: Resource): Image[] {
  const image = textAt(inputs, "imageName");
  const isBuilt = type === "docker:index/image:Image" && image !== undefined;
  return isBuilt ? [{ where: `image ${name}`, image }] : [];
}

/** The tag in `host:5000/name:tag@sha256:…`. */
function tagOf(image: string): string | undefined {
  const [named = ""] = image.split("@");
  const last = named.slice(named.lastIndexOf("/") + 1);
  return last.includes(":") ? last.slice(last.indexOf(":") + 1) : undefined;
}
