import { Release } from "@updraft/contracts/release";
import { z } from "zod";
import { PulumiStack, quickModel, type StackConfig } from "../../e2e/pulumi-stack.ts";
import { StackOutputs } from "../../e2e/test-stack.ts";
import { withPluginsOnPath } from "../../providers/support/plugins-on-path.ts";
import type { TestCluster } from "../harness/test-cluster.ts";
import { Kube } from "./kube.ts";

const ClusterOutputs = StackOutputs.extend({ trackerToken: z.string(), release: Release });
export type ClusterOutputs = z.infer<typeof ClusterOutputs>;

export interface ClusterStackOptions {
  /** Stack that is in the same backend. @default a backend of its own */
  readonly neighbour?: Pick<PulumiStack, "folder">;
  /** What its commands are run with, over what the test cluster gives. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A stack of target `kubernetes` in the test cluster, in a namespace of its own. */
export class ClusterStack extends PulumiStack {
  readonly kube: Kube;
  /** Where the Service of the inference is reached from this machine. */
  readonly nodePort: number;
  readonly #cluster: TestCluster;

  private constructor(
    name: string,
    cluster: TestCluster,
    nodePort: number,
    { folder, environment }: { folder: string; environment: NodeJS.ProcessEnv | undefined },
  ) {
    super(name, folder, withPluginsOnPath({ ...process.env, ...cluster.env, ...environment }));
    this.#cluster = cluster;
    this.nodePort = nodePort;
    this.kube = new Kube(cluster, `updraft-${name}`);
  }

  /**
   * @param nodePort of the cluster's range, 30000 to 32767; each stack has another
   */
  static async create(
    name: string,
    cluster: TestCluster,
    nodePort: number,
    { neighbour, environment }: ClusterStackOptions = {},
  ): Promise<ClusterStack> {
    const folder = neighbour?.folder ?? (await PulumiStack.newFolder(name));
    const place = { folder, environment };
    const stack = new ClusterStack(`${name}-${process.pid}`, cluster, nodePort, place);
    await stack.configure({});
    await stack.init();
    return stack;
  }

  get predictUrl(): string {
    return `http://127.0.0.1:${this.nodePort}/v1/models/digits:predict`;
  }

  /**
   * Sets the whole configuration anew; what is given goes over the small, quick settings of the
   * tests.
   */
  async configure(config: StackConfig): Promise<void> {
    const { registry, images } = this.#cluster;
    const { images: givenImages, inference, ...chapters } = config;
    await this.setConfig({
      target: "kubernetes",
      model: quickModel,
      gate: { minAccuracy: 0.8 },
      images: {
        registry: `${registry}/updraft`,
        base: images.node,
        minio: images.minio,
        postgres: images.postgres,
        // The daemon of the test cluster has no network of its own to build in.
        network: "host",
        ...objectOf(givenImages),
      },
      // The nodes are one small machine, and only the autoscaler's own test wants more pods.
      training: { resources: { requests: { cpu: "200m" } } },
      inference: {
        replicas: { min: 2, max: 2 },
        service: { type: "NodePort", nodePort: this.nodePort },
        ...objectOf(inference),
      },
      ...chapters,
    });
  }

  async outputs(): Promise<ClusterOutputs> {
    const { output } = await this.pulumi("stack", "output", "--json", "--show-secrets");
    return ClusterOutputs.parse(JSON.parse(output));
  }
}

function objectOf(chapter: unknown): Record<string, unknown> {
  return typeof chapter === "object" && chapter !== null ? { ...chapter } : {};
}
