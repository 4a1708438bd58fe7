import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { withLock } from "../../../toolchain/lock.js";
import { adminConfig } from "./control-plane/client.ts";
import { ClusterError, say } from "./report.ts";
import { paths } from "./paths.ts";
import { hasKubernetesRules, savedRules } from "./machine/iptables.ts";
import { installPackages, systemPath } from "./machine/packages.ts";
import { machineProblem } from "./machine/problem.ts";
import { supervisor } from "./processes/supervisor.ts";
import { startCluster } from "./start-cluster.ts";
import { stopCluster } from "./stop-cluster.ts";
import type { ClusterFacts } from "./cluster-facts.ts";
import { parseFacts } from "./cluster-facts.ts";
import { isApiReady } from "./control-plane/start-control-plane.ts";

/**
 * Starts the cluster, or finds it up. What an earlier start left half done is taken down first.
 * Others who do the same at the same time wait.
 * @throws {ClusterError} saying what is missing, or what did not come up and the end of its log
 */
export async function up(): Promise<ClusterFacts> {
  const problem = machineProblem();
  if (problem !== undefined) throw new ClusterError(`The test cluster cannot start: ${problem}.`);
  process.env["PATH"] = systemPath;
  return locked(async () => {
    const facts = await factsIfUp();
    if (facts !== undefined) return facts;
    await installPackages();
    await checkNoOtherKubernetes();
    await stopCluster();
    await mkdir(paths.run, { recursive: true });
    await writeFile(paths.owner, paths.state);
    const started = await startCluster();
    await writeFile(paths.isUp, JSON.stringify(started, undefined, 2));
    say("the cluster is up");
    return started;
  });
}

/** Stops the cluster and removes what it made on this machine. @param purge its images too */
export async function down(purge: boolean): Promise<void> {
  process.env["PATH"] = systemPath;
  await locked(async () => {
    await stopCluster();
    if (purge) await rm(paths.state, { recursive: true, force: true });
    say("the cluster is down");
  });
}

/** What the cluster offers, if all of it runs. */
export async function factsIfUp(): Promise<ClusterFacts | undefined> {
  if (!existsSync(paths.isUp)) return undefined;
  const running = await supervisor.list();
  if (running.length === 0 || running.some(({ alive }) => !alive)) return undefined;
  if (!(await isApiReady(adminConfig()).catch(() => false))) return undefined;
  return parseFacts(await readFile(paths.isUp, "utf8"));
}

function locked<T>(action: () => Promise<T>): Promise<T> {
  return withLock(paths.lock, action, ({ pid }) => say(`waiting for process ${pid}`));
}

/** Two kube-proxies would undo each other's rules, and `down` would remove both's. */
async function checkNoOtherKubernetes(): Promise<void> {
  if (existsSync(paths.run) || !hasKubernetesRules(await savedRules("nat"))) return;
  throw new ClusterError(
    "The test cluster cannot start: another Kubernetes has its rules in iptables on this machine; " +
      "stop it, and remove what it left with `kube-proxy --cleanup`.",
  );
}
