/** Largest file of a dataset: more cannot be read or hashed at once. */
export const largestFileBytes = 2 ** 31 - 1;
