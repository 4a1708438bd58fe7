import type { KubeconfigSource } from "./cluster/connection.ts";
import type { Mutability } from "./changes/force-new.ts";

/** What the provider's configuration comes to. */
export interface Settings {
  readonly source: KubeconfigSource;
  /** Where objects go that name no namespace; the context's own where there is none. */
  readonly namespace: string | undefined;
  readonly serverSideApply: boolean;
  readonly mutability: Mutability;
  /** Creating an object that exists updates it instead of failing. */
  readonly upsert: boolean;
  /** Takes over fields that others manage. */
  readonly patchForce: boolean | undefined;
  /** What cannot be reached counts as deleted. */
  readonly deleteUnreachable: boolean;
  readonly skipUpdateUnreachable: boolean;
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The provider's configuration: its arguments, or variables of the environment.
 * @throws of what the stand-in does not support
 */
export function parseSettings(variables: Variables, env: Variables): Settings {
  const value = (key: string) => variables[`kubernetes:config:${key}`] || undefined;
  const flag = (key: string, variable: string): boolean | undefined => {
    const text = variables[`kubernetes:config:${key}`] ?? env[variable];
    return text === undefined ? undefined : text === "true";
  };
  for (const key of ["renderYamlToDirectory", "helmReleaseSettings"]) {
    if (value(key) !== undefined) {
      throw new Error(
        `the stand-in for the Kubernetes plugin does not support ${key}; install the official plugin`,
      );
    }
  }
  return {
    source: {
      kubeconfig: value("kubeconfig"),
      context: value("context"),
      cluster: value("cluster"),
    },
    namespace: value("namespace"),
    serverSideApply: flag("enableServerSideApply", "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY") ?? true,
    mutability: {
      configMaps: flag("enableConfigMapMutable", "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE") ?? false,
      secrets: flag("enableSecretMutable", "PULUMI_K8S_ENABLE_SECRET_MUTABLE") ?? false,
    },
    upsert: flag("upsertExistingObjects", "PULUMI_K8S_UPSERT_EXISTING_OBJECTS") ?? false,
    patchForce: flag("enablePatchForce", "PULUMI_K8S_ENABLE_PATCH_FORCE"),
    deleteUnreachable: flag("deleteUnreachable", "PULUMI_K8S_DELETE_UNREACHABLE") ?? false,
    skipUpdateUnreachable:
      flag("skipUpdateUnreachable", "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE") ?? false,
  };
}
