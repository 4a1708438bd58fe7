import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clusterProblem, testCluster } from "../../../cluster/harness/test-cluster.ts";
import { TestProgram } from "../../support/test-program.ts";
import { LiveObjects } from "./live-objects.ts";

const namespace = `stand-in-objects-${process.pid}`;
const node = `stand-in-node-${process.pid}`;
const settings =
  "enableServerSideApply: true, enableConfigMapMutable: true, enableSecretMutable: true";

const ref = (kind: string, name: string, apiVersion = "v1") => ({
  apiVersion,
  kind,
  namespace,
  name,
});

const map = (data: string, metadata = "{ namespace }") =>
  `const map = new k8s.core.v1.ConfigMap("map", { metadata: ${metadata}, data: ${data} }, opts);
   export const name = map.metadata.name;
   export const uid = map.metadata.uid;`;

const binding = (role: string) => `
  new k8s.rbac.v1.RoleBinding("binding", {
    metadata: { name: "binding", namespace },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "${role}" },
  }, opts);`;

const owner = (provider: string) => `
  new k8s.core.v1.ConfigMap("owner", {
    metadata: { name: "taken", namespace },
    data: { by: "us" },
  }, { provider: ${provider} });`;

describe.skipIf(clusterProblem() !== undefined)("objects of a program", () => {
  let program: TestProgram;
  let live: LiveObjects;

  const outputsOf = async (name: string) =>
    (await program.resources()).find(({ urn }) => urn.endsWith(`::${name}`));

  /** The program with its namespace, and `more` below it. */
  async function write(more: string): Promise<void> {
    await program.write(`
      const cluster = new k8s.Provider("cluster", { ${settings} });
      const upserting = new k8s.Provider("upserting", { ${settings}, upsertExistingObjects: true });
      const opts = { provider: cluster };
      void upserting;
      const home = new k8s.core.v1.Namespace("home", { metadata: { name: "${namespace}" } }, opts);
      const namespace = home.metadata.name;
      ${more}
    `);
  }

  beforeAll(async () => {
    const cluster = await testCluster();
    live = new LiveObjects(cluster.kubeconfig);
    program = await TestProgram.create("objects", { ...process.env, ...cluster.env });
  });

  afterAll(async () => {
    await program?.remove();
    await live?.delete({ apiVersion: "v1", kind: "Namespace", name: namespace });
    await live?.delete({ apiVersion: "v1", kind: "Node", name: node });
  });

  it("are shown before they are made, with the names that they will have", async () => {
    await write(map('{ a: "1" }'));
    const { code, output } = await program.preview("--diff");
    expect(code, output).toBe(0);
    expect(output).toMatch(/name *: "map-[0-9a-f]{8}"/);
    expect(await live.get(ref("Namespace", namespace))).toBeUndefined();
  });

  it("are made, and found unchanged the next time", async () => {
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    const { name, uid } = await program.outputs();
    expect(name).toMatch(/^map-[0-9a-f]{8}$/);
    expect(await live.get(ref("ConfigMap", String(name)))).toMatchObject({
      metadata: { uid, annotations: { "pulumi.com/autonamed": "true" } },
      data: { a: "1" },
    });
    const again = await program.up();
    expect(again.output).toContain("unchanged");
    expect(again.output).not.toMatch(/created|updated|replaced/);
  });

  it("change in place where they can, and leave alone what others have added", async () => {
    const { name, uid } = await program.outputs();
    await live.merge(ref("ConfigMap", String(name)), { data: { theirs: "x" } });
    await write(map('{ a: "2", b: "1" }'));
    const preview = await program.preview("--diff");
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toContain('"1" => "2"');
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    const after = await live.get(ref("ConfigMap", String(name)));
    expect(after).toMatchObject({ metadata: { uid }, data: { a: "2", b: "1", theirs: "x" } });
    expect(after?.metadata?.managedFields?.map(({ operation }) => operation).toSorted()).toEqual([
      "Apply",
      "Update",
    ]);
  });

  it("lose what the program no longer says", async () => {
    await write(map('{ a: "2" }'));
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    const { name } = await program.outputs();
    expect(await live.get(ref("ConfigMap", String(name)))).toMatchObject({
      data: { a: "2", theirs: "x" },
    });
    expect(await live.get(ref("ConfigMap", String(name)))).not.toHaveProperty("data.b");
  });

  it("do not overwrite what others have changed, unless they are told to", async () => {
    const { name } = await program.outputs();
    await live.merge(ref("ConfigMap", String(name)), { data: { a: "theirs" } });
    await write(map('{ a: "ours" }'));
    const refused = await program.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("Server-Side Apply field conflict detected. See https://");
    expect(refused.output).toContain('conflict with "somebody-else" using v1: .data.a');
    const force = '{ namespace, annotations: { "pulumi.com/patchForce": "true" } }';
    await write(map('{ a: "ours" }', force));
    const forced = await program.up();
    expect(forced.code, forced.output).toBe(0);
    expect(await live.get(ref("ConfigMap", String(name)))).toMatchObject({ data: { a: "ours" } });
  });

  it("are looked up again by a refresh, and set right by the next update", async () => {
    const { name } = await program.outputs();
    await live.merge(ref("ConfigMap", String(name)), { data: { a: "drifted" } });
    const refreshed = await program.refresh();
    expect(refreshed.code, refreshed.output).toBe(0);
    expect(await outputsOf("map")).toMatchObject({ outputs: { data: { a: "drifted" } } });
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    expect(await live.get(ref("ConfigMap", String(name)))).toMatchObject({ data: { a: "ours" } });
  });

  it("leave the state when they are gone from the cluster", async () => {
    const { name } = await program.outputs();
    await live.delete(ref("ConfigMap", String(name)));
    await program.refresh();
    expect(await outputsOf("map")).toBeUndefined();
  });

  it("keep secrets out of the state's plain text", async () => {
    await write(`
      const secret = new k8s.core.v1.Secret("secret", {
        metadata: { name: "credentials", namespace },
        stringData: { password: "swordfish" },
      }, opts);
      export const data = secret.data;
    `);
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    expect(output).not.toContain("swordfish");
    const state = JSON.stringify(await program.resources());
    expect(state).not.toContain("swordfish");
    expect(state).not.toContain(Buffer.from("swordfish").toString("base64"));
    expect(await live.get(ref("Secret", "credentials"))).toMatchObject({
      data: { password: Buffer.from("swordfish").toString("base64") },
    });
    expect((await program.up()).output).not.toMatch(/created|updated|replaced/);
  });

  it("are replaced where a change needs a new object: the old one goes first if it has the name", async () => {
    const binder = ref("RoleBinding", "binding", "rbac.authorization.k8s.io/v1");
    await write(binding("view"));
    const made = await program.up();
    expect(made.code, made.output).toBe(0);
    const before = await live.get(binder);
    await write(binding("edit"));
    const preview = await program.preview();
    expect(preview.code, preview.output).toBe(0);
    expect(preview.output).toMatch(/\+- *kubernetes:rbac/);
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    const after = await live.get(binder);
    expect(after).toMatchObject({ roleRef: { name: "edit" } });
    expect(after?.metadata?.uid).not.toBe(before?.metadata?.uid);
  });

  it("are not made over others of the name, unless that is asked for", async () => {
    await live.create(ref("ConfigMap", "taken"), { data: { kept: "yes" } });
    await write(owner("cluster"));
    const refused = await program.up();
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("was not successfully created by the Kubernetes API server");
    expect(refused.output).toContain('configmaps "taken" already exists');
    await write(owner("upserting"));
    const taken = await program.up();
    expect(taken.code, taken.output).toBe(0);
    expect(await live.get(ref("ConfigMap", "taken"))).toMatchObject({
      data: { by: "us", kept: "yes" },
    });
  });

  it("are read by id; one that is not there fails the preview", async () => {
    await live.create(ref("ConfigMap", "release"), { data: { version: "7" } });
    const get = (name: string) =>
      `const release = k8s.core.v1.ConfigMap.get("release", "${namespace}/${name}", opts);
       export const version = release.data.version;`;
    await write(get("release"));
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    expect(await program.outputs()).toEqual({ version: "7" });
    await write(get("missing"));
    const missing = await program.preview();
    expect(missing.code).not.toBe(0);
    expect(missing.output).toContain(`resource '${namespace}/missing' does not exist`);
  });

  it("patch objects of others, and take their part of them back", async () => {
    const theirs = { apiVersion: "v1", kind: "Node", name: node };
    await live.create(theirs, { spec: { unschedulable: true } });
    await write(`
      new k8s.core.v1.NodePatch("labels", {
        metadata: { name: "${node}", labels: { "updraft.dev/test": "yes" } },
      }, opts);
    `);
    const { code, output } = await program.up();
    expect(code, output).toBe(0);
    expect((await live.get(theirs))?.metadata?.labels).toMatchObject({ "updraft.dev/test": "yes" });
    await write("");
    const removed = await program.up();
    expect(removed.code, removed.output).toBe(0);
    expect((await live.get(theirs))?.metadata?.labels ?? {}).not.toHaveProperty("updraft.dev/test");
  });

  it("leave nothing behind", async () => {
    const { code, output } = await program.destroy();
    expect(code, output).toBe(0);
    expect(await live.get(ref("Namespace", namespace))).toBeUndefined();
    expect(await program.resources()).toEqual([]);
  });
});
