import { expect, it } from "vitest";
import { inferenceUrl } from "./addresses.ts";
import { inferenceSettings } from "./serving-fixture.ts";

const inCluster = "http://inference.updraft-dev.svc.cluster.local";

it.each([
  [{}, undefined, inCluster],
  [{ ingress: { host: "a.example.com" } }, undefined, "http://a.example.com"],
  [{ ingress: { host: "a.example.com", tlsSecret: "a-tls" } }, undefined, "https://a.example.com"],
  [{ gateway: { name: "public", host: "b.example.com" } }, undefined, "https://b.example.com"],
  [
    { gateway: { name: "g", host: "b.example.com", tls: false } },
    undefined,
    "http://b.example.com",
  ],
  [{}, { hostname: "lb.example.com" }, "http://lb.example.com"],
  [{}, { ip: "203.0.113.7" }, "http://203.0.113.7"],
  [{}, { ip: "2001:db8::7" }, "http://[2001:db8::7]"],
  [{}, {}, inCluster],
])("%j with %j is at %s", (settings, balancer, url) => {
  expect(inferenceUrl({ settings: inferenceSettings(settings), balancer, inCluster })).toBe(url);
});
