import type { LiveAccuracy } from "./live-accuracy.ts";

/** What was answered to a request, as far as the truth about it needs that: no inputs. */
export interface RecentPrediction {
  readonly model: string;
  readonly version: string;
  /** Of this version; the truth goes into it. */
  readonly accuracy: LiveAccuracy;
  /** Names of the classes. */
  readonly labels: readonly string[];
  /** Index of the class that was predicted for each instance. */
  readonly predicted: readonly number[];
  /** What was said to be true, by the instance. */
  readonly told: Map<number, string>;
}

/** The last predictions by the ids of their requests; the oldest ones make room for new ones. */
export class RecentPredictions {
  readonly #maxInstances: number;
  readonly #byId = new Map<string, RecentPrediction>();
  #instances = 0;

  /** @param maxInstances how many predictions are kept, of all requests together */
  constructor(maxInstances: number) {
    this.#maxInstances = maxInstances;
  }

  /** Of requests with the same id the last one counts. */
  remember(requestId: string, prediction: Omit<RecentPrediction, "told">): void {
    this.#forget(requestId);
    this.#byId.set(requestId, { ...prediction, told: new Map() });
    this.#instances += prediction.predicted.length;
    for (const oldest of this.#byId.keys()) {
      if (this.#instances <= this.#maxInstances) break;
      this.#forget(oldest);
    }
  }

  find(requestId: string): RecentPrediction | undefined {
    return this.#byId.get(requestId);
  }

  #forget(requestId: string): void {
    this.#instances -= this.#byId.get(requestId)?.predicted.length ?? 0;
    this.#byId.delete(requestId);
  }
}
