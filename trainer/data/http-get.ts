import { messageOf } from "@updraft/contracts/message-of";

/** How often an answer may point elsewhere. */
const mostRedirects = 5;

const redirecting = new Set([301, 302, 303, 307, 308]);

/** Hosts that are this machine: nobody listens on the way. */
const loopback = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * What is wrong with an address on the web, if something is: it must be `https:`, or `http:` on this
 * machine, and have no password in it, because addresses of datasets are recorded.
 */
export function webAddressProblem({ protocol, hostname, username, password }: URL) {
  if (username !== "" || password !== "") return "expected an address without user and password";
  if (protocol === "https:" || (protocol === "http:" && loopback.test(hostname))) return undefined;
  return "expected https://; http:// is for this machine alone (127.0.0.1, localhost)";
}

/**
 * Asks for a file's bytes as they are stored, from `start` on. What it is pointed to must be an
 * address that may be named.
 */
export async function httpGet(url: string, start: number, signal: AbortSignal): Promise<Response> {
  const headers = {
    // Compressed on the way, bytes cannot be counted or resumed.
    "accept-encoding": "identity",
    ...(start > 0 ? { range: `bytes=${start}-` } : {}),
  };
  let address = new URL(url);
  for (let redirects = 0; ; redirects += 1) {
    const response = await fetch(address, { signal, redirect: "manual", headers });
    const location = response.headers.get("location");
    if (!redirecting.has(response.status) || location === null) return response;
    await discard(response);
    if (redirects === mostRedirects)
      throw new Error(`it redirects more than ${mostRedirects} times`);
    address = new URL(location, address);
    const problem = webAddressProblem(address);
    if (problem !== undefined) throw new Error(`it redirects to ${address.href}: ${problem}`);
  }
}

/** Leaves the rest of an answer; what is wrong with it matters to nobody. */
export async function discard(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

/** Does something while others send; fails when they have sent nothing for some time. */
export async function unlessStalled<T>(
  { signal, stallMs = 15_000 }: { readonly signal: AbortSignal; readonly stallMs?: number },
  action: (signal: AbortSignal, onBytes: () => void) => Promise<T>,
): Promise<T> {
  const stalled = new AbortController();
  const silence = new Error(`it sent nothing for ${stallMs / 1000} s`);
  const timer = setTimeout(() => stalled.abort(silence), stallMs);
  try {
    return await action(AbortSignal.any([signal, stalled.signal]), () => timer.refresh());
  } finally {
    clearTimeout(timer);
  }
}

/** Why a request failed, in one line. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { message, cause } = error;
  if (!(cause instanceof Error)) return message;
  // One error for each address of a host, of which the first says enough.
  const [first] = cause instanceof AggregateError ? cause.errors : [cause];
  return `${message === "fetch failed" ? "it cannot be reached" : message}: ${messageOf(first)}`;
}
