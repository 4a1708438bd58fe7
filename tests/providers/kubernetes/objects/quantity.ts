const pattern = /^([+-]?)(\d*)(?:\.(\d*))?([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/;

const decimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const;
const binarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"] as const;
const nano = 1_000_000_000n;

/**
 * A quantity the way the API server writes it: `1000m` as `1`, `0.5Gi` as `512Mi`. What is no
 * quantity stays as it is.
 * @see https://pkg.go.dev/k8s.io/apimachinery/pkg/api/resource#Quantity
 */
export function canonicalQuantity(text: string): string {
  const match = pattern.exec(text.trim());
  const [, sign, whole = "", fraction = "", suffix = ""] = match ?? [];
  if (!match || whole + fraction === "") return text;
  const nanos = nanosOf(whole, fraction, suffix);
  if (nanos === undefined) return text;
  const written =
    suffix.endsWith("i") && nanos >= 1024n * nano ? binary(nanos) : decimal(nanos, suffix);
  return sign === "-" && written !== "0" ? `-${written}` : written;
}

function nanosOf(whole: string, fraction: string, suffix: string): bigint | undefined {
  const digits = BigInt(whole + fraction);
  const scale = 10n ** BigInt(fraction.length);
  const exponent = /^[eE]([+-]?\d+)$/.exec(suffix)?.[1];
  if (exponent !== undefined) return scaled(digits, scale, Number(exponent) + 9);
  if (suffix.endsWith("i")) {
    const power = binarySuffixes.indexOf(suffix as (typeof binarySuffixes)[number]);
    return roundedUp(digits * 1024n ** BigInt(power) * nano, scale);
  }
  const power = decimalSuffixes.indexOf(suffix as (typeof decimalSuffixes)[number]);
  return power < 0 ? undefined : scaled(digits, scale, power * 3);
}

/** digits / scale × 10^power. */
function scaled(digits: bigint, scale: bigint, power: number): bigint {
  return power >= 0
    ? roundedUp(digits * 10n ** BigInt(power), scale)
    : roundedUp(digits, scale * 10n ** BigInt(-power));
}

function roundedUp(value: bigint, divisor: bigint): bigint {
  return (value + divisor - 1n) / divisor;
}

function binary(nanos: bigint): string {
  let amount = roundedUp(nanos, nano);
  let power = 0;
  while (amount % 1024n === 0n && power < binarySuffixes.length - 1) {
    amount /= 1024n;
    power++;
  }
  return `${amount}${binarySuffixes[power]}`;
}

function decimal(nanos: bigint, suffix: string): string {
  if (nanos === 0n) return "0";
  let amount = nanos;
  let power = 0;
  while (amount % 1000n === 0n && power < decimalSuffixes.length - 1) {
    amount /= 1000n;
    power++;
  }
  if (!/^[eE]/.test(suffix)) return `${amount}${decimalSuffixes[power]}`;
  return power === 3 ? `${amount}` : `${amount}e${(power - 3) * 3}`;
}
