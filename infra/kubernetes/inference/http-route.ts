import type { KubernetesConfig } from "../../config/config.ts";
import { metadata, type Place } from "../metadata.ts";
import { servicePort } from "./service.ts";
import { serving } from "./serving.ts";

/**
 * The way in from outside through a Gateway.
 * @see https://gateway-api.sigs.k8s.io/api-types/httproute/
 */
export function inferenceRoute(
  place: Place,
  gateway: NonNullable<KubernetesConfig["inference"]["gateway"]>,
) {
  return {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: metadata(place, serving),
    spec: {
      parentRefs: [
        {
          group: "gateway.networking.k8s.io",
          kind: "Gateway",
          name: gateway.name,
          ...(gateway.namespace !== undefined && { namespace: gateway.namespace }),
        },
      ],
      hostnames: [gateway.host],
      rules: [
        {
          matches: [{ path: { type: "PathPrefix", value: "/" } }],
          backendRefs: [
            { group: "", kind: "Service", name: serving.name, port: servicePort, weight: 1 },
          ],
        },
      ],
    },
  };
}
