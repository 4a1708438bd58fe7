import { appendFileSync } from "node:fs";

/**
 * Adds Markdown to what is shown of a run: in GitHub Actions to the summary of the job; elsewhere
 * there is none.
 */
export function addToSummary(markdown: string, env: NodeJS.ProcessEnv = process.env): void {
  const file = env["GITHUB_STEP_SUMMARY"];
  if (file) appendFileSync(file, `${markdown.trimEnd()}\n\n`);
}

/**
 * Leaves values for the jobs after this one, in GitHub Actions.
 * @param outputs by name; each is one line
 */
export function leaveOutputs(
  outputs: Readonly<Record<string, string>>,
  env: NodeJS.ProcessEnv = process.env,
): void {
  const file = env["GITHUB_OUTPUT"];
  if (!file) return;
  const lines = Object.entries(outputs).map(([name, value]) => `${name}=${value}\n`);
  appendFileSync(file, lines.join(""));
}
