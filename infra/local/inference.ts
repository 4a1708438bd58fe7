import * as pulumi from "@pulumi/pulumi";
import { checkout, sourceDigest } from "../checkout.ts";
import type { InferenceArgs, InferenceOutputs } from "../platform.ts";
import { servingVariables } from "../serving-variables.ts";
import { loopback } from "./loopback.ts";
import type { LocalTarget } from "./local-target.ts";
import { Service } from "./service.ts";

/** The server as a process, pinned to the package of a release. */
export class Inference extends pulumi.ComponentResource implements InferenceOutputs {
  readonly url: pulumi.Output<string>;
  readonly predictUrl: pulumi.Output<string>;

  constructor(
    name: string,
    args: InferenceArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:platform:Inference", name, { port: args.settings.port }, opts);
    const service = new Service(
      `${name}-service`,
      {
        name: "inference",
        entry: `${checkout}/server/main.ts`,
        cwd: checkout,
        env: {
          HOST: loopback,
          PORT: String(args.settings.port),
          MODEL_NAME: args.release.model,
          MODEL_VERSION: args.release.version,
          MODEL_URI: args.release.uri,
          MODEL_DIGEST: args.release.digest,
          ...servingVariables(args.settings),
          ...(args.token === undefined ? {} : { PREDICT_TOKEN: args.token }),
          ...args.store.variables,
        },
        host: loopback,
        port: args.settings.port,
        portKey: "updraft:inference.port",
        healthPath: "/ready",
        folder: args.environment.folder,
        code: sourceDigest(["server", "contracts"]),
      },
      { parent: this },
    );
    this.url = service.url;
    this.predictUrl = pulumi.interpolate`${service.url}/v1/models/${args.release.model}:predict`;
    this.registerOutputs({ url: this.url, predictUrl: this.predictUrl });
  }
}
