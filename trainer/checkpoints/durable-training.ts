import type { ArtifactStore } from "@updraft/contracts/artifact-store";
import type { Digest } from "@updraft/contracts/digest";
import { messageOf } from "@updraft/contracts/message-of";
import type { Logger } from "pino";
import { GateFailedError } from "../outcome.ts";
import { SettingsError } from "../settings/settings.ts";
import type { RunStart } from "../tracking/tracking.ts";
import { TrainingDivergedError, type FitOptions } from "../training/fit.ts";
import type { TrainingState } from "../training/training-state.ts";
import { createBackgroundSaver, type BackgroundSaver } from "./background-saver.ts";
import type { Checkpoint } from "./checkpoint-file.ts";
import { checkpointFolder, type CheckpointFolder } from "./checkpoint-folder.ts";
import { removeStaleCheckpoints } from "./stale-checkpoints.ts";

/** Which training it is, and where it is kept. */
export interface DurableTrainingOptions {
  readonly store: ArtifactStore;
  readonly model: string;
  /** See `runKey`. */
  readonly key: Digest;
  /** Of the sweep whose trial it is. */
  readonly sweepId: string | undefined;
  readonly resume: "auto" | "always" | "never";
  /** Takes a line for people. */
  readonly say: (line: string) => void;
  readonly log: Logger;
}

/** What a training is given. */
export type FitCheckpoints = Pick<FitOptions, "checkpoint" | "resumeFrom">;

/** A training that is gone on with if its process ends before it does. */
export class DurableTraining {
  readonly #options: DurableTrainingOptions;
  readonly #folder: CheckpointFolder;
  readonly #found: Checkpoint | undefined;
  #saver: BackgroundSaver<TrainingState> | undefined;

  private constructor(
    options: DurableTrainingOptions,
    folder: CheckpointFolder,
    found: Checkpoint | undefined,
  ) {
    this.#options = options;
    this.#folder = folder;
    this.#found = found;
  }

  /**
   * Looks whether a training of the same inputs was interrupted.
   * @throws {SettingsError} if it must be gone on with, and there is none
   */
  static async open(options: DurableTrainingOptions): Promise<DurableTraining> {
    const { store, model, key, resume, say } = options;
    const folder = checkpointFolder(store, model, key, say);
    const found = resume === "never" ? undefined : await folder.latest();
    if (resume === "always" && !found) {
      throw new SettingsError([
        `TRAINER_RESUME always: there is no checkpoint in ${folder.uri}; the training was released, or its data, code or settings are other ones; set auto to begin anew`,
      ]);
    }
    return new DurableTraining(options, folder, found);
  }

  /** Which run it goes on with, for the start of one. */
  get start(): Pick<RunStart, "resume"> {
    if (!this.#found) return {};
    const { runId, sweepId } = this.#found.writer;
    return { resume: { runId, mayTakeOver: sweepId === this.#options.sweepId } };
  }

  /**
   * Trains from where the last one was, and keeps where it is after each epoch.
   * @param datasetDigest of the data that there is now
   */
  async during<T>(
    runId: string,
    datasetDigest: Digest,
    train: (checkpoints: FitCheckpoints) => Promise<T>,
  ): Promise<T> {
    const { key, sweepId, resume, log } = this.#options;
    if (resume === "never") await this.#folder.remove();
    const writer = { runId, ...(sweepId === undefined ? {} : { sweepId }) };
    const saver = createBackgroundSaver(
      (state: TrainingState) => {
        const savedAt = new Date().toISOString();
        return this.#folder.save({ key, datasetDigest, writer, savedAt, state });
      },
      (error) => log.warn(`a checkpoint was left out: ${messageOf(error)}`),
    );
    this.#saver = saver;
    const resumeFrom = this.#stateFor(datasetDigest);
    try {
      return await train({
        checkpoint: async (state) => saver.offer(state),
        ...(resumeFrom ? { resumeFrom } : {}),
      });
    } catch (error) {
      await saver.settle();
      // The next one would diverge again.
      if (error instanceof TrainingDivergedError) await this.#discard();
      throw error;
    }
  }

  /** Does what follows a training. Once that is decided, nobody has to go on with it. */
  async untilDecided<T>(decide: () => Promise<T>): Promise<T> {
    try {
      const result = await decide();
      await this.#discard();
      return result;
    } catch (error) {
      if (error instanceof GateFailedError) await this.#discard();
      else await this.#saver?.settle();
      throw error;
    }
  }

  #stateFor(datasetDigest: Digest): TrainingState | undefined {
    const { say } = this.#options;
    const found = this.#found;
    if (!found) return undefined;
    if (found.datasetDigest !== datasetDigest) {
      say(
        `the checkpoint in ${this.#folder.uri} is not used: it was trained on ${found.datasetDigest}`,
      );
      return undefined;
    }
    const done = found.state.progress.epochs.length;
    say(`goes on after epoch ${done} of the run ${found.writer.runId}, saved at ${found.savedAt}`);
    return found.state;
  }

  async #discard(): Promise<void> {
    const { store, model, log } = this.#options;
    try {
      await this.#saver?.settle();
      await this.#folder.remove();
      await removeStaleCheckpoints(store, model, Date.now());
    } catch (error) {
      log.warn(`checkpoints were not removed: ${messageOf(error)}`);
    }
  }
}
