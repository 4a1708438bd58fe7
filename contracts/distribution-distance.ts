/**
 * A share below it counts as this much, or as half a value, if that is more: a logarithm needs a
 * number above 0, and that a bin of few values is empty says little.
 */
const leastShare = 0.0001;

/**
 * The population stability index of two distributions over the same bins: 0 if they are equal; by
 * custom a change below 0.1 is small, and one above 0.25 is large.
 * @param values how many there are now
 * @see https://scholarworks.wmich.edu/dissertations/3208/ Yurdakul, Statistical Properties of PSI
 */
export function populationStability(
  before: readonly number[],
  after: readonly number[],
  values: number,
): number {
  const least = Math.max(leastShare, 0.5 / values);
  let sum = 0;
  for (const [bin, share] of before.entries()) {
    const was = Math.max(least, share);
    const is = Math.max(least, after[bin] ?? 0);
    sum += (is - was) * Math.log(is / was);
  }
  return sum;
}

/**
 * Kolmogorov's and Smirnov's distance of two distributions over the same bins, 0 to 1: by how much
 * the shares of what is below some bin's end differ at most.
 * @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda35g.htm
 */
export function kolmogorovSmirnov(before: readonly number[], after: readonly number[]): number {
  let difference = 0;
  let most = 0;
  for (const [bin, share] of before.entries()) {
    difference += (after[bin] ?? 0) - share;
    most = Math.max(most, Math.abs(difference));
  }
  return most;
}
