import { pathToFileURL } from "node:url";
import * as pulumi from "@pulumi/pulumi";
import type { SourceVariables } from "@updraft/contracts/promotion-source";
import type { ObjectStoreArgs, ObjectStoreOutputs } from "../platform.ts";
import type { TrackerVariables } from "../tracker-credentials.ts";
import type { LocalTarget } from "./local-target.ts";

/**
 * A folder as artifact store, which the stack's tracker shows to MLflow's clients; or what a
 * tracker that is there already keeps behind its proxy.
 */
export class ObjectStore extends pulumi.ComponentResource implements ObjectStoreOutputs {
  readonly uri: pulumi.Output<string>;
  readonly variables: TrackerVariables;
  readonly readerVariables: pulumi.Output<SourceVariables>;

  constructor(
    name: string,
    args: ObjectStoreArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:platform:ObjectStore", name, {}, opts);
    const { environment, credentials } = args;
    const trackerUri = args.tracker.uri;
    this.uri = environment.folder.apply((folder) =>
      trackerUri ? "mlflow-artifacts:/" : pathToFileURL(`${folder}/store/artifacts`).href,
    );
    this.variables = trackerUri ? { MLFLOW_TRACKING_URI: trackerUri, ...credentials } : {};
    this.readerVariables = pulumi.secret(pulumi.output(this.variables));
    this.registerOutputs({ uri: this.uri });
  }
}
