/** A range of IPv4 addresses: its first address as a number, and the length of its prefix. */
export interface Cidr {
  readonly base: number;
  readonly prefix: number;
}

/**
 * @param text like `10.0.0.0/8`; an address alone is a range of one
 * @throws {RangeError} for anything else
 */
export function parseCidr(text: string): Cidr {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  const bytes = match?.slice(1, 5).map(Number) ?? [];
  const prefix = Number(match?.[5] ?? 32);
  if (match === null || prefix > 32 || bytes.some((byte) => byte > 255)) {
    throw new RangeError(`${text} is no range of IPv4 addresses; one looks like 10.0.0.0/8`);
  }
  const address = bytes.reduce((number, byte) => number * 256 + byte, 0);
  return { base: address - (address % sizeOf(prefix)), prefix };
}

/** The range as it is written. */
export function formatCidr({ base, prefix }: Cidr): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
  return `${bytes.join(".")}/${prefix}`;
}

/** Whether two ranges have an address in common: one then holds the other. */
export function overlap(a: Cidr, b: Cidr): boolean {
  const [wide, narrow] = a.prefix <= b.prefix ? [a, b] : [b, a];
  return narrow.base >= wide.base && narrow.base < wide.base + sizeOf(wide.prefix);
}

/** A range without others, as the fewest ranges, in order. */
export function subtract(range: Cidr, excepted: readonly Cidr[]): Cidr[] {
  const inside = excepted.filter((other) => overlap(range, other));
  if (inside.length === 0) return [range];
  if (inside.some((other) => other.prefix <= range.prefix)) return [];
  const prefix = range.prefix + 1;
  const halves = [
    { base: range.base, prefix },
    { base: range.base + sizeOf(prefix), prefix },
  ];
  return halves.flatMap((half) => subtract(half, inside));
}

function sizeOf(prefix: number): number {
  return 2 ** (32 - prefix);
}
