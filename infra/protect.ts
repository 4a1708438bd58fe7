import * as pulumi from "@pulumi/pulumi";
import type { Config } from "./config/config.ts";

const guardType = "updraft:platform:Guard";

/** Parts of the platform that are there before there is a release. */
const firstParts = ["Environment", "ObjectStore", "Tracker"];

/** What data lies in. */
const dataTypes = ["updraft:local:Folder", "kubernetes:core/v1:PersistentVolumeClaim"];
const dataNames = ["environment-namespace"];

/**
 * Guards what is declared from here on, if the configuration says so. `pulumi destroy` begins with
 * what nothing depends on: that is a guard, which depends on everything else and does not go. So
 * nothing is touched, and yet every run, port, ingress or autoscaler may still be replaced or
 * removed by an update. What holds data refuses by itself as well, and stays where it is even if
 * the state is made to forget it.
 *
 * The guards are there in every stack: only what is still declared can be unprotected.
 * @see docs/teardown.md
 */
export function protectStack(config: Config): void {
  const { protect } = config;
  const declared = new Map<pulumi.Resource, string | undefined>();
  pulumi.runtime.registerStackTransformation(({ resource, type, name, props, opts }) => {
    if (type === guardType) return { props, opts };
    const part = (opts.parent && declared.get(opts.parent)) ?? partOf(type);
    declared.set(resource, part);
    // From the environment on the program waits for nothing any more until it has declared all.
    if (partOf(type) === firstParts[0]) void addGuards(declared, protect);
    return { props, opts: protect ? { ...opts, ...protectionOf(type, name, config) } : opts };
  });
}

async function addGuards(
  declared: ReadonlyMap<pulumi.Resource, string | undefined>,
  protect: boolean,
): Promise<void> {
  // What is left of the program comes before what is promised.
  await Promise.resolve();
  const all = [...declared];
  const first = all.filter(([, part]) => part !== undefined && firstParts.includes(part));
  // The second one comes late, or never: when the first update finds no release.
  new Guard("guard-data", { protect, dependsOn: first.map(([resource]) => resource) });
  new Guard("guard", { protect, dependsOn: all.map(([resource]) => resource) });
}

/** Holds nothing, and depends on what is to outlive it. */
class Guard extends pulumi.ComponentResource {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super(guardType, name, {}, opts);
    this.registerOutputs({});
  }
}

/** The part of the platform that a component is, if it is one. */
function partOf(type: string): string | undefined {
  return /^updraft:platform:(\w+)$/.exec(type)?.[1];
}

function protectionOf(type: string, name: string, config: Config): pulumi.CustomResourceOptions {
  if (dataTypes.includes(type) || dataNames.includes(name)) {
    return { protect: true, retainOnDelete: true };
  }
  return isEmpty(partOf(type), config) ? { protect: true } : {};
}

/** Whether a part is only in the state, since it is elsewhere: then no guard can depend on it. */
function isEmpty(part: string | undefined, { target, store, tracker }: Config): boolean {
  if (part === "Tracker") return tracker.uri !== undefined;
  return (
    part === "ObjectStore" && (target === "local" || ("s3" in store && store.s3 !== undefined))
  );
}
