import { CommandError } from "../support/run-command.ts";

/** How signatures are made, and how they are checked: flags of cosign. */
export interface Signing {
  readonly sign: readonly string[];
  readonly verify: readonly string[];
}

/** What the command was told. */
export interface SigningValues {
  readonly key?: string | undefined;
  readonly "public-key"?: string | undefined;
  readonly identity?: string | undefined;
  readonly issuer?: string | undefined;
}

/** What says in a certificate that a run of GitHub Actions has signed. */
const githubIssuer = "https://token.actions.githubusercontent.com";

/**
 * With a key, or without one: then a certificate says who has signed, which in GitHub Actions is the
 * workflow.
 * @throws {CommandError} if nothing says who signs
 * @see https://docs.sigstore.dev/cosign/signing/overview
 */
export function signingOf(values: SigningValues, env: NodeJS.ProcessEnv): Signing {
  const { key, identity, issuer } = values;
  if (key !== undefined) {
    const publicKey = values["public-key"] ?? key.replace(/\.key$/, ".pub");
    return { sign: ["--key", key], verify: ["--key", publicKey] };
  }
  if (identity !== undefined && issuer !== undefined) return keyless(identity, issuer);
  const { GITHUB_SERVER_URL: server, GITHUB_WORKFLOW_REF: workflow } = env;
  if (!server || !workflow) {
    throw new CommandError(
      "nothing says who signs: set --key, or --identity and --issuer of the certificate that cosign gets here; in GitHub Actions neither is needed",
    );
  }
  if (!env["ACTIONS_ID_TOKEN_REQUEST_URL"]) {
    throw new CommandError(
      "this job may not ask for a certificate; give it permissions: id-token: write",
    );
  }
  return keyless(`${server}/${workflow}`, githubIssuer);
}

function keyless(identity: string, issuer: string): Signing {
  const verify = ["--certificate-identity", identity, "--certificate-oidc-issuer", issuer];
  return { sign: [], verify };
}

/** What cosign is asked to do for an image: its arguments, in this order. */
export interface SigningSteps {
  /** Both succeed on an image that needs nothing more. */
  readonly verify: readonly (readonly string[])[];
  readonly sign: readonly (readonly string[])[];
}

/**
 * A signature, and the bill of materials as a signed statement beside it.
 * @param ref of the image, by its digest
 * @param billFile its bill of materials
 */
export function signingSteps(ref: string, billFile: string, signing: Signing): SigningSteps {
  const attestation = ["--type", "cyclonedx"];
  return {
    verify: [
      ["verify", ...signing.verify, ref],
      ["verify-attestation", ...signing.verify, ...attestation, ref],
    ],
    sign: [
      ["sign", "--yes", ...signing.sign, ref],
      ["attest", "--yes", ...signing.sign, ...attestation, "--predicate", billFile, ref],
    ],
  };
}

/**
 * The same without the public log of signatures, for a registry that the world need not know of.
 * @param configFile names no service; see {@link noServices}
 */
export function withoutLog({ sign, verify }: Signing, configFile: string): Signing {
  return {
    sign: [...sign, "--signing-config", configFile],
    verify: [...verify, "--insecure-ignore-tlog=true"],
  };
}

/** A configuration of cosign's that names no service: no log, no time stamps. */
export const noServices = {
  mediaType: "application/vnd.dev.sigstore.signingconfig.v0.2+json",
  rekorTlogConfig: {},
  tsaConfig: {},
} as const;
