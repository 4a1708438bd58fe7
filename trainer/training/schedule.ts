/** A learning rate that rises along a line and falls along a cosine. */
export interface OneCycle {
  /** Its highest value. */
  readonly learningRate: number;
  /** Share of all steps in which it rises. */
  readonly warmUp: number;
}

/** Share of the highest learning rate that training starts with. */
const start = 0.04;

/**
 * The learning rate at a point of the training.
 * @param progress share of all steps that are done, in [0, 1)
 * @see https://arxiv.org/abs/1708.07120
 */
export function oneCycle({ learningRate, warmUp }: OneCycle, progress: number): number {
  if (progress < warmUp) return learningRate * (start + (1 - start) * (progress / warmUp));
  const falling = warmUp < 1 ? (progress - warmUp) / (1 - warmUp) : 1;
  return learningRate * 0.5 * (1 + Math.cos(Math.PI * falling));
}
