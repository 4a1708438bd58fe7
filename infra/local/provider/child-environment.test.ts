import { expect, it } from "vitest";
import { childEnvironment } from "./child-environment.ts";

it("keeps what tools need, adds the child's own and leaves the engine's secrets out", () => {
  const ours = {
    PATH: "/bin",
    HOME: "/home/me",
    PULUMI_CONFIG_PASSPHRASE: "secret",
    PULUMI_ACCESS_TOKEN: "secret",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
  expect(childEnvironment({ PORT: "5000" }, ours)).toEqual({
    PATH: "/bin",
    HOME: "/home/me",
    PORT: "5000",
  });
});
