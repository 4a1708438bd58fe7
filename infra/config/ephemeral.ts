import { z } from "zod";

/** `updraft:ephemeral`: a stack that does not last; `npm run sweep` takes down what has expired. */
export const Ephemeral = z.strictObject({
  /** ISO 8601, in UTC. */
  expiresAt: z.iso.datetime(),
  /** Number of the pull request whose end is the stack's. */
  pullRequest: z.int().min(1).optional(),
});
export type Ephemeral = z.infer<typeof Ephemeral>;
