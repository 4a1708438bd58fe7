import type { Engine } from "./engine.ts";
import type { Properties } from "./wire-values.ts";

/** An input that is not as it should be; `property` is its path, "" for the whole resource. */
export interface CheckFailure {
  readonly property: string;
  readonly reason: string;
}

export interface CheckRequest {
  readonly urn: string;
  /** Inputs of the last update; `{}` for a new resource. */
  readonly olds: Properties;
  readonly news: Properties;
  /** What random names are made from, so that they are the same each time they are asked for. */
  readonly randomSeed: Uint8Array;
  /** The name that the stack's configuration of names proposes or prescribes. */
  readonly autonaming: Autonaming | undefined;
}

/** @see https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming-configuration */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly proposedName: string;
}

export interface CheckResult {
  readonly inputs: Properties;
  readonly failures?: readonly CheckFailure[];
}

export interface DiffRequest {
  readonly id: string;
  readonly urn: string;
  /** The state as the last operation left it. */
  readonly olds: Properties;
  readonly oldInputs: Properties;
  /** Inputs as `check` returned them. */
  readonly news: Properties;
  readonly ignoreChanges: readonly string[];
}

/** How one property changes, in the words of the protocol. */
export type ChangeKind =
  "add" | "add-replace" | "delete" | "delete-replace" | "update" | "update-replace";

export interface DiffResult {
  readonly changes: "none" | "some" | "unknown";
  /** Paths of properties whose change needs a new resource. */
  readonly replaces?: readonly string[];
  /** Names of top-level properties that change. */
  readonly diffs?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** By path; `inputDiff` tells that the change is one of the inputs. */
  readonly detailedDiff?: Readonly<
    Record<string, { readonly kind: ChangeKind; readonly inputDiff?: boolean }>
  >;
}

export interface CreateRequest {
  readonly urn: string;
  readonly properties: Properties;
  /** From `customTimeouts`, in seconds; 0 where the program sets none. */
  readonly timeoutSeconds: number;
  readonly preview: boolean;
}

export interface CreateResult {
  /** "" in a preview. */
  readonly id: string;
  readonly properties: Properties;
}

export interface ReadRequest {
  readonly id: string;
  readonly urn: string;
  /** The state; `{}` for a resource that the stack does not manage. */
  readonly properties: Properties;
  readonly inputs: Properties;
}

export interface ReadResult {
  /** "" where there is no such resource (any more). */
  readonly id: string;
  readonly properties?: Properties;
  readonly inputs?: Properties;
}

export interface UpdateRequest {
  readonly id: string;
  readonly urn: string;
  readonly olds: Properties;
  readonly news: Properties;
  readonly timeoutSeconds: number;
  readonly preview: boolean;
  readonly ignoreChanges: readonly string[];
}

export interface DeleteRequest {
  readonly id: string;
  readonly urn: string;
  readonly properties: Properties;
  readonly oldInputs: Properties;
  readonly timeoutSeconds: number;
}

/**
 * A provider of Pulumi as the engine sees it, in plain values. In property bags secrets are wrapped
 * and values that are not known yet are placeholders; see `wire-values.ts`.
 * @see https://github.com/pulumi/pulumi/blob/master/proto/pulumi/provider.proto
 */
export interface PluginProvider {
  /** Without a leading `v`. */
  readonly version: string;
  checkConfig?(request: CheckRequest): Promise<CheckResult>;
  diffConfig?(request: DiffRequest): Promise<DiffResult>;
  /** Variables are named `<package>:config:<key>`; what is not a string is JSON. */
  configure?(variables: Readonly<Record<string, string>>): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ReadResult>;
  update(request: UpdateRequest): Promise<Properties>;
  delete(request: DeleteRequest): Promise<void>;
  invoke?(token: string, args: Properties): Promise<Properties>;
  /** Ends what is running; the engine calls it when the user cancels. */
  cancel?(): void;
}

/** Makes a provider that talks to the given engine. */
export type CreateProvider = (engine: Engine) => PluginProvider;

/**
 * The resource is there, but not as it should be: it is kept in the state with these properties,
 * and the update fails.
 */
export class ResourceInitFailed extends Error {
  override readonly name = "ResourceInitFailed";
  readonly id: string;
  readonly properties: Properties;
  readonly inputs: Properties | undefined;
  /** What the user is told, one line of the report each. */
  readonly reasons: readonly string[];

  constructor(details: {
    readonly id: string;
    readonly message: string;
    readonly properties: Properties;
    readonly inputs?: Properties;
    readonly reasons: readonly string[];
  }) {
    super(details.message);
    this.id = details.id;
    this.properties = details.properties;
    this.inputs = details.inputs;
    this.reasons = details.reasons;
  }
}
