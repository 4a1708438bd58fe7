import { setTimeout as sleep } from "node:timers/promises";
import { isStoreAway } from "@updraft/contracts/artifact-store";
import { messageOf } from "@updraft/contracts/message-of";
import { DigestMismatchError } from "@updraft/contracts/model-package";
import type { TrackingServer } from "@updraft/contracts/tracking-server";
import type { Logger } from "pino";
import type { ServerMetrics } from "../watching/metrics.ts";
import type { ModelSlot } from "./model-repository.ts";
import type { FollowedSource } from "./model-sources.ts";
import {
  pointerOf,
  registeredVersion,
  RegistryAwayError,
  UnusableVersionError,
} from "./registered-version.ts";
import { ExampleMismatchError, type PinnedModel, type ServedModel } from "./served-model.ts";

/** What a follower works with. */
export interface FollowerOptions {
  readonly registry: TrackingServer;
  readonly logger: Logger;
  readonly metrics: ServerMetrics;
  /** Fetches a package, checks its digest and lets it answer its own example. */
  load(pinned: PinnedModel): Promise<ServedModel>;
  /** After how long a version is tried again that may have failed by chance. @default 60 */
  readonly retrySeconds?: number;
}

/** What is wrong with a version itself, however often it is tried. */
const lasting = [DigestMismatchError, ExampleMismatchError, UnusableVersionError];

/**
 * Serves whatever version an alias or a stage leads to. A version takes over only when it is ready
 * to answer; until then, and if it never is, the one before it answers.
 */
export class Follower {
  readonly #slot: ModelSlot;
  readonly #source: FollowedSource;
  readonly #options: FollowerOptions;
  readonly #logger: Logger;
  /** The version that was refused, and when it is tried again, in milliseconds of the process' clock. */
  #refused = { key: "", until: 0 };
  #isUnloaded = false;
  /** What is under way: one thing at a time. */
  #turn: Promise<void> = Promise.resolve();

  constructor(slot: ModelSlot, source: FollowedSource, options: FollowerOptions) {
    this.#slot = slot;
    this.#source = source;
    this.#options = options;
    this.#logger = options.logger.child({ model: source.name });
  }

  /** Looks at the registry, again and again. */
  async follow(pollSeconds: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await sleep(pollSeconds * 1000, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Looks at the registry once; the slot's `problem` says what keeps a version from serving. */
  look(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#isUnloaded) await this.#look();
    });
  }

  /** Serves again after `unload`, and tries again what was refused. */
  load(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isUnloaded = false;
      this.#refused = { key: "", until: 0 };
      await this.#look();
    });
  }

  /** Serves nothing until `load`; requests under way are answered. */
  unload(): Promise<void> {
    return this.#inTurn(async () => {
      this.#isUnloaded = true;
      this.#slot.problem = "the model was unloaded";
      this.#replace(undefined);
    });
  }

  #inTurn(task: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(task);
    return this.#turn;
  }

  async #look(): Promise<void> {
    let wanted: PinnedModel | undefined;
    try {
      wanted = await registeredVersion(this.#options.registry, this.#source);
      if (wanted) await this.#serve(wanted);
      else this.#waitFor(`no version of "${this.#source.name}" has the ${pointerOf(this.#source)}`);
    } catch (error) {
      if (error instanceof RegistryAwayError) this.#waitFor("the registry does not answer", error);
      else if (isStoreAway(error)) this.#waitFor("the store of the version does not answer", error);
      else this.#refuse(error, wanted);
    }
  }

  async #serve(wanted: PinnedModel): Promise<void> {
    const { active } = this.#slot;
    const isServed = active?.version === wanted.version && active.content.digest === wanted.digest;
    if (!isServed && this.#isRefused(keyOf(wanted))) return;
    if (!isServed) this.#replace(await this.#options.load(wanted));
    this.#slot.problem = undefined;
  }

  /**
   * Goes on with what serves, and says once why.
   * @param problem what clients may know of it
   * @param cause what the log has besides
   */
  #waitFor(problem: string, cause?: unknown): void {
    const details = cause === undefined ? "" : `: ${messageOf(cause)}`;
    if (this.#slot.problem !== problem) this.#logger.warn(`${problem}${details}`);
    this.#slot.problem = problem;
  }

  #isRefused(key: string): boolean {
    return key === this.#refused.key && performance.now() < this.#refused.until;
  }

  #refuse(error: unknown, wanted: PinnedModel | undefined): void {
    const version = error instanceof UnusableVersionError ? error.version : wanted?.version;
    this.#slot.problem = `version ${version} was refused; the server's log says why`;
    const key = wanted ? keyOf(wanted) : messageOf(error);
    if (this.#isRefused(key)) return;
    const isLasting = lasting.some((kind) => error instanceof kind);
    const pauseMs = isLasting ? Infinity : (this.#options.retrySeconds ?? 60) * 1000;
    this.#refused = { key, until: performance.now() + pauseMs };
    this.#options.metrics.refuses(this.#source.name);
    const { active } = this.#slot;
    const what = active ? `version ${active.version} goes on serving` : "nothing is served";
    this.#logger.error(
      { digest: wanted?.digest },
      `version ${version} was refused, and ${what}: ${messageOf(error)}`,
    );
  }

  /** From one turn of the event loop to the next; requests that hold the old one keep it. */
  #replace(model: ServedModel | undefined): void {
    const old = this.#slot.active;
    this.#slot.active = model;
    this.#refused = { key: "", until: 0 };
    if (!old) return;
    const { name, version, content } = old;
    const isSame = model?.version === version && model.content.digest === content.digest;
    if (!isSame) this.#options.metrics.retires({ model: name, version }, content.digest);
    this.#logger.info({ from: version, to: model?.version }, "another version serves");
    old.dispose().then(
      () => this.#logger.debug({ version }, "the version before is gone"),
      (error: unknown) => this.#logger.error({ err: error }, "the version before was not freed"),
    );
  }
}

function keyOf({ version, uri, digest }: PinnedModel): string {
  return [version, digest, uri].join(" ");
}
