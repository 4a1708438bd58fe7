/**
 * What images are built on and what is run of others, each by the digest of its release.
 * @see decisions/021-images.md for where each digest is named
 */
export const pinnedImages = {
  /** Node 24.21.0. */
  base: "docker.io/library/node:24-bookworm-slim@sha256:0e0ff40c39bc087845bfb27465a0df4ea419520094bc35842ff83dd8cbe6f9b6",
  /** The last release of the community edition; its image holds the client `mc` too. */
  minio:
    "quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z@sha256:14cea493d9a34af32f524e538b8346cf79f3321eff8e708c1e2960462bd8936e",
  /** PostgreSQL 17.11. */
  postgres:
    "docker.io/library/postgres:17-bookworm@sha256:639ab7ceb90e13123085b741fb31ef493fba25463002f6da665352e7b534b652",
  devicePlugin:
    "nvcr.io/nvidia/k8s-device-plugin:v0.19.3@sha256:25cc340fe6fd53c101e16fc452f503e7a92c219c64a80ed5381784b522dbbf77",
} as const;
