import { expect, it } from "vitest";
import { withoutInterrupted } from "./forget-interrupted.ts";

const operation = (type: string, name: string) => ({
  type,
  resource: { urn: `urn:pulumi:pr-1::updraft::updraft:local:Task::${name}`, custom: true },
});

it("forgets what was about to be made, and nothing else", () => {
  const rest = { version: 3, deployment: { resources: [{ urn: "a" }], metadata: {} } };
  const operations = [
    operation("creating", "training-run"),
    operation("deleting", "tracker-service"),
    operation("creating", "training-run"),
  ];
  const exported = {
    ...rest,
    deployment: { ...rest.deployment, pending_operations: operations },
  };
  expect(withoutInterrupted(exported)).toEqual({
    state: {
      ...rest,
      deployment: { ...rest.deployment, pending_operations: [operations[1]] },
    },
    names: ["training-run"],
  });
});

it.each([{}, { deployment: null }, { deployment: { resources: [] } }])(
  "finds nothing where nothing was interrupted: %j",
  (exported) => {
    expect(withoutInterrupted(exported).names).toEqual([]);
  },
);
