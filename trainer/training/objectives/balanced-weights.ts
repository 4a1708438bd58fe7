/**
 * How much an example of each class counts where all classes together count the same: the fewer
 * examples a class has, the more; 1 on average over the examples. A class without examples has 0.
 * @param labels indexes of classes
 */
export function balancedWeights(labels: Int32Array, classes: number): Float32Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label] = (counts[label] ?? 0) + 1;
  const present = counts.filter((count) => count > 0).length;
  return Float32Array.from(counts, (count) =>
    count === 0 ? 0 : labels.length / (present * count),
  );
}
