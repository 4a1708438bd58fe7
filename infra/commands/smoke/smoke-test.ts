import { messageOf } from "@updraft/contracts/message-of";
import { onceThere } from "@updraft/contracts/once-there";
import type { ClusterAccess } from "../../kubernetes/cluster/cluster-connection.ts";
import {
  type Check,
  ownExample,
  readiness,
  servedDigest,
  type SmokeTarget,
  trackerHealth,
} from "./checks.ts";
import { clusterServiceOf } from "./cluster-address.ts";
import { type PortForward, portForward } from "./port-forward.ts";

/** Where the parts listen in their pods. */
const podPorts = { server: 8080, tracker: 5000 } as const;

export interface SmokeOptions {
  /** Leads to the cluster where only pods reach the stack. @default the ambient kubeconfig */
  readonly access?: (() => Promise<ClusterAccess>) | undefined;
  /**
   * How long the way to the server may take to come into being: balancers and names of hosts come
   * after the update. @default 10
   */
  readonly waitSeconds?: number | undefined;
}

/** Asks a stack from outside whether it does what it was made for; it changes nothing. */
export async function smokeTest(
  target: SmokeTarget,
  { access, waitSeconds = 10 }: SmokeOptions = {},
): Promise<Check[]> {
  const opened: PortForward[] = [];
  const wayTo = async (url: string, podPort: number): Promise<string> => {
    const service = clusterServiceOf(url);
    if (service === undefined) return url;
    const way = await portForward(service, podPort, (await access?.()) ?? {});
    opened.push(way);
    return way.url;
  };
  const check = async (name: string, action: () => Promise<string>): Promise<Check> => {
    try {
      return { name, isPassed: true, said: await action() };
    } catch (error) {
      // A connection that breaks says nothing; why it did is known to the way there.
      const reason = opened.flatMap(({ problems }) => problems).at(-1) ?? reasonOf(error);
      return { name, isPassed: false, said: reason };
    }
  };
  try {
    const server = await wayTo(target.url, podPorts.server);
    const tracker = await wayTo(target.trackerUrl, podPorts.tracker);
    const ready = await check("ready", () => inTime(() => readiness(server), waitSeconds));
    return [
      ready,
      await check("digest", () => servedDigest(server, target)),
      await check("example", () => ownExample(server, target)),
      await check("tracker", () => trackerHealth(tracker)),
    ];
  } finally {
    for (const way of opened) way.close();
  }
}

/** What a smoke test has found, for people. */
export function smokeReport(stack: string, checks: readonly Check[]): string {
  const lines = checks.map(
    ({ name, isPassed, said }) => `  ${isPassed ? "passed" : "FAILED"}  ${name.padEnd(8)} ${said}`,
  );
  return [`smoke test of ${stack}`, ...lines, ""].join("\n");
}

function inTime<T>(attempt: () => Promise<T>, seconds: number): Promise<T> {
  return onceThere(attempt, { seconds, isAway: () => true, onAway: () => {} });
}

/** Why a request failed: fetch itself says no more than that it did. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)} (${messageOf(cause)})`;
}
