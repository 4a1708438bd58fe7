import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { hexOf } from "@updraft/contracts/digest";
import type { PromotionPlan } from "../../../platform.ts";
import type { Environment } from "../../environment/environment.ts";
import { metadata, type Place } from "../../metadata.ts";
import { secretVariable, variables, type Variable } from "../../variables.ts";
import type { PodFolder } from "../trainer-pod.ts";
import { trainerPart } from "../trainer-access.ts";
import { bundleParts } from "./source-bundle.ts";

/** What a promotion's pod is given of the stack that it takes over from. */
export interface SourceInPod {
  readonly variables: readonly Variable[];
  /** With the package, where only the machine of the update has it. */
  readonly folder: PodFolder | undefined;
  /** What must be there before the pod is. */
  readonly objects: readonly pulumi.Resource[];
}

/** Secret that says what is taken over, and how it is reached. */
const secretName = "promotion-source";

/** Where the parts of a bundle are in the pod. */
const mountPath = "/source";

/**
 * Puts into the cluster what a promotion's pod reads. The release and its store are in a Secret
 * and not in the Job: with another password, or the same package released again, the Job that has
 * promoted it stays as it is.
 * @param name of the component
 */
export function sourceObjects(
  name: string,
  { source, sourceVariables, bundle }: PromotionPlan,
  environment: Environment,
  parent: pulumi.Resource,
): SourceInPod {
  // An update that was killed may have left them.
  const options = { parent, provider: environment.runsProvider };
  const secret = new k8s.core.v1.Secret(
    `${name}-source`,
    {
      metadata: metadata(environment, trainerPart, { name: secretName }),
      stringData: {
        TRAINER_SOURCE: JSON.stringify(source),
        TRAINER_SOURCE_VARIABLES: sourceVariables.apply((found) => JSON.stringify(found)),
      },
    },
    options,
  );
  const fromSecret = ["TRAINER_SOURCE", "TRAINER_SOURCE_VARIABLES"].map((variable) =>
    secretVariable(variable, secretName),
  );
  if (bundle === undefined) return { variables: fromSecret, folder: undefined, objects: [secret] };
  const parts = bundleParts(bundle);
  const names = partNames(source.release.digest, parts.length);
  const configMaps = parts.map(
    (part, index) =>
      new k8s.core.v1.ConfigMap(
        `${name}-source-${index}`,
        bundleConfigMap(environment, names[index] ?? "", part),
        options,
      ),
  );
  return {
    variables: [...fromSecret, ...variables({ TRAINER_SOURCE_BUNDLE: mountPath })],
    folder: bundleFolder(names),
    objects: [secret, ...configMaps],
  };
}

/** Other names for another package: what a pod has mounted does not change under it. */
function partNames(digest: PromotionPlan["source"]["release"]["digest"], count: number): string[] {
  const short = hexOf(digest).slice(0, 12);
  return Array.from({ length: count }, (_, index) => `${secretName}-${short}-${index}`);
}

/** A part of a bundle. @param part in base64 */
export function bundleConfigMap(place: Place, name: string, part: string) {
  return {
    metadata: metadata(place, trainerPart, { name }),
    binaryData: { [partKey]: part },
  } satisfies k8s.types.input.core.v1.ConfigMap;
}

/** The parts of a bundle in one folder, in the order of their names. */
export function bundleFolder(names: readonly string[]): PodFolder {
  const width = String(names.length).length;
  const sources = names.map((name, index) => ({
    configMap: {
      name,
      items: [{ key: partKey, path: `part-${String(index).padStart(width, "0")}` }],
    },
  }));
  return { mountPath, volume: { name: "source", projected: { sources } } };
}

const partKey = "part";
