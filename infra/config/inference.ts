import { z } from "zod";
import { httpAddress } from "./http-address.ts";
import { HostName, Ingress, ObjectName, Resources, Texts } from "./manifest-values.ts";

/** A port of this machine. */
export const Port = z.int().min(1).max(65535);

/** What a predict request must show: what the server takes, found out before anything is started. */
export const PredictToken = z.string().regex(/^[!-~]{16,}$/, {
  error: "expected at least 16 characters without spaces; openssl rand -hex 24 makes some",
});

/** An origin as browsers name it; the server is told all of them between commas. */
const Origin = z
  .string()
  .refine((origin) => /^https?:[^,]+$/.test(origin) && URL.parse(origin)?.origin === origin, {
    error:
      "expected the origin of a page, without a path or a slash at its end, such as https://app.example.com",
  });

/** Who may ask, and who is told of it. */
const asking = {
  /** Origins whose pages may ask. */
  corsOrigins: z.array(Origin).default([]),
  /** Address of an OpenTelemetry collector that takes spans over HTTP. @default no spans */
  traces: httpAddress(
    "the address of a collector that takes OTLP over HTTP, such as http://collector:4318",
    "have a collector that needs none pass the spans on",
  )
    .refine((uri) => !uri.endsWith("/v1/traces"), {
      error: "expected the address without /v1/traces, which is added",
    })
    .optional(),
};

/** A version that serves whatever is trained or promoted meanwhile. */
const pinned = {
  /** A version of the registry or a digest; nothing is trained while it is set. */
  pin: z
    .union([z.int().min(1).transform(String), z.string()])
    .pipe(
      z.string().regex(/^([1-9]\d*|sha256:[0-9a-f]{64})$/, {
        error: "expected a version such as 3, or sha256: and 64 hexadecimal digits",
      }),
    )
    .optional(),
  /** Why, and who says so; kept with the move of the alias. */
  pinReason: z.string().min(1).max(500).optional(),
};

/** `updraft:inference` of target `local`. */
export const LocalInference = z.strictObject({
  port: Port.default(8080),
  ...asking,
  ...pinned,
});

const Replicas = z
  .strictObject({
    min: z.int().min(1).default(2),
    max: z.int().min(1).default(10),
  })
  .refine(({ min, max }) => min <= max, { error: "max is below min; raise it or lower min" });

/** How the Service is reached. */
const Service = z
  .strictObject({
    type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).default("ClusterIP"),
    /** Only with `NodePort`. @default one that the cluster chooses */
    nodePort: z.int().min(1).max(65535).optional(),
    annotations: Texts.default({}),
  })
  .refine(({ type, nodePort }) => nodePort === undefined || type === "NodePort", {
    error: "nodePort needs type NodePort",
  });

/** An HTTPRoute at a Gateway that is there already. */
const Gateway = z.strictObject({
  name: ObjectName,
  /** @default the stack's own */
  namespace: ObjectName.optional(),
  host: HostName,
  /** Whether the listener speaks TLS, for the address that the stack tells. */
  tls: z.boolean().default(true),
});

/** `updraft:inference` of target `kubernetes`. */
export const KubernetesInference = z
  .strictObject({
    /** `deployment`: core objects; `kserve`: an InferenceService of KServe, with our container. */
    serving: z.enum(["deployment", "kserve"]).default("deployment"),
    replicas: Replicas.prefault({}),
    /** Use of the requested CPU, in percent, above which pods are added. */
    targetCpuPercent: z.int().min(10).max(100).default(70),
    /** How long the load must have been low before pods go. */
    scaleDownStabilizationSeconds: z.int().min(0).max(3600).default(300),
    resources: Resources.prefault({}),
    /** How long requests in progress may take when a pod ends. */
    drainSeconds: z.int().min(1).max(600).default(20),
    /** How long a rollout may stand still before it has failed. */
    progressDeadlineSeconds: z.int().min(30).max(3600).default(300),
    service: Service.prefault({}),
    ingress: Ingress.optional(),
    gateway: Gateway.optional(),
    ...asking,
    ...pinned,
  })
  .refine(({ ingress, gateway }) => !(ingress && gateway), {
    error: "ingress and gateway are two ways in; remove one of the two",
  })
  .refine(({ serving, ingress, gateway }) => serving !== "kserve" || !(ingress ?? gateway), {
    error: "serving: kserve makes its own way in; remove ingress and gateway",
  });
