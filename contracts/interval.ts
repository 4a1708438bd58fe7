import { z } from "zod";

/** Bounds between which a measure lies with a confidence of 95 %, in the measure's own unit. */
export const Interval = z.strictObject({ low: z.number(), high: z.number() });
export type Interval = z.infer<typeof Interval>;
