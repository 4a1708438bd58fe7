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
  readonly told: (string | undefined)[];
}

/** The last predictions by the ids of their requests; the oldest ones make room for new ones. */
export class RecentPredictions {
  readonly #maxInstances: number;
  readonly #byId = new Map<string, RecentPrediction>();
  /** All that are kept, in a circle: a map would be slow to say which of them is the oldest. */
  readonly #circle: { readonly id: string; readonly prediction: RecentPrediction }[] = [];
  #oldest = 0;
  #next = 0;
  #instances = 0;

  /** @param maxInstances how many predictions are kept, of all requests together */
  constructor(maxInstances: number) {
    this.#maxInstances = maxInstances;
  }

  /** Of requests with the same id the last one counts. */
  remember(id: string, answered: Omit<RecentPrediction, "told">): void {
    const size = answered.predicted.length;
    while (this.#instances > 0 && this.#instances + size > this.#maxInstances) this.#forget();
    const prediction = { ...answered, told: [] };
    this.#byId.set(id, prediction);
    this.#circle[this.#next] = { id, prediction };
    this.#next = (this.#next + 1) % this.#maxInstances;
    this.#instances += size;
  }

  find(id: string): RecentPrediction | undefined {
    return this.#byId.get(id);
  }

  /** The oldest one, or what is left of it where another one has its id by now. */
  #forget(): void {
    const { id, prediction } = this.#circle[this.#oldest] ?? {};
    if (id !== undefined && this.#byId.get(id) === prediction) this.#byId.delete(id);
    this.#instances -= prediction?.predicted.length ?? 0;
    this.#oldest = (this.#oldest + 1) % this.#maxInstances;
  }
}
