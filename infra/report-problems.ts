import * as pulumi from "@pulumi/pulumi";
import { ConfigError } from "./config/config-error.ts";

/**
 * Runs the checks of the program and turns a problem of the configuration into an error that
 * Pulumi prints as it is, without a stack trace.
 */
export async function reportProblems<T>(checks: () => Promise<T>): Promise<T> {
  try {
    return await checks();
  } catch (error) {
    if (error instanceof ConfigError) throw new pulumi.RunError(error.message);
    throw error;
  }
}
