/** The configuration cannot be used; the message lists every problem. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(
      `the configuration has ${problems.length === 1 ? "a problem" : `${problems.length} problems`}:\n${problems.map((problem) => `  - ${problem}`).join("\n")}`,
    );
    this.name = "ConfigError";
  }
}
