import { Digest } from "@updraft/contracts/digest";
import { z } from "zod";

/** A stack of this project, or of another one as `organization/project/stack`. */
const StackName = z.string().regex(/^([\w.-]+\/[\w.-]+\/)?[\w.-]{1,100}$/, {
  error: "expected the name of a stack, or organization/project/stack",
});

/** `updraft:promotion`: the release of another stack in place of a training. */
export const Promotion = z.strictObject({
  fromStack: StackName,
  /**
   * `copy`: its very bytes, evaluated and gated again here; `retrain`: its code and settings, with
   * the data of this stack.
   */
  policy: z.enum(["copy", "retrain"]).default("copy"),
  /** The only release that may come, by its digest: somebody has looked at it. */
  approvedDigest: Digest.optional(),
});
export type Promotion = z.infer<typeof Promotion>;
