import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Profile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string() }),
    }),
  ),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.number()),
});
type Frame = z.infer<typeof Profile>["nodes"][number]["callFrame"];

/** Parts of the server, by where their code lies; the first that fits counts. */
const parts: readonly (readonly [string, (frame: Frame) => boolean])[] = [
  ["network: kernels in WebAssembly", ({ url }) => url.startsWith("wasm:")],
  ["network: tfjs around the kernels", ({ url }) => url.includes("/@tensorflow/")],
  ["garbage collection", ({ functionName }) => functionName === "(garbage collector)"],
  ["reading the request, checking it", ({ url }) => url.includes("/server/protocols/")],
  ["metrics, drift, feedback", ({ url }) => /\/server\/watching\/|\/prom-client\//.test(url)],
  ["the rest of the server", ({ url }) => /\/(server|contracts)\/(?!.*node_modules)/.test(url)],
  ["Express and its parsers", ({ url }) => url.includes("/node_modules/")],
  // What has no address is native: above all writing to sockets.
  ["Node: sockets and HTTP", () => true],
];

/**
 * What a process spent its time on while it worked, from the profile that `--cpu-prof` wrote.
 * @param folder `--cpu-prof-dir`; of several threads, the main one
 * @returns shares of 1, largest first
 */
export async function profileShares(folder: string): Promise<ReadonlyMap<string, number>> {
  const names = (await readdir(folder)).toSorted();
  const main = names.find((name) => /\.0\.\d+\.cpuprofile$/.test(name)) ?? "";
  const profile = Profile.parse(JSON.parse(await readFile(join(folder, main), "utf8")));
  const frames = new Map(profile.nodes.map(({ id, callFrame }) => [id, callFrame]));
  const seconds = new Map<string, number>();
  profile.samples.forEach((sample, index) => {
    const frame = frames.get(sample);
    if (!frame || frame.functionName === "(idle)") return;
    const [part = ""] = parts.find(([, fits]) => fits(frame)) ?? [];
    seconds.set(part, (seconds.get(part) ?? 0) + (profile.timeDeltas[index] ?? 0));
  });
  const all = seconds.values().reduce((sum, one) => sum + one, 0);
  const sorted = [...seconds].toSorted(([, a], [, b]) => b - a);
  return new Map(sorted.map(([part, spent]) => [part, spent / all]));
}
