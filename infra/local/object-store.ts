import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type { ObjectStoreArgs, ObjectStoreOutputs } from "../platform.ts";
import type { Environment } from "./environment.ts";

/** A folder as artifact store; the tracker shows what is in it to MLflow's clients. */
export class ObjectStore extends pulumi.ComponentResource implements ObjectStoreOutputs {
  readonly uri: pulumi.Output<string>;

  constructor(
    name: string,
    args: ObjectStoreArgs<Environment>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:platform:ObjectStore", name, {}, opts);
    this.uri = args.environment.folder.apply(
      (folder) => pathToFileURL(`${folder}/store/artifacts`).href,
    );
    this.registerOutputs({ uri: this.uri });
  }
}
