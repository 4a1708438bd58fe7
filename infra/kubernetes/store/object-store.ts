import * as pulumi from "@pulumi/pulumi";
import type { ObjectStoreArgs } from "../../platform.ts";
import type { TrackerVariables } from "../../tracker-credentials.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import { existingStore } from "./existing-store.ts";
import { storeEndpoint } from "./minio.ts";
import { OwnStore } from "./own-store.ts";
import type { KubernetesStore } from "./store-access.ts";

/** A bucket: of a MinIO that the stack makes, or one that is there already. */
export class ObjectStore extends pulumi.ComponentResource implements KubernetesStore {
  readonly uri: pulumi.Output<string>;
  readonly variables: TrackerVariables;
  readonly readerVariables: KubernetesStore["readerVariables"];
  readonly access: KubernetesStore["access"];
  readonly ready: readonly pulumi.Resource[];

  constructor(
    name: string,
    args: ObjectStoreArgs<KubernetesTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { environment, settings } = args;
    super("updraft:platform:ObjectStore", name, settings.s3 ?? {}, opts);
    const store = settings.s3
      ? existingStore(name, settings.s3, environment, this)
      : new OwnStore(this, environment).create(name);
    this.uri = store.uri;
    this.access = store.access;
    this.readerVariables = store.readerVariables;
    this.ready = store.ready;
    const endpoint = settings.s3 ? settings.s3.endpoint : storeEndpoint;
    this.variables = endpoint === undefined ? {} : { S3_ENDPOINT_URL: endpoint };
    this.registerOutputs({ uri: this.uri });
  }
}
