import { podSecurityContext } from "./restricted.ts";

/** What the pods of the platform have in common. */
export interface PodBasics {
  readonly serviceAccountName: string;
  readonly automountServiceAccountToken: false;
  readonly enableServiceLinks: false;
  readonly imagePullSecrets?: { readonly name: string }[];
  readonly securityContext: Omit<
    typeof podSecurityContext,
    "runAsUser" | "runAsGroup" | "fsGroup"
  > & {
    readonly runAsUser: number;
    readonly runAsGroup: number;
    readonly fsGroup: number;
  };
}

/**
 * A pod without access to the cluster, as an ordinary user.
 * @param pullSecrets names of Secrets with which its images are pulled
 * @param user id of the user and of its group, where an image has files of another one's
 */
export function podBasics(
  serviceAccountName: string,
  pullSecrets: readonly string[],
  user: number = podSecurityContext.runAsUser,
): PodBasics {
  return {
    serviceAccountName,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    ...(pullSecrets.length === 0
      ? {}
      : { imagePullSecrets: pullSecrets.map((name) => ({ name })) }),
    securityContext: { ...podSecurityContext, runAsUser: user, runAsGroup: user, fsGroup: user },
  };
}
