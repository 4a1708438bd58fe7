// @ts-check

/**
 * Runs one task at a time; of those asked for meanwhile only the last one comes next.
 * @template T
 * @param {(value: T) => Promise<void>} task
 * @returns {(value: T) => void}
 */
export function latestOnly(task) {
  let running = false;
  /** @type {{ value: T } | undefined} */
  let next;

  const run = async () => {
    running = true;
    while (next) {
      const { value } = next;
      next = undefined;
      await task(value);
    }
    running = false;
  };

  return (value) => {
    next = { value };
    if (!running) void run();
  };
}
