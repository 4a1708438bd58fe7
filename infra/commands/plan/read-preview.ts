import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { z } from "zod";

/** A resource as a step has it, with what is not known yet as a word of Pulumi's. */
const StepState = z.object({
  type: z.string(),
  custom: z.boolean().default(false),
  inputs: z.record(z.string(), z.unknown()).default({}),
  parent: z.string().optional(),
  /** What was wrong when it was made last: it is there, and not as it should be. */
  initErrors: z.array(z.string()).optional(),
});
export type StepState = z.infer<typeof StepState>;

const Step = z.object({
  op: z.string(),
  urn: z.string(),
  oldState: StepState.optional(),
  newState: StepState.optional(),
});
/** What would happen to one resource. */
export type Step = z.infer<typeof Step>;

const Diagnostic = z.object({
  urn: z.string().optional(),
  message: z.string(),
  severity: z.string(),
});

/** What of `pulumi preview --json --show-sames` is read here. */
const Preview = z.object({
  steps: z.array(Step).default([]),
  diagnostics: z.array(Diagnostic).default([]),
});
export type Preview = z.infer<typeof Preview>;

/**
 * Reads what `pulumi preview --json` prints, of an update that can work and of one that cannot.
 * @returns nothing if it is something else, such as the CLI's own complaint
 */
export function parsePreview(text: string): Preview | undefined {
  return Preview.safeParse(jsonIn(text)).data;
}

/** What the program or the engine says against the update, one text for each; none if it can work. */
export function errorsOf({ diagnostics }: Preview): string[] {
  return messages(diagnostics, "error");
}

/** What they warn of. */
export function warningsOf({ diagnostics }: Preview): string[] {
  return messages(diagnostics, "warning");
}

function messages(diagnostics: Preview["diagnostics"], severity: string): string[] {
  const texts = diagnostics
    .filter((diagnostic) => diagnostic.severity === severity)
    // The engine colours its words, and says which kind they are.
    .map(({ message }) =>
      message
        .replaceAll(/<\{%.*?%\}>/g, "")
        .replace(/^(error|warning): /, "")
        .trim(),
    );
  return [...new Set(texts)].filter((text) => text !== "");
}

/** The name that a resource has in the program. */
export function nameOf(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Whether a step makes its resource anew, beside one that is there or for the first time. */
export function makesAnew({ op }: Step): boolean {
  return ["create", "replace", "create-replacement", "import"].includes(op);
}
