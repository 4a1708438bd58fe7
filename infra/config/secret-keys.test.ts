import { expect, it } from "vitest";
import { isSecretKey } from "./secret-keys.ts";

it("takes the engine's word for which keys are encrypted", () => {
  const environment = { PULUMI_CONFIG_SECRET_KEYS: '["updraft:trackerToken"]' };
  expect(isSecretKey("updraft:trackerToken", environment)).toBe(true);
  expect(isSecretKey("updraft:trackerPassword", environment)).toBe(false);
});

it("knows nothing against a key where the engine does not say", () => {
  expect(isSecretKey("updraft:trackerToken", {})).toBe(true);
});
