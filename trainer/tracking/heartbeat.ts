/** Something that is done again and again until it is stopped. */
export interface Heartbeat {
  stop(): void;
}

/**
 * Says again and again that this process is alive. Nobody waits for it, a beat that cannot be sent
 * is left out, and no beat begins before the one before it has ended.
 * @param beat sends one; its signal is aborted when the heartbeat is stopped
 * @param everyMs pause between two beats, in milliseconds
 */
export function startHeartbeat(
  beat: (signal: AbortSignal) => Promise<void>,
  everyMs: number,
): Heartbeat {
  const controller = new AbortController();
  let beating = false;
  const timer = setInterval(() => {
    if (beating) return;
    beating = true;
    beat(controller.signal)
      // A tracker that is away hears the next one.
      .catch(() => undefined)
      .finally(() => (beating = false));
  }, everyMs);
  // To beat must not keep a process that has nothing left to do.
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      controller.abort();
    },
  };
}
