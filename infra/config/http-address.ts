import { z } from "zod";

/**
 * Address of a service that is there already, without a slash at its end: no query, no fragment,
 * and no credentials, which everybody would read.
 * @param expected what it looks like
 * @param credentials what to do with them instead
 */
export function httpAddress(expected: string, credentials: string) {
  return z
    .url({ protocol: /^https?$/, error: `expected ${expected}` })
    .refine((uri) => !/^[^/]*\/\/[^/]*@/.test(uri), {
      error: `credentials do not belong there; ${credentials}`,
    })
    .refine((uri) => !/[?#]/.test(uri), { error: "expected no query and no fragment" })
    .transform((uri) => uri.replace(/\/+$/, ""));
}
