import * as pulumi from "@pulumi/pulumi";

export interface SecretFileArgs {
  /** Absolute. */
  readonly path: pulumi.Input<string>;
  readonly content: pulumi.Input<string>;
}

/** A file that only its owner may read. */
export class SecretFile extends pulumi.CustomResource {
  declare readonly path: pulumi.Output<string>;

  constructor(name: string, args: SecretFileArgs, opts?: pulumi.CustomResourceOptions) {
    super("updraft:local:SecretFile", name, { ...args }, opts);
  }
}
