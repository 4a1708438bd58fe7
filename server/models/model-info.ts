import type { ServedModel } from "./served-model.ts";

/** What people want to know of the model that serves: `GET /model/info`. */
export function modelInfo({ name, version, content, input, output }: ServedModel) {
  const { digest, card } = content;
  return {
    name,
    version,
    digest,
    metrics: card.metrics,
    gate: card.gate,
    inputs: [input],
    outputs: [output],
  };
}
