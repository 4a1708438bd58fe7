import { expect, it } from "vitest";
import { clusterServiceOf } from "./cluster-address.ts";

it.each([
  [
    "http://inference.updraft-dev.svc.cluster.local",
    { namespace: "updraft-dev", service: "inference" },
  ],
  ["http://tracker.team.svc.corp.test:5000", { namespace: "team", service: "tracker" }],
  ["http://127.0.0.1:8080", undefined],
  ["https://pr-1.preview.example.com", undefined],
])("%s is the Service %j", (url, service) => {
  expect(clusterServiceOf(url)).toEqual(service);
});
