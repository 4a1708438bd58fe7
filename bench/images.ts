import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { builtImage, imageNames, treeForImages } from "@updraft/tests/built-image";
import { testCluster } from "@updraft/tests/test-cluster";

// Sizes of the images over their base, as they lie on a node and as they travel: built, pushed to
// the test cluster's registry, and read there. `--gpu` adds the trainer for GPUs.
const { values } = parseArgs({ options: { gpu: { type: "boolean", default: false } } });

const cluster = await testCluster();
process.env["DOCKER_HOST"] = cluster.dockerHost;

interface Layer {
  readonly command: string;
  readonly bytes: number;
  readonly compressedBytes: number;
}

async function docker(args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)("docker", args, { maxBuffer: 64 * 1024 * 1024 });
  return stdout.trim();
}

/** What the registry keeps of an image, as far as it is looked at. */
interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly size: number }[];
}
interface ImageConfig {
  readonly history: readonly { readonly created_by?: string; readonly empty_layer?: boolean }[];
}

async function fromRegistry<T>(path: string, accept: string): Promise<T> {
  const response = await fetch(`http://${cluster.registry}/v2/${path}`, { headers: { accept } });
  if (!response.ok) throw new Error(`${path}: the registry answers ${response.status}`);
  return (await response.json()) as T;
}

/** The layers of an image that has been pushed, from the base's first one up. */
async function layersOf(ref: string): Promise<Layer[]> {
  const [repository = "", tag = ""] = ref.slice(cluster.registry.length + 1).split(/:/);
  const manifest = await fromRegistry<Manifest>(
    `${repository}/manifests/${tag}`,
    "application/vnd.docker.distribution.manifest.v2+json",
  );
  const blob = `${repository}/blobs/${manifest.config.digest}`;
  const config = await fromRegistry<ImageConfig>(blob, "*/*");
  const format = "{{.Size}}";
  const history = await docker(["history", "--human=false", "--format", format, ref]);
  const sizes = history.split("\n").map(Number).toReversed();
  const filled = config.history
    .map((step, index) => ({ ...step, bytes: sizes[index] ?? 0 }))
    .filter((step) => step.empty_layer !== true);
  return filled.map(({ created_by: command = "", bytes }, index) => ({
    command: command.replace(/^\/bin\/sh -c (#\(nop\) )?/, "").replace(/ # buildkit$/, ""),
    bytes,
    compressedBytes: manifest.layers[index]?.size ?? 0,
  }));
}

function sum(layers: readonly Layer[], of: (layer: Layer) => number): number {
  return layers.reduce((total, layer) => total + of(layer), 0);
}

function row(name: string, { bytes, compressedBytes }: Omit<Layer, "command">): void {
  const [size, compressed] = [bytes, compressedBytes].map((count) => (count / 1e6).toFixed(1));
  console.log(`${name.padEnd(58)} ${size?.padStart(8)} MB ${compressed?.padStart(8)} MB`);
}

// A build takes the base without keeping it as an image of its own.
await docker(["pull", "--quiet", cluster.images.node]);
const base = JSON.parse(await docker(["image", "inspect", cluster.images.node]));
const baseLayers: number = base[0].RootFS.Layers.length;
const tree = await treeForImages();
const wanted = imageNames.map((name) => ({ name, target: undefined as string | undefined }));
if (values.gpu) wanted.push({ name: "trainer", target: "gpu" });

console.log(`${"over the base".padEnd(58)} ${"on disk".padStart(11)} ${"compressed".padStart(11)}`);
for (const { name, target } of wanted) {
  const { ref } = await builtImage(name, tree, cluster, target);
  await docker(["push", "--quiet", ref]);
  const layers = (await layersOf(ref)).slice(baseLayers);
  row(target === undefined ? name : `${name} (${target})`, {
    bytes: sum(layers, ({ bytes }) => bytes),
    compressedBytes: sum(layers, ({ compressedBytes }) => compressedBytes),
  });
  for (const layer of layers.filter(({ bytes }) => bytes > 0)) {
    row(`  ${layer.command.slice(0, 54)}`, layer);
  }
}
