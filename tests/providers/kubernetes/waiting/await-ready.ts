import type { Cluster, Selection } from "../cluster/cluster.ts";
import { follow, type ObjectEvent } from "../cluster/follow.ts";
import { type Kind, kindOfObject } from "../objects/kind.ts";
import { type KubeObject, nameOf, namespaceOf, numberAt } from "../objects/kube-object.ts";
import { NotReady, type NotReadyCause } from "./not-ready.ts";
import type { Observation, Readiness, StatusLine, Verdict } from "./verdict.ts";

export interface AwaitOptions {
  readonly cluster: Cluster;
  readonly readiness: Readiness;
  /** The object as the API server answered the change. */
  readonly object: KubeObject;
  /** The object before the update. */
  readonly previous: KubeObject | undefined;
  readonly timeoutSeconds: number;
  /** Aborted when the user cancels. */
  readonly signal: AbortSignal;
  readonly tell: (line: StatusLine) => void;
}

/**
 * Waits until an object is ready.
 * @returns the object as it was last seen
 * @throws NotReady where it will not be, the time is over or the user cancels
 */
export async function awaitReady(options: AwaitOptions): Promise<KubeObject> {
  const waiting = new Waiting(options);
  try {
    return await waiting.outcome;
  } finally {
    waiting.stop();
  }
}

/** What is there now, judged once. */
export async function isReadyNow(
  cluster: Cluster,
  readiness: Readiness,
  object: KubeObject,
): Promise<Verdict> {
  const lists = await listRelated(cluster, readiness, object);
  const related = (kind: string) => lists.get(kind) ?? [];
  return readiness.judge({ object, previous: undefined, related, settled: true });
}

class Waiting {
  readonly outcome: Promise<KubeObject>;
  readonly #options: AwaitOptions;
  readonly #stop = new AbortController();
  readonly #related = new Map<string, Map<string, KubeObject>>();
  readonly #told = new Set<string>();
  readonly #errors = new Set<string>();
  readonly #timers: NodeJS.Timeout[] = [];
  #object: KubeObject;
  #settled = false;
  #verdict: Verdict = { ready: false, errors: [], status: [] };
  #resolve: (object: KubeObject) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;

  constructor(options: AwaitOptions) {
    this.#options = options;
    this.#object = options.object;
    this.outcome = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.#start();
  }

  stop(): void {
    this.#stop.abort();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #start(): void {
    const { readiness, object, signal, timeoutSeconds } = this.#options;
    const seconds = Math.min(timeoutSeconds, readiness.maxSeconds ?? timeoutSeconds);
    this.#after(seconds, () => this.#end("timeout"));
    if (signal.aborted) return this.#end("cancelled");
    const cancel = () => this.#end("cancelled");
    signal.addEventListener("abort", cancel, { signal: this.#stop.signal });
    for (const kind of readiness.related) {
      this.#related.set(kind.kind, new Map());
      const selection = selectionOf(kind, object);
      this.#follow(selection, (event) => this.#seeRelated(kind.kind, event));
    }
    const own = { ...selectionOf(kindOfObject(object), object), name: nameOf(object) };
    this.#follow(own, (event) => this.#see(event));
    this.#settleWhenQuiet(readiness.settlesBy?.quietSeconds);
    // What no other objects have a say in may be ready as it is.
    if (readiness.related.length === 0) this.#judge();
  }

  #follow(selection: Selection, tell: (event: ObjectEvent) => void): void {
    void follow(this.#options.cluster, selection, this.#stop.signal, tell);
  }

  #see({ type, object }: ObjectEvent): void {
    // What was sent before our change says nothing.
    const isStale = generationOf(object) < generationOf(this.#options.object);
    if (type === "deleted" || isStale) return;
    this.#object = object;
    this.#judge();
  }

  #seeRelated(kind: string, { type, object }: ObjectEvent): void {
    const known = this.#related.get(kind);
    if (type === "deleted") known?.delete(nameOf(object));
    else known?.set(nameOf(object), object);
    const { settlesBy } = this.#options.readiness;
    const isOurs =
      settlesBy?.named === undefined || nameOf(object) === settlesBy.named(this.#object);
    if (settlesBy?.kind === kind && isOurs) this.#unsettle(settlesBy.seconds);
    this.#judge();
  }

  #unsettle(seconds: number): void {
    this.#settled = false;
    this.#quiet = false;
    this.#after(seconds, () => this.#settle());
  }

  #quiet = true;

  #settleWhenQuiet(seconds: number | undefined): void {
    if (seconds === undefined) return;
    this.#after(seconds, () => {
      if (this.#quiet) this.#settle();
    });
  }

  #settle(): void {
    this.#settled = true;
    this.#judge();
  }

  #after(seconds: number, act: () => void): void {
    // Node's timers hold at most 2^31 - 1 milliseconds.
    this.#timers.push(setTimeout(act, Math.min(seconds * 1000, 2 ** 31 - 1)));
  }

  #judge(): void {
    if (this.#stop.signal.aborted) return;
    this.#take(this.#options.readiness.judge(this.#observation()));
    if (this.#verdict.failed) void this.#fail();
    else if (this.#verdict.ready) this.#resolve(this.#object);
  }

  /** What came last may not have come yet: what the pods of a failed Job say is asked for. */
  async #fail(): Promise<void> {
    const { cluster, readiness } = this.#options;
    const lists = await listRelated(cluster, readiness, this.#object).catch(() => undefined);
    if (lists) {
      const related = (kind: string) => lists.get(kind) ?? [];
      this.#take(readiness.judge({ ...this.#observation(), related }));
    }
    this.#end("failed");
  }

  #take(verdict: Verdict): void {
    this.#verdict = verdict;
    for (const error of verdict.errors) this.#errors.add(error);
    for (const line of verdict.status) {
      if (this.#told.has(line.message)) continue;
      this.#told.add(line.message);
      this.#options.tell(line);
    }
  }

  #observation(): Observation {
    return {
      object: this.#object,
      previous: this.#options.previous,
      related: (kind) => [...(this.#related.get(kind)?.values() ?? [])],
      settled: this.#settled,
    };
  }

  #end(cause: NotReadyCause): void {
    const { readiness } = this.#options;
    const errors = readiness.collectsErrors ? [...this.#errors] : this.#verdict.errors;
    // Who is told to stop while endpoints still settle is as ready as can be.
    const isReady =
      readiness.settlesBy && readiness.judge({ ...this.#observation(), settled: true });
    if (cause !== "failed" && isReady?.ready) this.#resolve(this.#object);
    else this.#reject(new NotReady(cause, this.#object, errors));
  }
}

function generationOf(object: KubeObject): number {
  return numberAt(object, "metadata", "generation") ?? 0;
}

function selectionOf(kind: Kind, object: KubeObject): Selection {
  return { kind, namespace: namespaceOf(object) };
}

async function listRelated(cluster: Cluster, readiness: Readiness, object: KubeObject) {
  const lists = new Map<string, readonly KubeObject[]>();
  for (const kind of readiness.related) {
    lists.set(kind.kind, (await cluster.list(selectionOf(kind, object))).objects);
  }
  return lists;
}
