/**
 * The numbers of a version, from text such as `v24.21.0`, `go1.26.8` or `3.256.0-alpha.1`.
 * @param {string} text
 * @returns {[number, number, number] | undefined} undefined if there is no version in it
 */
export function parseVersion(text) {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(text);
  if (!match) return undefined;
  return [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

/**
 * Whether a version is the asked one or a later one; text without a version is neither.
 * @param {string} version
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const has = parseVersion(version);
  const wants = parseVersion(minimum);
  if (!has || !wants) return false;
  for (const [index, wanted] of wants.entries()) {
    const difference = (has[index] ?? 0) - wanted;
    if (difference !== 0) return difference > 0;
  }
  return true;
}
