import { chmod, mkdir, rm } from "node:fs/promises";
import type {
  CoreV1Api,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import { hasCode } from "../control-plane/client.ts";
import { paths } from "../paths.ts";
import { abandonedVolumes, volumeOf, waitingClaims } from "./volumes.ts";

/** Makes the volumes that claims wait for, and removes those that no claim has any more. */
export async function provision(
  api: CoreV1Api,
  claims: readonly V1PersistentVolumeClaim[],
  volumes: readonly V1PersistentVolume[],
): Promise<void> {
  for (const claim of waitingClaims(claims)) {
    const body = volumeOf(claim, paths.volumes);
    if (volumes.some(({ metadata }) => metadata?.name === body.metadata?.name)) continue;
    const folder = body.spec?.hostPath?.path ?? "";
    await mkdir(folder, { recursive: true });
    // Whatever user a pod has, it may write.
    await chmod(folder, 0o777);
    await unless(409, () => api.createPersistentVolume({ body }));
    tell(`made the volume ${body.metadata?.name} for ${claim.metadata?.name}`);
  }
  for (const { metadata, spec } of abandonedVolumes(volumes)) {
    const name = metadata?.name ?? "";
    await rm(spec?.hostPath?.path ?? "", { recursive: true, force: true });
    await unless(404, () => api.deletePersistentVolume({ name }));
    tell(`removed the volume ${name}`);
  }
}

/** Writes to the agent's log. */
export function tell(text: string): void {
  process.stdout.write(`${new Date().toISOString()} ${text}\n`);
}

/** Somebody else may have been quicker. */
async function unless(code: number, action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!hasCode(error, code)) throw error;
  }
}
