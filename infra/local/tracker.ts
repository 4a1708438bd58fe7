import * as pulumi from "@pulumi/pulumi";
import type { TrackerArgs, TrackerOutputs } from "../platform.ts";
import { checkout, sourceDigest } from "./checkout.ts";
import type { Environment } from "./environment.ts";
import { loopback } from "./loopback.ts";
import { Service } from "./service.ts";

/** The tracker as a process, with SQLite. */
export class Tracker extends pulumi.ComponentResource implements TrackerOutputs {
  readonly url: pulumi.Output<string>;

  constructor(
    name: string,
    args: TrackerArgs<Environment>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super("updraft:platform:Tracker", name, { port: args.port }, opts);
    const { folder } = args.environment;
    const service = new Service(
      `${name}-service`,
      {
        name: "tracker",
        entry: `${checkout}/tracker/main.ts`,
        cwd: checkout,
        env: {
          HOST: loopback,
          PORT: String(args.port),
          MLFLOW_BACKEND_STORE_URI: pulumi.interpolate`sqlite:///${folder}/tracker/tracker.db`,
          MLFLOW_ARTIFACTS_DESTINATION: args.store.uri,
        },
        host: loopback,
        port: args.port,
        portKey: "updraft:tracker.port",
        healthPath: "/health",
        folder,
        code: sourceDigest(["tracker", "contracts"]),
      },
      { parent: this },
    );
    this.url = service.url;
    this.registerOutputs({ url: this.url });
  }
}
