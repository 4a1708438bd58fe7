import { HttpError } from "@updraft/contracts/http-error";
import type { Candidate } from "./candidate.ts";
import type { Follower } from "./follower.ts";
import type { ServedModel } from "./served-model.ts";

/** Which version of a model is asked for; without either, the one that serves. */
export interface VersionSelector {
  readonly version?: string | undefined;
  /** An alias of the registry, such as `champion`. */
  readonly label?: string | undefined;
}

/** A name under which a model is served. */
export interface ModelSlot {
  readonly name: string;
  /** What answers; nothing until it is loaded, and after it was unloaded. */
  active: ServedModel | undefined;
  /** What is to show how it would answer. */
  candidate?: Candidate;
  /** What keeps a version from serving, in words; nothing while all is well. */
  problem?: string | undefined;
  /** What replaces the model while the server runs; a model that is pinned has none. */
  follower?: Pick<Follower, "load" | "unload">;
}

/** The models of a server, by their names; each is loaded and replaced by itself. */
export class ModelRepository {
  /** Whether the server was asked to stop: it answers, and wants nothing more. */
  isDraining = false;
  readonly #slots: ReadonlyMap<string, ModelSlot>;

  constructor(names: readonly string[]) {
    this.#slots = new Map(names.map((name) => [name, { name, active: undefined }]));
  }

  /** In the order in which they were configured; the first one is the page's. */
  get slots(): readonly ModelSlot[] {
    return [...this.#slots.values()];
  }

  /** Whether every model can answer and the server is not stopping. */
  get isReady(): boolean {
    return !this.isDraining && this.slots.every(({ active }) => active !== undefined);
  }

  /** @throws {HttpError} 404 if there is none of this name */
  slot(name: string): ModelSlot {
    const slot = this.#slots.get(name);
    if (slot) return slot;
    const names = [...this.#slots.keys()].map((known) => `"${known}"`).join(", ");
    throw new HttpError(404, "NOT_FOUND", `there is no model "${name}"; this server has ${names}`);
  }

  /**
   * The model that answers for a name.
   * @throws {HttpError} 404 if there is no such model or version, 503 while it is not loaded
   */
  require(name: string, { version, label }: VersionSelector = {}): ServedModel {
    const { active, candidate, problem } = this.slot(name);
    if (!active) {
      const why = problem ?? `the model "${name}" is being loaded`;
      throw new HttpError(503, "NOT_READY", `${why}; try again in a second`);
    }
    const isCanary = candidate?.mode === "canary" && candidate.model.version === version;
    if (isCanary && label === undefined) return candidate.model;
    if (version !== undefined && version !== active.version) {
      throw new HttpError(
        404,
        "NOT_FOUND",
        `there is no version ${version} of "${name}" here; version ${active.version} serves`,
      );
    }
    if (label !== undefined && !active.labels.includes(label)) {
      throw new HttpError(
        404,
        "NOT_FOUND",
        `no version of "${name}" here is labelled "${label}"; version ${active.version} serves, ${active.labels.join(", ") || "without a label"}`,
      );
    }
    return active;
  }

  /** The first model: what routes mean that name none. @throws {HttpError} 503 while it is not loaded */
  requireFirst(): ServedModel {
    return this.require(this.slots[0]?.name ?? "");
  }

  /** @throws {HttpError} 503 while nothing should be sent here: no model yet, or soon no server */
  requireReady(): void {
    if (this.isDraining) {
      throw new HttpError(503, "DRAINING", "the server is stopping; another one takes over");
    }
    for (const { name } of this.slots) this.require(name);
  }
}
