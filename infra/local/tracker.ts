import * as pulumi from "@pulumi/pulumi";
import { digestOf } from "@updraft/contracts/digest";
import type { Release } from "@updraft/contracts/release";
import { checkout, sourceDigest } from "../checkout.ts";
import type { TrackerArgs, TrackerOutputs } from "../platform.ts";
import { runPage } from "../run-page.ts";
import { credentialsContent, type TrackerVariables } from "../tracker-credentials.ts";
import { loopback } from "./loopback.ts";
import type { LocalTarget } from "./local-target.ts";
import { SecretFile } from "./secret-file.ts";
import { Service } from "./service.ts";

/** The tracker as a process, with SQLite; or one that is there already, as it is. */
export class Tracker extends pulumi.ComponentResource implements TrackerOutputs {
  readonly url: pulumi.Output<string>;
  readonly variables: TrackerVariables;
  /** Given by the configuration, if at all. */
  readonly token: undefined;
  readonly #isOurs: boolean;

  constructor(
    name: string,
    args: TrackerArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { port, uri } = args.settings;
    super("updraft:platform:Tracker", name, uri === undefined ? { port } : { uri }, opts);
    this.#isOurs = uri === undefined;
    this.url = uri === undefined ? this.#start(name, args) : pulumi.output(uri);
    this.variables = { MLFLOW_TRACKING_URI: this.url, ...args.credentials };
    this.token = undefined;
    this.registerOutputs({ url: this.url });
  }

  runUrl(release: pulumi.Output<Release>): pulumi.Output<string> {
    return runPage(this.url, release, this.#isOurs ? "updraft" : "mlflow");
  }

  #start(name: string, args: TrackerArgs<LocalTarget>): pulumi.Output<string> {
    const { folder } = args.environment;
    const credentials = this.#credentialsFile(name, args);
    const service = new Service(
      `${name}-service`,
      {
        name: "tracker",
        entry: `${checkout}/tracker/main.ts`,
        cwd: checkout,
        env: {
          HOST: loopback,
          PORT: String(args.settings.port),
          MLFLOW_BACKEND_STORE_URI: pulumi.interpolate`sqlite:///${folder}/tracker/tracker.db`,
          MLFLOW_ARTIFACTS_DESTINATION: args.store.uri,
          ...credentials.variables,
        },
        host: loopback,
        port: args.settings.port,
        portKey: "updraft:tracker.port",
        healthPath: "/health",
        folder,
        // A tracker takes up other credentials by itself, but who comes next must not be sooner.
        code: pulumi.interpolate`${sourceDigest(["tracker", "contracts"])}${credentials.digest}`,
      },
      { parent: this },
    );
    return service.url;
  }

  #credentialsFile(
    name: string,
    { environment, credentials }: TrackerArgs<LocalTarget>,
  ): { readonly variables: TrackerVariables; readonly digest: pulumi.Input<string> } {
    if (Object.keys(credentials).length === 0) return { variables: {}, digest: "" };
    const content = pulumi.secret(pulumi.output(credentials).apply(credentialsContent));
    const file = new SecretFile(
      `${name}-credentials`,
      { path: pulumi.interpolate`${environment.folder}/tracker-credentials.json`, content },
      { parent: this },
    );
    return {
      variables: { TRACKER_CREDENTIALS_FILE: file.path },
      digest: content.apply((text) => ` ${digestOf(text)}`),
    };
  }
}
