import * as pulumi from "@pulumi/pulumi";

export interface ServiceArgs {
  /** Of the service, for its files and messages. */
  readonly name: string;
  /** Module that Node runs, absolute. */
  readonly entry: string;
  /** @default [] */
  readonly args?: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, pulumi.Input<string>>>;
  readonly host: string;
  readonly port: number;
  /** The configuration key of the port, for messages. */
  readonly portKey: string;
  /** Path that answers 200 once the service can do its work. */
  readonly healthPath: string;
  /** The stack's folder: logs and control files go below it. */
  readonly folder: pulumi.Input<string>;
  /** Names what the service is started from, its code above all: a change rolls out. */
  readonly code: pulumi.Input<string>;
  /** How long the service may take to become ready. @default 60 */
  readonly readyTimeoutSeconds?: number;
  /** How long requests in progress may take when the process is replaced. @default 10 */
  readonly drainSeconds?: number;
}

/**
 * A process that runs on after the update, is started again when it ends, and is replaced without
 * a request being lost.
 */
export class Service extends pulumi.CustomResource {
  /** `http://<host>:<port>`. */
  declare readonly url: pulumi.Output<string>;
  /** The supervisor's process. */
  declare readonly pid: pulumi.Output<number>;
  declare readonly logFile: pulumi.Output<string>;

  constructor(name: string, args: ServiceArgs, opts?: pulumi.CustomResourceOptions) {
    super(
      "updraft:local:Service",
      name,
      {
        args: [],
        readyTimeoutSeconds: 60,
        drainSeconds: 10,
        ...args,
        url: undefined,
        pid: undefined,
        logFile: undefined,
      },
      opts,
    );
  }
}
