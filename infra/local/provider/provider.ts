import type {
  CheckResult,
  CreateResult,
  DiffResult,
  Provider,
  ReadResult,
  UpdateResult,
} from "@pulumi/pulumi/provider/index.js";
import type { EngineLog } from "./engine-log.ts";
import { type Properties, unwrapSecrets } from "./property-values.ts";
import type { OperationContext, ResourceHandler } from "./resource-handler.ts";

interface ProviderOptions {
  readonly log: EngineLog;
  /** By type token. */
  readonly handlers: Readonly<Record<string, ResourceHandler>>;
}

/** Longest time that operations may take to end once the update is cancelled. */
const cancelSeconds = 20;

/**
 * The engine's view of our resources: finds the handler for a resource, unwraps secrets on the
 * way in and keeps the wrapped inputs in the state.
 */
export function createProvider(options: ProviderOptions): UpdraftProvider {
  return new UpdraftProvider(options);
}

class UpdraftProvider implements Provider {
  readonly version = "0.1.0";
  readonly #log: EngineLog;
  readonly #handlers: ProviderOptions["handlers"];
  readonly #cancellation = new AbortController();
  readonly #running = new Set<Promise<unknown>>();

  constructor(options: ProviderOptions) {
    this.#log = options.log;
    this.#handlers = options.handlers;
  }

  async check(urn: string, before: Properties, inputs: Properties): Promise<CheckResult> {
    const failures = this.#handler(urn).check?.(unwrap(before), unwrap(inputs)) ?? [];
    return { inputs, failures };
  }

  async diff(_id: string, urn: string, state: Properties, inputs: Properties): Promise<DiffResult> {
    const difference = await this.#handler(urn).difference(
      unwrap(state),
      unwrap(inputs),
      this.#context(urn),
    );
    return {
      changes: difference !== "same",
      // Which member asks for the replacement does not matter: the engine shows all that differ.
      replaces: difference === "replace" ? Object.keys(inputs) : [],
    };
  }

  create(urn: string, inputs: Properties): Promise<CreateResult> {
    return this.#run(async () => {
      const { id, outs } = await this.#handler(urn).create(unwrap(inputs), this.#context(urn));
      return { id, outs: { ...inputs, ...outs } };
    });
  }

  async read(id: string, urn: string, state: Properties = {}): Promise<ReadResult> {
    const handler = this.#handler(urn);
    if (!handler.read) return { id, props: state };
    const outs = await handler.read(unwrap(state));
    return outs ? { id, props: { ...state, ...outs } } : { id: "", props: {} };
  }

  update(_id: string, urn: string, state: Properties, inputs: Properties): Promise<UpdateResult> {
    return this.#run(async () => {
      const outs = await this.#handler(urn).update?.(
        unwrap(state),
        unwrap(inputs),
        this.#context(urn),
      );
      return { outs: { ...inputs, ...outs } };
    });
  }

  delete(_id: string, urn: string, state: Properties): Promise<void> {
    return this.#run(() => this.#handler(urn).delete(unwrap(state)));
  }

  /** Ends what is running; the engine calls it when the user cancels. */
  async cancel(): Promise<void> {
    this.#cancellation.abort(new Error("the update was cancelled"));
    const deadline = AbortSignal.timeout(cancelSeconds * 1000);
    await Promise.race([
      Promise.allSettled(this.#running),
      new Promise((resolve) => deadline.addEventListener("abort", resolve)),
    ]);
  }

  #run<T>(operation: () => Promise<T>): Promise<T> {
    const running = operation().finally(() => this.#running.delete(running));
    this.#running.add(running);
    return running;
  }

  #context(urn: string): OperationContext {
    return {
      urn,
      signal: this.#cancellation.signal,
      info: (message) => this.#log.info(urn, message),
      status: (message) => this.#log.status(urn, message),
    };
  }

  #handler(urn: string): ResourceHandler {
    const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
    const handler = this.#handlers[type];
    if (!handler) throw new Error(`the updraft provider has no resource ${type}`);
    return handler;
  }
}

function unwrap(properties: Properties): Properties {
  return unwrapSecrets(properties) as Properties;
}
