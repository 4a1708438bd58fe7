import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks.js";

/** What is known of a resource beside its inputs. */
export interface RecordedOptions {
  /** Whether an update or a `destroy` that would delete it is refused. */
  readonly protect: boolean;
  /** Whether it stays where it is when the stack forgets it. */
  readonly retainOnDelete: boolean;
}

type Answer = (error: unknown, response: unknown) => void;

/** The other end of the program, in the engine's place: it notes what the mocks are not told. */
export class RecordingMonitor extends MockMonitor {
  readonly #options = new Map<string, RecordedOptions>();

  /** The options of a resource that is being registered. */
  optionsOf(type: string, name: string): RecordedOptions {
    const noted = this.#options.get(`${type} ${name}`);
    return noted ?? { protect: false, retainOnDelete: false };
  }

  override registerResource(request: RegisterResourceRequest, answer: Answer): Promise<void> {
    this.#options.set(`${request.getType()} ${request.getName()}`, {
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
    });
    return super.registerResource(request, answer);
  }

  /** Hooks are for an engine to call: here nothing is created or deleted. */
  registerResourceHook(_request: unknown, answer: Answer): void {
    answer(null, {});
  }
}
