import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api } from "@kubernetes/client-node";
import { adminConfig } from "../control-plane/client.ts";
import { paths } from "../paths.ts";
import { AnnouncedPods } from "./announced-pods.ts";
import { known, withAddresses } from "./starting-pods.ts";
import { watchCluster } from "./cluster-objects.ts";
import { NetworkPolicies } from "./network-policies.ts";
import { provision, tell } from "./provision.ts";

let isDirty = true;
const changes = new EventEmitter();

/**
 * What a cluster has from its network and its storage, and this one has from nobody else: network
 * policies become rules of this machine, and claims get volumes. It runs until it is stopped.
 */
async function main(): Promise<void> {
  const config = adminConfig();
  const api = config.makeApiClient(CoreV1Api);
  const objects = await watchCluster(config, {
    onChange,
    onError: (error) => tell(`lost a watch: ${describe(error)}`),
  });
  const announced = new AnnouncedPods(paths.announcedPods);
  announced.onAnnounce(onChange);
  tell("watching");
  const rules = new NetworkPolicies();
  for (;;) {
    if (!isDirty) await once(changes, "change");
    isDirty = false;
    await attempt("network policies", async () => {
      const starting = await announced.list();
      const count = await rules.apply({
        pods: withAddresses(objects.pods(), starting),
        namespaces: objects.namespaces(),
        policies: objects.policies(),
      });
      await announced.applied(known(objects.pods(), starting));
      if (count !== undefined) tell(`network policies: ${count} rules`);
    });
    await attempt("volumes", () => provision(api, objects.claims(), objects.volumes()));
    // One change seldom comes alone.
    await sleep(50);
  }
}

function onChange(): void {
  isDirty = true;
  changes.emit("change");
}

/** What fails is tried again with the next change, or a second later. */
async function attempt(what: string, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    tell(`${what}: ${describe(error)}`);
    setTimeout(onChange, 1000);
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

await main();
