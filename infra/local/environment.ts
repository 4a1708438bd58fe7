import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { checkout } from "../checkout.ts";
import type { EnvironmentArgs } from "../platform.ts";
import { Folder } from "./folder.ts";
import type { LocalTarget } from "./local-target.ts";

/** A stack on this machine: its folder, which goes when the stack goes. */
export class Environment extends pulumi.ComponentResource {
  /** Absolute path of the folder, known once it is there. */
  readonly folder: pulumi.Output<string>;

  constructor(
    name: string,
    args: EnvironmentArgs<LocalTarget>,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    const { stack, config } = args;
    super("updraft:platform:Environment", name, { stack, ...config.store }, opts);
    const folder = new Folder(
      `${name}-folder`,
      { path: stackFolder({ stack, path: config.store.path }), keep: config.store.keep },
      { parent: this },
    );
    this.folder = folder.path;
    this.registerOutputs({ folder: this.folder });
  }
}

/** The folder of a stack, absolute. */
export function stackFolder(args: {
  readonly stack: string;
  /** `updraft:store.path`. @default .updraft/<stack> */
  readonly path?: string | undefined;
}): string {
  return resolve(checkout, args.path ?? `.updraft/${args.stack}`);
}
