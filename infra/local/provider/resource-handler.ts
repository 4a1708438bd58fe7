import type { CheckFailure } from "@pulumi/pulumi/provider/index.js";
import type { Properties } from "./property-values.ts";

/** What an operation on a resource may use. */
export interface OperationContext {
  readonly urn: string;
  /** Aborted when the update is cancelled. */
  readonly signal: AbortSignal;
  /** Shows a message that stays. */
  info(message: string): void;
  /** Shows a message that the next one replaces. */
  status(message: string): void;
}

/** How a resource has to change so that it is as declared. */
export type Difference = "same" | "update" | "replace";

/**
 * One kind of resource. Bags come from the engine with secrets unwrapped; inputs may hold
 * unknown values in `check` and `difference`, never later. What `create`, `read` and `update`
 * return is kept in the state beside the inputs.
 */
export interface ResourceHandler {
  check?(before: Properties, inputs: Properties): CheckFailure[];
  difference(state: Properties, inputs: Properties, context: OperationContext): Promise<Difference>;
  create(inputs: Properties, context: OperationContext): Promise<{ id: string; outs: Properties }>;
  /** The state as it is now, or nothing if the resource is gone. */
  read?(state: Properties): Promise<Properties | undefined>;
  update?(state: Properties, inputs: Properties, context: OperationContext): Promise<Properties>;
  delete(state: Properties): Promise<void>;
}
