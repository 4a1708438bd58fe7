import { GateRules } from "@updraft/contracts/gate";
import { Interval } from "@updraft/contracts/interval";
import { jsonIn } from "@updraft/contracts/mlflow-answer";
import { z } from "zod";
import type { Properties } from "../../local/provider/property-values.ts";

const Fields = z.record(z.string(), z.unknown());

const Source = z.object({
  stack: z.string(),
  digest: z.string(),
  version: z.string().optional(),
  metrics: z.record(z.string(), z.number()).optional(),
  intervals: z.record(z.string(), Interval).optional(),
});
/** The release of another stack that is taken over, or trained again. */
export type Source = z.infer<typeof Source>;

const ReleaseInputs = z
  .object({
    model: z.string(),
    dataset: z.string(),
    datasetFingerprint: z.string(),
    hyperparameters: Fields,
    seed: z.coerce.number(),
    gate: GateRules,
    /** Limits of the data's checks, by check. */
    quality: Fields,
    /** Where a training begins with the version that serves. */
    warmStart: z.string(),
    code: z.string(),
    /** The trainer's, where it runs in one. */
    image: z.string(),
    /** One that is there already and keeps the packages too. */
    tracker: z.string(),
    /** Hyperparameters of each trial of a sweep. */
    trials: z.array(z.unknown()),
    source: Source,
    pin: z.string(),
    reason: z.string(),
  })
  .partial();
/** What decides a release; what is not known of it is left out. */
export type ReleaseInputs = z.infer<typeof ReleaseInputs>;

/**
 * What a release has been, or would be, made from. The run says it, where it does: a component has
 * its new plan in the state even after an update that failed.
 * @param component inputs of `updraft:platform:Training`, `Promotion` or `Rollback`
 * @param run inputs of the process or the Job that comes to the release
 */
export function releaseInputs(
  component: Properties | undefined,
  run: Properties | undefined,
): ReleaseInputs {
  const planned = ofPlan(fields(component?.["plan"]));
  const told = { ...ofTriggers(fields(run?.["triggers"])), ...ofJob(run) };
  const source = sourceOf(planned["source"], told);
  const known = readable({ ...planned, ...said(told) });
  return source === undefined ? known : { ...known, source };
}

function ofPlan(plan: Properties): Properties {
  const { codeDigest, source, ...others } = plan;
  const { stack, release } = fields(source);
  return { ...others, code: codeDigest, source: { ...fields(release), stack } };
}

function ofTriggers({ source, ...triggers }: Properties): Properties {
  return { ...triggers, sourceStack: source };
}

/** A run's source is known by stack and digest; the plan of the same digest says more of it. */
function sourceOf(planned: unknown, told: Properties): Source | undefined {
  const source = Source.safeParse(planned).data;
  const digest = told["digest"];
  if (typeof digest !== "string" || digest === source?.digest) return source;
  return Source.safeParse({ stack: told["sourceStack"], digest }).data;
}

const Job = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({
        containers: z
          .array(
            z.object({
              image: z.unknown(),
              env: z
                .array(z.object({ name: z.string(), value: z.unknown() }).partial())
                .default([]),
            }),
          )
          .min(1),
      }),
    }),
  }),
});

/** What the container of a Job is told. */
function ofJob(run: Properties | undefined): Properties {
  const container = Job.safeParse(run).data?.spec.template.spec.containers[0];
  if (!container) return {};
  const told = new Map(container.env.map(({ name, value }) => [name, value]));
  const parsed = (name: string) => jsonIn(String(told.get(name) ?? ""));
  const source = fields(parsed("TRAINER_SOURCE"));
  return {
    image: container.image,
    model: told.get("TRAINER_MODEL"),
    dataset: told.get("TRAINER_DATASET"),
    seed: told.get("TRAINER_SEED"),
    hyperparameters: parsed("TRAINER_HYPERPARAMETERS"),
    gate: parsed("TRAINER_GATE"),
    quality: parsed("TRAINER_QUALITY"),
    warmStart: told.get("TRAINER_WARM_START"),
    trials: parsed("TRAINER_SWEEP_TRIALS"),
    pin: told.get("TRAINER_PIN"),
    sourceStack: source["stack"],
    digest: fields(source["release"])["digest"],
  };
}

/** Without what is not as it should be, which an older version of the program may have written. */
function readable(values: Properties): ReleaseInputs {
  const known: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(ReleaseInputs.shape)) {
    if (values[key] === undefined || values[key] === null) continue;
    const parsed = schema.safeParse(values[key]);
    if (parsed.success) known[key] = parsed.data;
  }
  return ReleaseInputs.parse(known);
}

/** Only what is there: what a run does not say, its plan may. */
function said(values: Properties): Properties {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

function fields(value: unknown): Properties {
  return Fields.safeParse(value).data ?? {};
}
