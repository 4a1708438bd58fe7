import { UsageError } from "../support/run-command.ts";

const minute = 60_000;
const units: Readonly<Record<string, number>> = { m: minute, h: 60 * minute, d: 24 * 60 * minute };

/** A stack that goes sooner might go before its first update has ended. */
const shortest = "10m";
/** What lasts longer is no preview any more. */
const longest = "30d";

/** How long a stack lives where nobody says otherwise. */
export const defaultTtl = "4h";

/**
 * How long a stack is to live, in milliseconds.
 * @param text a whole number and a unit: `30m`, `4h`, `2d`
 * @throws {UsageError} if it is none, or too short or too long
 */
export function parseTtl(text: string): number {
  const milliseconds = durationOf(text);
  if (milliseconds === undefined) {
    throw new UsageError(
      `--ttl ${text} is no time to live; expected a whole number of minutes, hours or days, such as 30m, 4h or 2d`,
    );
  }
  if (milliseconds < (durationOf(shortest) ?? 0)) {
    throw new UsageError(
      `--ttl ${text} is below ${shortest}; the stack might go before its first update has ended`,
    );
  }
  if (milliseconds > (durationOf(longest) ?? 0)) {
    throw new UsageError(
      `--ttl ${text} is above ${longest}; a stack that stays needs none, and is made with npm start -- --stack <name>`,
    );
  }
  return milliseconds;
}

/**
 * When a stack expires that is brought up now. What it already has is not shortened unless
 * somebody says so.
 * @param ttl asked for, in milliseconds; without it the stack has at least the usual time
 * @param current when it would expire, if it is there
 */
export function expiryOf(now: Date, ttl: number | undefined, current: Date | undefined): Date {
  const renewed = now.getTime() + (ttl ?? parseTtl(defaultTtl));
  if (ttl !== undefined || current === undefined) return new Date(renewed);
  return new Date(Math.max(renewed, current.getTime()));
}

/** A span in its two largest units: `3 h 59 min`, without a sign. */
export function inWords(milliseconds: number): string {
  const minutes = Math.round(Math.abs(milliseconds) / minute);
  const [days, hours] = [Math.floor(minutes / (24 * 60)), Math.floor(minutes / 60) % 24];
  if (days > 0) return hours === 0 ? `${days} d` : `${days} d ${hours} h`;
  const rest = minutes % 60;
  if (hours > 0) return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
  return `${minutes} min`;
}

function durationOf(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const milliseconds = unit === undefined ? undefined : units[unit];
  return milliseconds === undefined ? undefined : Number(count) * milliseconds;
}
