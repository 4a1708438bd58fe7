import { messageOf } from "@updraft/contracts/message-of";
import { readPackage } from "@updraft/contracts/model-package";
import type * as tf from "@tensorflow/tfjs";
import { deserializeLayers } from "../packaging/serialize.ts";
import { storedWeights, tensorOf, type StoredTensor } from "../training/training-state.ts";
import type { ServingVersion, WarmStart } from "./champion.ts";

/** With its weights, by the name that they have in the network. */
export interface WarmWeights extends WarmStart {
  readonly weights: readonly StoredTensor[];
}

/**
 * The weights of a version.
 * @throws if its package cannot be read, or is a graph, which has no layers
 */
export async function readWeights({ version, digest, uri }: ServingVersion): Promise<WarmWeights> {
  try {
    const network = await deserializeLayers(await readPackage(uri, digest));
    const weights = storedWeights(network, part);
    network.dispose();
    return { version, digest, weights };
  } catch (error) {
    throw new Error(
      `a training cannot begin with version ${version} (TRAINER_WARM_START champion): ${messageOf(error)}; set none to begin with chance`,
      { cause: error },
    );
  }
}

/**
 * Gives a network those weights of a version that it has by the same name and shape.
 * @returns for people: how many, and which do not fit
 * @throws if there are none
 */
export function beginWith(network: tf.LayersModel, { version, weights }: WarmWeights): string {
  const misfits: string[] = [];
  const known = new Map(weights.map((weight) => [weight.name, weight]));
  const next = network.weights.map((weight) => {
    const name = `${part}/${weight.originalName}`;
    const shape = weight.shape.map((size) => size ?? 1);
    const there = known.get(name);
    if (there && there.shape.join() === shape.join()) return tensorOf(name, shape, weights);
    const found = there ? `[${there.shape.join(", ")}]` : "nothing";
    misfits.push(`${weight.originalName} is [${shape.join(", ")}] here and ${found} there`);
    return undefined;
  });
  const all = next.length;
  const own = network.getWeights();
  if (misfits.length === all) {
    throw new Error(
      `none of the weights of version ${version} fits this network (TRAINER_WARM_START): ${shortened(misfits)}; set none, or train the network of that version`,
    );
  }
  network.setWeights(next.map((tensor, index) => tensor ?? (own[index] as tf.Tensor)));
  for (const tensor of next) tensor?.dispose();
  const counted = `begins with ${all - misfits.length} of ${all} weights of version ${version}`;
  return misfits.length === 0 ? counted : `${counted}: ${shortened(misfits)}`;
}

/** The tags of a run that begins with the weights of a version. */
export function warmStartTags({ version, digest }: WarmStart): Record<string, string> {
  return { "updraft.warmStart.version": version, "updraft.warmStart.digest": digest };
}

/** What the names of the weights begin with. */
const part = "network";

function shortened(misfits: readonly string[]): string {
  const more = misfits.length > 3 ? `; and ${misfits.length - 3} more` : "";
  return `${misfits.slice(0, 3).join("; ")}${more}`;
}
