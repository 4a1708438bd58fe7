import { join } from "node:path";
import { Digest } from "@updraft/contracts/digest";
import { freePort } from "@updraft/contracts/free-port";
import { GateReport } from "@updraft/contracts/gate";
import { z } from "zod";
import { PulumiStack, quickModel, type StackConfig } from "./pulumi-stack.ts";

/** What every stack tells. */
export const StackOutputs = z.object({
  url: z.url(),
  predictUrl: z.url(),
  trackerUrl: z.url(),
  model: z.object({ name: z.string(), version: z.string(), digest: Digest }),
  metrics: z.record(z.string(), z.number()),
  gate: GateReport,
  datasetDigest: Digest,
  runUrl: z.url(),
});
export type StackOutputs = z.infer<typeof StackOutputs>;

/** A stack of target `local` on free ports, with its files in its temporary folder. */
export class TestStack extends PulumiStack {
  readonly ports: { readonly inference: number; readonly tracker: number };

  private constructor(name: string, folder: string, ports: TestStack["ports"]) {
    super(name, folder);
    this.ports = ports;
  }

  static async create(name: string): Promise<TestStack> {
    const folder = await PulumiStack.newFolder(name);
    const ports = { inference: await freePort(), tracker: await freePort() };
    const stack = new TestStack(`e2e-${name}-${process.pid}`, folder, ports);
    await stack.configure({});
    await stack.init();
    return stack;
  }

  /** Where the stack keeps its files. */
  get storePath(): string {
    return join(this.folder, "files");
  }

  /**
   * Sets the whole configuration anew; what is given goes over the small, quick settings of the
   * tests.
   */
  async configure(config: StackConfig): Promise<void> {
    await this.setConfig({
      model: quickModel,
      gate: { minAccuracy: 0.8 },
      inference: { port: this.ports.inference },
      tracker: { port: this.ports.tracker },
      store: { path: this.storePath },
      ...config,
    });
  }

  async outputs(): Promise<StackOutputs> {
    const { output } = await this.pulumi("stack", "output", "--json");
    return StackOutputs.parse(JSON.parse(output));
  }
}
