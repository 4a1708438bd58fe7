import { z } from "zod";
import { ImageRef } from "./manifest-values.ts";

/** `updraft:images`: built and pushed to `registry`, or taken as they are. */
export const Images = z.strictObject({
  /** Where images are pushed to: host and path, such as `ghcr.io/team/updraft`. */
  registry: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, {
      error: "expected host and path, such as registry.example.com/team",
    })
    .optional(),
  trainer: ImageRef.optional(),
  server: ImageRef.optional(),
  tracker: ImageRef.optional(),
  /** What the images are built on. @default the pinned official Node image */
  base: ImageRef.optional(),
  /** @default `gpu` where the stack has a GPU pool, otherwise `cpu` */
  trainerTarget: z.enum(["cpu", "gpu"]).optional(),
  /** Network of the build's commands; `host` where the builder has no other way out. */
  network: z.enum(["default", "host", "none"]).optional(),
  /** Images of others. @default pinned official ones */
  minio: ImageRef.optional(),
  postgres: ImageRef.optional(),
  devicePlugin: ImageRef.optional(),
  /** Of MLflow's server, with the drivers of Postgres and S3; `tracker.kind: mlflow` needs it. */
  mlflow: ImageRef.optional(),
  /** Names of Secrets with which the nodes pull. */
  pullSecrets: z.array(z.string().min(1)).default([]),
});
