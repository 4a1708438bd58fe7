import { z } from "zod";
import { promotionKinds, type PromotionStore } from "../store/promotions.ts";
import { endpoint, type Endpoint } from "./endpoint.ts";
import { AliasName, maxResults, ModelName, PageToken } from "./fields.ts";

/** What MLflow has no operation for: every move that an alias or a version ever made. */
export function promotionEndpoints(promotions: PromotionStore): Endpoint[] {
  const request = z.object({
    name: ModelName.optional(),
    alias: AliasName.optional(),
    kind: z.enum(promotionKinds).optional(),
    max_results: maxResults(10_000, 1000),
    page_token: PageToken,
  });
  return [
    endpoint("get", "/promotions", request, async (fields) => {
      const { rows, nextPageToken } = await promotions.history(fields);
      return { promotions: rows, next_page_token: nextPageToken };
    }),
  ];
}
