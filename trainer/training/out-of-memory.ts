/** There was not enough memory for what training needs at once. */
export class OutOfMemoryError extends Error {
  override readonly name = "OutOfMemoryError";
}

/** TensorFlow's status of a resource that is exhausted, in the words of its binding. */
const ofEngine = /TF_Status: 8\b|OOM when allocating|CUDA_ERROR_OUT_OF_MEMORY/;
/** What Node says of arrays that it cannot make. */
const ofNode = /allocation failed|Invalid typed array length|Invalid array buffer length/i;

/**
 * An error as it is, or one that says what to do where it is one of memory.
 * @param batchSize examples in a step
 */
export function explainMemory(error: unknown, batchSize: number): unknown {
  if (!(error instanceof Error)) return error;
  const isMemory =
    ofEngine.test(error.message) || (error instanceof RangeError && ofNode.test(error.message));
  if (!isMemory) return error;
  const reason = error.message.replaceAll(/\s+/g, " ").trim();
  return new OutOfMemoryError(
    `there is not enough memory to train: ${reason}; lower batchSize, which is ${batchSize}, or make the network smaller, or give the trainer more memory`,
    { cause: error },
  );
}
