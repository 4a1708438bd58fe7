import { useCallback, useEffect, useRef, useState } from "preact/hooks";

/** Data that is on its way, there, or not to be had. */
export interface Loaded<Data> {
  readonly data?: Data | undefined;
  /** The last attempt failed; data that was there before stays. */
  readonly error?: Error | undefined;
  readonly isLoading: boolean;
  /** Fetches again; what is shown stays until the new is there. */
  reload(): void;
}

/**
 * Fetches when the component appears and whenever the key changes; then what was there before is
 * forgotten.
 * @param key what the data depends on; undefined: nothing is fetched
 */
export function useData<Data>(
  key: string | undefined,
  fetchData: (signal: AbortSignal) => Promise<Data>,
): Loaded<Data> {
  const [state, setState] = useState<{ key?: string | undefined; data?: Data; error?: Error }>({});
  const [round, setRound] = useState(0);
  const latest = useRef(fetchData);
  latest.current = fetchData;
  useEffect(() => {
    if (key === undefined) return;
    const abort = new AbortController();
    latest.current(abort.signal).then(
      (data) => abort.signal.aborted || setState({ key, data }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const failure = error instanceof Error ? error : new Error(String(error));
        setState((before) => ({ ...(before.key === key ? before : {}), key, error: failure }));
      },
    );
    return () => abort.abort();
  }, [key, round]);
  const reload = useCallback(() => setRound((before) => before + 1), []);
  const current = state.key === key ? state : {};
  const isLoading = key !== undefined && state.key !== key;
  return { data: current.data, error: current.error, isLoading, reload };
}

/**
 * Calls again and again while something goes on: not before the last call has ended, and not while
 * nobody looks.
 */
export function usePolling(
  active: boolean,
  intervalMs: number,
  poll: (signal: AbortSignal) => Promise<void>,
): void {
  const latest = useRef(poll);
  latest.current = poll;
  useEffect(() => {
    if (!active) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const next = (delay: number) => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        if (document.hidden) return;
        // A failed call is no reason to give up: the next may reach the tracker again.
        await latest.current(abort.signal).catch(() => undefined);
        if (!abort.signal.aborted) next(intervalMs);
      }, delay);
    };
    const onVisible = () => document.hidden || next(0);
    document.addEventListener("visibilitychange", onVisible);
    next(intervalMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", onVisible);
    };
  }, [active, intervalMs]);
}
