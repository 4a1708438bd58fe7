import type { TensorSpec } from "@updraft/contracts/signature";

/** Names of the classes of a classifier's output; nothing of another model's. */
export function classesOf({ labels, shape }: TensorSpec): readonly string[] | undefined {
  return shape.length === 2 ? labels : undefined;
}

/**
 * Index of the class that is most likely, for each instance.
 * @param answers `[n, classes]`, flattened row-major
 */
export function predictedClasses(answers: Float32Array, classes: number): number[] {
  return Array.from({ length: answers.length / classes }, (_, instance) => {
    let best = instance * classes;
    for (let at = best + 1; at < (instance + 1) * classes; at += 1) {
      if ((answers[at] ?? 0) > (answers[best] ?? 0)) best = at;
    }
    return best - instance * classes;
  });
}
