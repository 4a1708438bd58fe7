/**
 * What is told of a command: what it printed, and that it has failed if it has. Why is in the log,
 * which may name what a comment must not.
 * @param command as one would type it after `npm run`
 */
export function reported(output: string, code: number, command: string): string {
  const text = output.trimEnd();
  if (code === 0) return `${text}\n`;
  const failure = `> [!CAUTION]\n> \`npm run ${command}\` ended with exit code ${code}; its log says why.`;
  return `${[text, failure].filter(Boolean).join("\n\n")}\n`;
}
