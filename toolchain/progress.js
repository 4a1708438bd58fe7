/**
 * How a step of the set-up tells what it does.
 * @typedef {object} Step
 * @property {(text: string) => void} update what it is doing now; says that there is something to do
 * @property {(text: string) => void} done what is there now
 * @property {() => void} failed
 */

/** @typedef {{ write: (text: string) => unknown, isTTY?: boolean, columns?: number }} Output */

const nameWidth = 16;
const textWidth = 58;
const separator = " | ";
/** On a terminal one line is written over; elsewhere every line stays, so there are fewer. */
const plainMilliseconds = 10_000;
const terminalMilliseconds = 100;

/**
 * Reports steps, which may run at the same time, each ending with one line: name, what is there,
 * how long it took.
 * @param {Output} output
 * @param {{ quiet: boolean, now?: () => number }} options quiet: no word of steps that had nothing to do
 */
export function createProgress(output, { quiet, now = () => performance.now() }) {
  /** @type {Map<string, string>} */
  const active = new Map();

  const clearStatus = () => {
    if (output.isTTY && active.size > 0) output.write("\r\x1b[K");
  };
  const drawStatus = () => {
    if (!output.isTTY || active.size === 0) return;
    const columns = (output.columns ?? 80) - 2;
    const width = Math.floor(columns / active.size) - separator.length;
    const cells = [...active].map(([name, text]) => `${name}: ${text}`.slice(0, width));
    output.write(`\r\x1b[K  ${cells.join(separator)}`);
  };

  return {
    /** @param {string} name @returns {Step} */
    step(name) {
      const startedAt = now();
      let lastUpdate = Number.NEGATIVE_INFINITY;
      const seconds = () => `${((now() - startedAt) / 1000).toFixed(1)} s`;
      const end = (/** @type {string} */ mark, /** @type {string} */ text) => {
        clearStatus();
        const worked = active.delete(name);
        if (!quiet || worked) {
          const columns = [name.padEnd(nameWidth), text.padEnd(textWidth), seconds().padStart(8)];
          output.write(`  ${mark} ${columns.join(" ")}\n`);
        }
        drawStatus();
      };
      return {
        update(text) {
          const interval = output.isTTY ? terminalMilliseconds : plainMilliseconds;
          active.set(name, text);
          if (now() - lastUpdate < interval) return;
          lastUpdate = now();
          if (output.isTTY) drawStatus();
          else output.write(`  . ${name.padEnd(nameWidth)} ${text} (${seconds()})\n`);
        },
        done: (text) => end("✓", text),
        failed: () => end("✗", "failed"),
      };
    },
  };
}

/**
 * Bytes for people, in MB.
 * @param {number} received
 * @param {number | undefined} total
 */
export function megabytes(received, total) {
  const parts = [received, total].filter((bytes) => bytes !== undefined);
  return `${parts.map((bytes) => (bytes / 1e6).toFixed(0)).join(" of ")} MB`;
}
