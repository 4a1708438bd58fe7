import { request } from "node:http";
import { homedir } from "node:os";
import { join } from "node:path";
import type { KubernetesConfig } from "../../config/config.ts";
import { imageNames } from "../images/build-context.ts";

const answerTimeoutMilliseconds = 10_000;

/** Whether an update builds images: those that the configuration does not name by a digest. */
function buildsImages({ images, tracker }: Pick<KubernetesConfig, "images" | "tracker">): boolean {
  if (images.registry === undefined) return false;
  const startsTracker = tracker.uri === undefined && tracker.kind === "updraft";
  return imageNames.some(
    (name) => images[name] === undefined && (name !== "tracker" || startsTracker),
  );
}

/** Says that images are to be built and no Docker is there to build them; nothing if all is well. */
export async function dockerProblem(
  config: Pick<KubernetesConfig, "images" | "tracker">,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  if (!buildsImages(config)) return undefined;
  const places = dockerPlaces(environment);
  const reasons = await Promise.all(places.map(whyAway));
  if (places.length === 0 || reasons.includes(undefined)) return undefined;
  const tried = places.map((place, index) => `${place} (${reasons[index]})`).join(" or ");
  return `updraft:images.registry: images are to be built, and no Docker answers at ${tried}; start it, set DOCKER_HOST, or name each image by its digest`;
}

/** Where Docker may be; none where it is reached in a way that is not looked into, such as ssh. */
function dockerPlaces(environment: NodeJS.ProcessEnv): string[] {
  const given = environment["DOCKER_HOST"];
  if (given !== undefined && given !== "") return /^(unix|tcp|http):/.test(given) ? [given] : [];
  const runtime = environment["XDG_RUNTIME_DIR"];
  return [
    "unix:///var/run/docker.sock",
    `unix://${join(homedir(), ".docker/run/docker.sock")}`,
    ...(runtime === undefined ? [] : [`unix://${join(runtime, "docker.sock")}`]),
  ];
}

/** Why no Docker answers; nothing if one does. */
function whyAway(place: string): Promise<string | undefined> {
  const where = place.startsWith("unix://")
    ? { socketPath: place.slice("unix://".length) }
    : { host: new URL(place).hostname, port: new URL(place).port || "2375" };
  return new Promise((resolve) => {
    const options = { ...where, path: "/_ping", timeout: answerTimeoutMilliseconds };
    const asked = request(options, (response) => {
      response.resume();
      // One that wants a certificate is there too.
      resolve(undefined);
    });
    asked.once("timeout", () =>
      asked.destroy(new Error(`no answer within ${answerTimeoutMilliseconds / 1000} s`)),
    );
    asked
      .once("error", (error) => resolve("code" in error ? String(error.code) : error.message))
      .end();
  });
}
