import { expect, it } from "vitest";
import { interruptedIn, withoutCreates } from "./interrupted.js";

/** @param {string} type @param {string} name */
const operation = (type, name) => ({
  type,
  resource: { urn: `urn:pulumi:dev::updraft::updraft:local:Service::${name}` },
});
const deployment = {
  resources: [],
  pending_operations: [
    operation("creating", "training-run"),
    operation("deleting", "tracker-service"),
    operation("creating", "training-run"),
  ],
};

it("names once what a killed command was about to make", () => {
  expect(interruptedIn(deployment)).toEqual(["training-run"]);
});

it("is content with a state in which nothing was interrupted", () => {
  expect([undefined, {}, { pending_operations: null }].map(interruptedIn)).toEqual([[], [], []]);
});

it("keeps what Pulumi clears itself", () => {
  expect(withoutCreates(deployment)).toEqual({
    resources: [],
    pending_operations: [operation("deleting", "tracker-service")],
  });
});
