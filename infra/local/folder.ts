import * as pulumi from "@pulumi/pulumi";

export interface FolderArgs {
  /** Absolute. */
  readonly path: string;
  /** Whether it stays when the stack goes. */
  readonly keep: boolean;
}

/** A folder of this machine that belongs to the stack. */
export class Folder extends pulumi.CustomResource {
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: FolderArgs, opts?: pulumi.CustomResourceOptions) {
    super("updraft:local:Folder", name, { ...args }, opts);
  }
}
