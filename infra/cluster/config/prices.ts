import { z } from "zod";

const Amount = z.number().nonnegative();
const Currency = z.string().regex(/^[A-Z]{3}$/, { error: "expected a currency such as USD" });
const PriceDate = z.iso.date({ error: "expected a date such as 2026-01-31" });

/** `cluster:prices`: what is paid in place of list prices; amounts are per hour. */
export const Prices = z.strictObject({
  /** One that is not USD: then every price that is needed has to be given. */
  currency: Currency.default("USD"),
  /** When these prices were looked up. */
  asOf: PriceDate.optional(),
  /** Where they come from: a contract, a page. */
  source: z.string().min(1).optional(),
  controlPlane: Amount.optional(),
  /** The way out of the nodes: gateway and its address. */
  network: Amount.optional(),
  /** By machine type. */
  machines: z.record(z.string().min(1), Amount).default({}),
});
export type Prices = z.infer<typeof Prices>;

/** Of a cluster whose prices nobody here knows. */
export const Cost = z.strictObject({
  currency: Currency,
  /** What is paid whether or not anything runs. */
  always: Amount,
  /** One node with GPUs. @default there are none */
  perGpuNode: Amount.optional(),
  /** With as many nodes as there may be. */
  atMost: Amount,
  asOf: PriceDate.optional(),
  source: z.string().min(1).optional(),
});
export type Cost = z.infer<typeof Cost>;
