import { createHash } from "node:crypto";
import type { Random } from "@updraft/models/model-definition";
import { z } from "zod";

/** Where a generator is: four signed integers of 32 bits. */
export const RandomState = z.tuple([z.int32(), z.int32(), z.int32(), z.int32()]).readonly();
export type RandomState = z.infer<typeof RandomState>;

/** A generator that can be taken up where it was left. */
export interface ResumableRandom extends Random {
  save(): RandomState;
  restore(state: RandomState): void;
}

/**
 * Numbers in [0, 1) that follow from a seed and a purpose: what one purpose draws does not change
 * what another one gets. The generator is sfc32.
 * @see https://pracrand.sourceforge.net/RNG_engines.txt
 */
export function createRandom(seed: number, purpose: string): ResumableRandom {
  const hash = createHash("sha256").update(`${seed}/${purpose}`).digest();
  let a = hash.readInt32LE(0);
  let b = hash.readInt32LE(4);
  let c = hash.readInt32LE(8);
  let counter = hash.readInt32LE(12);
  const draw = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  return Object.assign(draw, {
    save: (): RandomState => [a, b, c, counter],
    restore: (state: RandomState) => {
      [a, b, c, counter] = state;
    },
  });
}

/** The same values in another order; every order is equally likely (Fisher and Yates). */
export function shuffled(values: Int32Array, random: Random): Int32Array {
  const result = values.slice();
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const value = result[last] ?? 0;
    result[last] = result[other] ?? 0;
    result[other] = value;
  }
  return result;
}
