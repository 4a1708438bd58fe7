/** What has to be set for a cluster's cost to be told. */
export function missingPrices(missing: readonly string[]): string {
  const keys = missing.map((key) => `cluster:prices.${key}`).join(", ");
  return `costPerHour is not told: no list price is known here; set ${keys} to what an hour costs`;
}
