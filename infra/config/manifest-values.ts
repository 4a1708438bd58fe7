import { z } from "zod";

/** An amount as Kubernetes writes it: `500m`, `2`, `1Gi`. */
export const Quantity = z
  .union([z.string(), z.number()])
  .transform(String)
  .refine((text) => /^\d+(\.\d+)?(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)?$/.test(text), {
    error: "expected an amount such as 500m, 2 or 1Gi",
  });

/** A text that the command line may have made a number or a truth value of. */
const Text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Labels, annotations, selectors: texts by key. */
export const Texts = z.record(z.string().min(1), Text);

/** A name that an object may have. */
export const ObjectName = z
  .string()
  .max(63)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: "expected lower-case letters, digits and dashes, 63 at most",
  });

/** A name that DNS knows. */
export const HostName = z
  .string()
  .max(253)
  .regex(/^(\*\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, {
    error: "expected the name of a host, such as digits.example.com",
  });

/** Requests and limits of a container; what is left out keeps its default. */
export const Resources = z.strictObject({
  requests: z.strictObject({ cpu: Quantity.optional(), memory: Quantity.optional() }).optional(),
  limits: z.strictObject({ cpu: Quantity.optional(), memory: Quantity.optional() }).optional(),
});
export type Resources = z.infer<typeof Resources>;

/** A way in from outside through an ingress controller. */
export const Ingress = z.strictObject({
  host: HostName,
  /** IngressClass. @default the cluster's own */
  className: z.string().min(1).optional(),
  /** Secret with the certificate; without one the address is plain http. */
  tlsSecret: ObjectName.optional(),
  annotations: Texts.default({}),
});
export type Ingress = z.infer<typeof Ingress>;

/** A volume that the stack asks for. */
export const volume = (storage: string) => ({
  storage: Quantity.default(storage),
  /** StorageClass. @default the cluster's own */
  storageClass: z.string().min(1).optional(),
});

/** An image by its digest: what runs is what was looked at. */
export const ImageRef = z.string().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/, {
  error: "expected an image by its digest, such as registry.example.com/name@sha256:…",
});
