import { expect, it } from "vitest";
import { egressTo, networkPolicy, podsOf, tcp } from "./network-policy.ts";

const place = { stack: "dev", namespace: "updraft-dev" };

it("opens the edges of a part's pods, and closes what it does not name", () => {
  const part = { name: "store", component: "storage" };
  const ingress = [{ from: [podsOf(place, "trainer")], ports: [tcp(9000)] }];
  expect(networkPolicy(place, part, { ingress }).spec).toEqual({
    podSelector: {
      matchLabels: { "app.kubernetes.io/name": "store", "app.kubernetes.io/instance": "dev" },
    },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      {
        from: [
          {
            podSelector: {
              matchLabels: {
                "app.kubernetes.io/name": "trainer",
                "app.kubernetes.io/instance": "dev",
              },
            },
          },
        ],
        ports: [{ protocol: "TCP", port: 9000 }],
      },
    ],
    egress: [],
  });
});

it.each([
  ["https://s3.example.com", 443],
  ["http://minio.storage:9000", 9000],
  ["http://tracker.example.com/mlflow", 80],
  ["postgresql://me:pw@database/tracker", 5432],
  ["postgresql://me:pw@database:6432/tracker", 6432],
])("lets pods call %s at its port, wherever it is", (url, port) => {
  expect(egressTo(url)).toEqual({
    to: [
      { ipBlock: { cidr: "0.0.0.0/0" } },
      { ipBlock: { cidr: "::/0" } },
      { namespaceSelector: {} },
    ],
    ports: [{ protocol: "TCP", port }],
  });
});
