import { expect, it } from "vitest";
import { cniConfig, containerdConfig, registryConfig } from "./containerd-config.ts";

it("tells containerd where everything of its node is", () => {
  const text = containerdConfig({
    root: "/state/root",
    state: "/run/state",
    socket: "/run/containerd.sock",
    cniPlugins: "/state/plugins",
    cniConfigs: "/state/cni",
    registryConfigs: "/state/registries",
    pauseImage: "127.0.0.1:15000/pause:1",
  });
  expect(text.split("\n").map((line) => line.trim())).toEqual(
    expect.arrayContaining([
      'root = "/state/root"',
      'state = "/run/state"',
      'address = "/run/containerd.sock"',
      'sandbox_image = "127.0.0.1:15000/pause:1"',
      'bin_dir = "/state/plugins"',
      'conf_dir = "/state/cni"',
      'config_path = "/state/registries"',
    ]),
  );
});

it("pulls from the registry without TLS", () => {
  expect(registryConfig("127.0.0.1:15000")).toBe(
    'server = "http://127.0.0.1:15000"\n[host."http://127.0.0.1:15000"]\n  capabilities = ["pull", "resolve"]\n',
  );
});

it("asks the policies last, when the pod has its address", () => {
  const { plugins } = JSON.parse(cniConfig("/run/addresses", "/run/announced"));
  expect(plugins.map(({ type }: { type: string }) => type)).toEqual([
    "bridge",
    "portmap",
    "updraft-policies",
  ]);
});
