import { paths } from "../paths.ts";
import type { Daemon } from "../processes/supervisor.ts";
import { flags } from "./flags.ts";

/** The store of the apiserver. Its data ends with the cluster, so it need never reach a disk. */
export function etcd(port: number, peerPort: number): Daemon {
  const client = `http://127.0.0.1:${port}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return {
    name: "etcd",
    command: "etcd",
    args: flags({
      "data-dir": paths.etcd,
      "listen-client-urls": client,
      "advertise-client-urls": client,
      "listen-peer-urls": peer,
      "initial-advertise-peer-urls": peer,
      "initial-cluster": `default=${peer}`,
    }),
  };
}
