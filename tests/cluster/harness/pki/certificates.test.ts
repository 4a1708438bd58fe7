import { expect, it } from "vitest";
import { certificateRequests, extensionsOf } from "./certificates.ts";

const request = (name: string) => {
  const found = certificateRequests().find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no certificate ${name}`);
  return found;
};

it("names the apiserver as everybody calls it", () => {
  expect(extensionsOf(request("apiserver"))).toBe(
    [
      "basicConstraints=CA:FALSE",
      "keyUsage=digitalSignature",
      "extendedKeyUsage=serverAuth",
      "subjectAltName=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default," +
        "DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local," +
        "IP:10.245.0.1,IP:10.96.0.1,IP:127.0.0.1",
      "",
    ].join("\n"),
  );
});

it("makes every node a node, and gives its kubelet the address that it answers on", () => {
  expect(request("node-gpu-1").subject).toBe("/O=system:nodes/CN=system:node:gpu-1");
  expect(request("kubelet-gpu-1").alternatives).toEqual(["DNS:gpu-1", "IP:10.245.0.2"]);
});

it("signs the proxied requests' certificate by an authority of its own", () => {
  const others = certificateRequests().filter(({ authority }) => authority !== "ca");
  expect(others.map(({ name }) => name)).toEqual(["front-proxy"]);
});

it("gives each certificate a name of its own", () => {
  const names = certificateRequests().map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
