/** Of the pods: an ordinary user, as the Pod Security Standard `restricted` demands. */
export const podSecurityContext = {
  runAsNonRoot: true,
  runAsUser: 1000,
  runAsGroup: 1000,
  fsGroup: 1000,
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/**
 * Of the containers: nothing but what the program brings.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export const containerSecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] as string[] },
} as const;

/** The one place that a container may write to: gone with the pod. */
export const temporaryVolume = { name: "tmp", emptyDir: {} } as const;
export const temporaryMount = { name: "tmp", mountPath: "/tmp" } as const;
