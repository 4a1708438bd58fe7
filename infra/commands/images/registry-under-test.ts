import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "@updraft/contracts/free-port";
import { digestOf } from "@updraft/contracts/digest";

/** A registry on this machine. */
export interface RegistryUnderTest {
  /** Host and port. */
  readonly address: string;
  /** Pushes an image without layers. @returns its reference, by its digest */
  push(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts the official registry, which is `docker-registry` on PATH. */
export async function startRegistry(): Promise<RegistryUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), "updraft-registry-"));
  const address = `127.0.0.1:${await freePort()}`;
  const config = join(folder, "config.json");
  const storage = { filesystem: { rootdirectory: join(folder, "data") } };
  const log = { level: "error" };
  await writeFile(config, JSON.stringify({ version: 0.1, log, storage, http: { addr: address } }));
  const child = spawn("docker-registry", ["serve", config], { stdio: "ignore" });
  await answers(child, `http://${address}/v2/`);
  return {
    address,
    push: (name) => push(`http://${address}`, address, name),
    async stop() {
      const ended = once(child, "close");
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

async function answers(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (child.exitCode === null && Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await sleep(50);
  }
  child.kill();
  throw new Error(`no registry answers at ${url}`);
}

async function push(base: string, address: string, name: string): Promise<string> {
  const rootfs = { type: "layers", diff_ids: [] };
  const config = JSON.stringify({ architecture: "amd64", os: "linux", rootfs, config: {} });
  const digest = digestOf(config);
  const upload = await fetch(`${base}/v2/${name}/blobs/uploads/`, { method: "POST" });
  const place = new URL(upload.headers.get("location") ?? "", base);
  place.searchParams.set("digest", digest);
  const octets = { "content-type": "application/octet-stream" };
  await expectDone(fetch(place, { method: "PUT", body: config, headers: octets }));
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { mediaType: "application/vnd.oci.image.config.v1+json", digest, size: config.length },
    layers: [],
  });
  const headers = { "content-type": mediaType };
  await expectDone(
    fetch(`${base}/v2/${name}/manifests/test`, { method: "PUT", body: manifest, headers }),
  );
  return `${address}/${name}@${digestOf(manifest)}`;
}

async function expectDone(answer: Promise<Response>): Promise<void> {
  const { status, url } = await answer;
  if (status >= 300) throw new Error(`${url}: ${status}`);
}
