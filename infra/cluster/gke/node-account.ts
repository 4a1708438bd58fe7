import * as pulumi from "@pulumi/pulumi";
import { gcp } from "./gcp.ts";

/** What nodes may do: report of themselves, and pull images of the project. */
const roles = ["roles/container.defaultNodeServiceAccount", "roles/artifactregistry.reader"];

/** The account of a cluster's nodes, in place of the one that may change the whole project. */
export class NodeAccount extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** Its rights: nodes wait for them. */
  readonly rights: pulumi.Resource[];

  constructor(
    name: string,
    { project, clusterName }: { readonly project: string; readonly clusterName: string },
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:cluster:GkeNodeAccount", name, { project }, opts);
    const account = new gcp.serviceaccount.Account(
      `${name}-account`,
      {
        // An id has 30 characters at most.
        accountId: `${clusterName.slice(0, 24).replace(/-+$/, "")}-nodes`,
        displayName: `Nodes of the cluster ${clusterName}`,
      },
      { parent: this },
    );
    this.email = account.email;
    this.rights = roles.map(
      (role) =>
        new gcp.projects.IAMMember(
          `${name}-${role.replace(/^roles\//, "")}`,
          { project, role, member: pulumi.interpolate`serviceAccount:${account.email}` },
          { parent: this },
        ),
    );
    this.registerOutputs({ email: this.email });
  }
}
