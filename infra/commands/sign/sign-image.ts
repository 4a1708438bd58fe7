import { CommandError } from "../support/run-command.ts";
import { runProgram } from "../support/program.ts";
import { type Signing, signingSteps } from "./signing.ts";

/**
 * Signs an image and its bill of materials, and checks both afterwards. One that bears both already
 * is left as it is: a digest never means another image.
 * @param cosign file of the program
 * @throws {CommandError} with what cosign said
 */
export async function signImage(
  cosign: string,
  ref: string,
  billFile: string,
  signing: Signing,
): Promise<"signed" | "was signed"> {
  const { sign, verify } = signingSteps(ref, billFile, signing);
  if (await succeeds(cosign, verify)) return "was signed";
  for (const args of [...sign, ...verify]) {
    const { code, stderr } = await runProgram(cosign, args);
    if (code === 0) continue;
    throw new CommandError(
      `cosign ${args.join(" ")} ended with exit code ${code}:\n${stderr.trim()}`,
    );
  }
  return "signed";
}

async function succeeds(cosign: string, steps: readonly (readonly string[])[]): Promise<boolean> {
  for (const args of steps) if ((await runProgram(cosign, args)).code !== 0) return false;
  return true;
}
