import { CommandError, Unavailable } from "./errors.js";

/**
 * One way to come by something. `run` throws {@link Unavailable} where this way does not work here.
 * @template T
 * @typedef {{ name: string, run: () => Promise<T> }} Way
 */

/**
 * Goes the ways in their order until one works.
 * @template T
 * @param {string} what is wanted, such as `Node 24`
 * @param {ReadonlyArray<Way<T> | "" | undefined>} ways without those that this platform does not have
 * @param {string} advice what a person can do if none works: a sentence
 * @returns {Promise<T>}
 * @throws {CommandError} naming every way with the reason why it did not work
 */
export async function firstWay(what, ways, advice) {
  const tried = [];
  for (const way of ways) {
    if (!way) continue;
    try {
      return await way.run();
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      tried.push(`  - ${way.name}: ${error.message}`);
    }
  }
  throw new CommandError([`${what} cannot be set up. Tried:`, ...tried, advice].join("\n"));
}
