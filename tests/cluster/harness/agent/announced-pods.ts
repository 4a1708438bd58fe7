import { mkdirSync, watch } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Pods that are about to start, in a folder that two processes share: the network plugin announces
 * each with its address, and lets it start when the agent has applied its rules. Without that a pod
 * would run for a moment, until the API knows its address, as if no network policy named it.
 */
export class AnnouncedPods {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Announces a pod. @returns when its rules are applied, or after a time at the latest */
  async announce(pod: AnnouncedPod, limitMilliseconds: number): Promise<boolean> {
    await mkdir(this.#folder, { recursive: true });
    const file = this.#fileOf(pod.sandbox);
    const draft = `${file}.draft`;
    await writeFile(draft, JSON.stringify(pod));
    await rename(draft, file);
    const deadline = performance.now() + limitMilliseconds;
    while (performance.now() < deadline) {
      if (await exists(appliedOf(file))) return true;
      await sleep(10);
    }
    return false;
  }

  /** Forgets a pod that has ended. */
  async forget(sandbox: string): Promise<void> {
    const file = this.#fileOf(sandbox);
    for (const one of [file, appliedOf(file)]) await rm(one, { force: true });
  }

  /** Calls back whenever a pod is announced. */
  onAnnounce(callback: () => void): void {
    mkdirSync(this.#folder, { recursive: true });
    watch(this.#folder, callback);
  }

  /** Everything that is announced and not forgotten. */
  async list(): Promise<AnnouncedPod[]> {
    const names = (await readdir(this.#folder)).filter((name) => name.endsWith(".json"));
    const texts = await Promise.all(
      names.map((name) => readFile(join(this.#folder, name), "utf8").catch(() => undefined)),
    );
    return texts.filter((text) => text !== undefined).map((text) => JSON.parse(text));
  }

  /** Lets announced pods start. */
  async applied(pods: readonly AnnouncedPod[]): Promise<void> {
    for (const { sandbox } of pods) {
      const file = appliedOf(this.#fileOf(sandbox));
      if (!(await exists(file))) await writeFile(file, "");
    }
  }

  #fileOf(sandbox: string): string {
    return join(this.#folder, `${sandbox}.json`);
  }
}

/** A pod with the address that it will have. */
export interface AnnouncedPod {
  /** What containerd calls the pod's network by; a pod of the same name has another one. */
  readonly sandbox: string;
  readonly namespace: string;
  readonly name: string;
  readonly address: string;
}

function appliedOf(file: string): string {
  return `${file}.applied`;
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}
