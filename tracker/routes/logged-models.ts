import { z } from "zod";
import { endpoint, type Endpoint } from "./endpoint.ts";

/**
 * Clients look here for a model by the name of each folder of artifacts that they list. There are
 * none; an error would keep them from the folder.
 */
export function loggedModelEndpoints(): Endpoint[] {
  return [endpoint("post", "/logged-models/search", z.object({}), async () => ({}))];
}
