import { text } from "node:stream/consumers";
import { AnnouncedPods } from "../agent/announced-pods.ts";

/** If the agent is busy or dead a pod starts all the same: a test then tells. */
const limitMilliseconds = 10_000;

/**
 * The last of the plugins that make a pod's network: it waits until the pod's network policies are
 * in force. What it is asked comes in its environment and on standard input.
 * @see https://www.cni.dev/docs/spec/#section-2-execution-protocol
 */
async function main(): Promise<void> {
  const request = JSON.parse(await text(process.stdin));
  const announced = new AnnouncedPods(request.announcements);
  const sandbox = process.env["CNI_CONTAINERID"] ?? "";
  switch (process.env["CNI_COMMAND"]) {
    case "ADD": {
      const address = String(request.prevResult.ips[0].address).replace(/\/.*/, "");
      const pod = podOf(process.env["CNI_ARGS"] ?? "");
      await announced.announce({ sandbox, ...pod, address }, limitMilliseconds);
      process.stdout.write(JSON.stringify(request.prevResult));
      return;
    }
    case "DEL":
      await announced.forget(sandbox);
      return;
    case "VERSION":
      process.stdout.write(
        JSON.stringify({ cniVersion: "0.4.0", supportedVersions: ["0.3.0", "0.3.1", "0.4.0"] }),
      );
      return;
    default:
  }
}

/** @param args like `IgnoreUnknown=1;K8S_POD_NAMESPACE=a;K8S_POD_NAME=b` */
function podOf(args: string) {
  const values = Object.fromEntries(args.split(";").map((pair) => pair.split("=")));
  return { namespace: values["K8S_POD_NAMESPACE"] ?? "", name: values["K8S_POD_NAME"] ?? "" };
}

await main();
