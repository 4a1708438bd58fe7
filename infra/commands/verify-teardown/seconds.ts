/** The seconds in `60s` or `2m`; nothing where it is no such text. */
export function secondsIn(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,5})(s|m)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return Number(number) * (unit === "m" ? 60 : 1);
}
