import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { addresses, nodes } from "../addresses.ts";
import { paths, pkiFile } from "../paths.ts";
import { writeIfChanged } from "../processes/write-file.ts";

/** The parts of a kubeconfig, as PEM. */
export interface KubeconfigParts {
  readonly authority: string;
  readonly certificate: string;
  readonly key: string;
}

/** A kubeconfig for one user; JSON, which is YAML too. */
export function kubeconfig({ authority, certificate, key }: KubeconfigParts): string {
  const server = `https://${addresses.apiserver}:${addresses.apiserverPort}`;
  const name = "updraft-test";
  return `${JSON.stringify(
    {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      contexts: [{ name, context: { cluster: name, user: name } }],
      clusters: [{ name, cluster: { server, "certificate-authority-data": base64(authority) } }],
      users: [
        {
          name,
          user: {
            "client-certificate-data": base64(certificate),
            "client-key-data": base64(key),
          },
        },
      ],
    },
    undefined,
    2,
  )}\n`;
}

/** Where the kubeconfig of a part of the cluster lies. @param user name of its certificate */
export function kubeconfigOf(user: string): string {
  return user === "admin" ? paths.kubeconfig : join(paths.configs, `${user}.conf`);
}

/** Writes the kubeconfigs of everything that talks to the apiserver. */
export async function writeKubeconfigs(): Promise<void> {
  const users = ["admin", "controller-manager", "scheduler", "proxy"];
  for (const user of [...users, ...nodes.map(({ name }) => `node-${name}`)]) {
    const parts = {
      authority: await readFile(pkiFile("ca.crt"), "utf8"),
      certificate: await readFile(pkiFile(`${user}.crt`), "utf8"),
      key: await readFile(pkiFile(`${user}.key`), "utf8"),
    };
    await writeIfChanged(kubeconfigOf(user), kubeconfig(parts), 0o600);
  }
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
