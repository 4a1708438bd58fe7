import { expect, it } from "vitest";
import { readerPeers } from "../../store/readers.ts";
import { sourceProblem, type SourceInCluster, type SourceSeen } from "./source-problem.ts";

const found = (body: unknown = {}) => ({ status: 200, body });
const notFound = { status: 404, body: undefined };
const hidden = { status: 403, body: undefined };
const policyFor = (...readers: string[]) =>
  found({ spec: { ingress: [{ from: [{ podSelector: {} }, ...readerPeers(readers)] }] } });
const labelled = (labels: object) => found({ metadata: { labels } });

const inCluster: SourceInCluster = {
  there: labelled({ "updraft.dev/stack": "dev" }),
  policy: policyFor("staging", "prod"),
  own: notFound,
};
const seen: SourceSeen = {
  stack: "prod",
  namespace: "updraft-prod",
  source: "dev",
  address: "http://store.updraft-dev.svc.cluster.local:9000",
  service: { service: "store", namespace: "updraft-dev", port: 9000 },
  isStackStore: true,
  inCluster,
};
const problemWith = (more: Partial<SourceSeen>, answers: Partial<SourceInCluster> = {}) =>
  sourceProblem({ ...seen, inCluster: { ...inCluster, ...answers }, ...more });

it("is none where the store lets in this stack, before and after its namespace is there", () => {
  expect(problemWith({})).toBeUndefined();
  expect(problemWith({}, { own: labelled({ "updraft.dev/stack": "prod" }) })).toBeUndefined();
});

it("says whom to let in, and where", () => {
  expect(problemWith({}, { policy: policyFor("staging") })).toBe(
    "the store of dev lets in no trainer of prod; add prod to updraft:store.readers of dev, and bring dev up first",
  );
});

it("says which label a namespace needs that the stack has not made", () => {
  expect(problemWith({ namespace: "team" }, { own: labelled({}) })).toBe(
    "the store of dev knows a reader by the label of its namespace, and team has none of prod: kubectl label namespace team updraft.dev/stack=prod",
  );
});

it("holds nothing against what may not be looked at, or is none of ours", () => {
  expect(problemWith({}, { there: hidden, policy: hidden, own: hidden })).toBeUndefined();
  expect(problemWith({ isStackStore: false }, { policy: policyFor() })).toBeUndefined();
  const outside = { address: "https://s3.example.com", service: undefined, inCluster: undefined };
  expect(sourceProblem({ ...seen, ...outside })).toBeUndefined();
});

it("notices a store that only pods of another cluster reach", () => {
  expect(problemWith({}, { there: notFound })).toBe(
    "the packages of dev are at http://store.updraft-dev.svc.cluster.local:9000, and this cluster has no namespace updraft-dev: only pods of another cluster reach them; give dev a store that both reach (updraft:store.s3)",
  );
});

it.each(["http://localhost:9000", "http://127.0.0.1:5000", "http://[::1]:9000"])(
  "notices that no pod reaches %s",
  (address) => {
    expect(sourceProblem({ ...seen, address, service: undefined, inCluster: undefined })).toBe(
      `the packages of dev are at ${address}, which no pod reaches; give dev a store that both reach`,
    );
  },
);

it("notices a stack that does not say how its packages are reached", () => {
  const unknown = { address: undefined, service: undefined, inCluster: undefined };
  expect(sourceProblem({ ...seen, ...unknown })).toContain("does not say how its packages are");
});
