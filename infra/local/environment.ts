import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { EnvironmentArgs } from "../platform.ts";
import { checkout } from "./checkout.ts";
import { Folder } from "./folder.ts";

/** A stack on this machine: its folder, which goes when the stack goes. */
export class Environment extends pulumi.ComponentResource {
  /** Absolute path of the folder, known once it is there. */
  readonly folder: pulumi.Output<string>;

  constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
    super("updraft:platform:Environment", name, { ...args }, opts);
    const folder = new Folder(
      `${name}-folder`,
      { path: stackFolder(args), keep: args.keep },
      { parent: this },
    );
    this.folder = folder.path;
    this.registerOutputs({ folder: this.folder });
  }
}

/** The folder of a stack, absolute. */
export function stackFolder(args: Pick<EnvironmentArgs, "stack" | "path">): string {
  return resolve(checkout, args.path ?? `.updraft/${args.stack}`);
}
