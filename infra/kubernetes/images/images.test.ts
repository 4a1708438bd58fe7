import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, it } from "vitest";
import { KubernetesConfig } from "../../config/config.ts";
import { checkout } from "../../checkout.ts";
import { buildContext, shortDigest } from "./build-context.ts";
import { Images } from "./images.ts";
import { pinnedImages } from "./pinned.ts";

const secretKey = "4dabf18193072939515e22adb298388d";
const digest = `sha256:${"d".repeat(64)}`;

interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

const registered: Registered[] = [];

beforeAll(async () => {
  await pulumi.runtime.setMocks({
    newResource({ type, name, inputs }) {
      registered.push({ type, name, inputs });
      const repository = String(inputs["imageName"]).replace(/:[^/:]+$/, "");
      return { id: name, state: { ...inputs, repoDigest: `${repository}@${digest}` } };
    },
    call: () => ({}),
  });
});

/** The component once everything is registered; each has a name of its own. */
async function imagesOf(name: string, config: object): Promise<Images> {
  const parsed = KubernetesConfig.parse({ target: "kubernetes", ...config });
  const images = new Images(name, { config: parsed });
  await Promise.all([valueOf(images.trainer), valueOf(images.server), valueOf(images.urn)]);
  if (images.tracker !== undefined) await valueOf(images.tracker);
  return images;
}

/** How the engine's protocol marks a secret. */
function isSecret(value: unknown): boolean {
  return typeof value === "object" && value !== null && secretKey in value;
}

function withoutSecret(value: unknown): unknown {
  return (value as { readonly value: unknown }).value;
}

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}

function built(name: string): Registered | undefined {
  return registered.find((made) => made.type === "docker:index/image:Image" && made.name === name);
}

describe("images that are built", () => {
  it("are tagged by their context, pushed to the registry, and referred to by digest", async () => {
    const images = await imagesOf("built", { images: { registry: "registry.example.com/team" } });
    const refs = [images.trainer, images.server, images.tracker!].map(valueOf);
    expect(await Promise.all(refs)).toEqual([
      `registry.example.com/team/trainer@${digest}`,
      `registry.example.com/team/server@${digest}`,
      `registry.example.com/team/tracker@${digest}`,
    ]);
    const server = built("built-server")!;
    const tag = shortDigest((await buildContext("server", checkout)).digest);
    const context = `.updraft/images/server/${tag}`;
    expect(server.inputs).toMatchObject({
      imageName: `registry.example.com/team/server:${tag}`,
      build: {
        context,
        dockerfile: `${context}/Dockerfile`,
        platform: "linux/amd64",
        builderVersion: "BuilderBuildKit",
        args: { BASE: pinnedImages.base },
      },
    });
  });

  it("take base, target, network and credentials from the configuration", async () => {
    const base = `localhost:5000/node@${digest}`;
    await imagesOf("told", {
      images: { registry: "localhost:5000/team", base, trainerTarget: "gpu", network: "host" },
      gpu: {},
      registryUsername: "me",
      registryPassword: "swordfish",
    });
    const trainer = built("told-trainer")!;
    expect(trainer.inputs["imageName"]).toMatch(/^localhost:5000\/team\/trainer:[0-9a-f]{12}-gpu$/);
    expect(trainer.inputs["build"]).toMatchObject({
      args: { BASE: base },
      target: "gpu",
      network: "host",
    });
    expect(isSecret(trainer.inputs["registry"])).toBe(true);
    expect(withoutSecret(trainer.inputs["registry"])).toEqual({
      server: "localhost:5000",
      username: "me",
      password: "swordfish",
    });
  });
});

describe("images that are given", () => {
  const given = {
    trainer: `registry.example.com/trainer@${digest}`,
    server: `registry.example.com/server@${digest}`,
  };

  it("are taken as they are", async () => {
    const tracker = { uri: "https://mlflow.example.com" };
    const images = await imagesOf("given", { images: given, tracker });
    expect(await valueOf(images.trainer)).toBe(given.trainer);
    expect(await valueOf(images.server)).toBe(given.server);
    expect(images.tracker).toBeUndefined();
    expect(registered.filter(({ name }) => name.startsWith("given-"))).toEqual([]);
  });

  it("of others are the pinned ones where the configuration names no other", async () => {
    const minio = `localhost:5000/minio@${digest}`;
    const images = await imagesOf("others", { images: { ...given, tracker: given.server, minio } });
    expect(images.minio).toBe(minio);
    expect(images.postgres).toBe(pinnedImages.postgres);
    expect(images.devicePlugin).toBe(pinnedImages.devicePlugin);
  });
});

it("pins every image by its digest", () => {
  for (const ref of Object.values(pinnedImages))
    expect(ref).toMatch(/^[^\s@]+@sha256:[0-9a-f]{64}$/);
});
