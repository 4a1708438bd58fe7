import { describe, expect, it } from "vitest";
import { signingOf, signingSteps, withoutLog } from "./signing.ts";

const github = {
  GITHUB_SERVER_URL: "https://github.com",
  GITHUB_WORKFLOW_REF: "team/updraft/.github/workflows/release.yml@refs/heads/main",
  ACTIONS_ID_TOKEN_REQUEST_URL: "https://example.com",
};

describe("who signs", () => {
  it("is whoever has the key", () => {
    expect(signingOf({ key: "keys/cosign.key" }, github)).toEqual({
      sign: ["--key", "keys/cosign.key"],
      verify: ["--key", "keys/cosign.pub"],
    });
    expect(signingOf({ key: "awskms:///alias/x" }, {}).verify).toEqual([
      "--key",
      "awskms:///alias/x",
    ]);
  });

  it("is the workflow in GitHub Actions", () => {
    expect(signingOf({}, github)).toEqual({
      sign: [],
      verify: [
        "--certificate-identity",
        "https://github.com/team/updraft/.github/workflows/release.yml@refs/heads/main",
        "--certificate-oidc-issuer",
        "https://token.actions.githubusercontent.com",
      ],
    });
  });

  it("is whom the arguments name", () => {
    const { verify } = signingOf({ identity: "ci@example.com", issuer: "https://gitlab.com" }, {});
    expect(verify).toEqual([
      "--certificate-identity",
      "ci@example.com",
      "--certificate-oidc-issuer",
      "https://gitlab.com",
    ]);
  });

  it("is asked for where nobody can sign", () => {
    expect(() => signingOf({}, {})).toThrow("nothing says who signs: set --key");
    expect(() => signingOf({}, { ...github, ACTIONS_ID_TOKEN_REQUEST_URL: "" })).toThrow(
      "give it permissions: id-token: write",
    );
  });
});

it("signs the image, then its bill of materials, and checks both", () => {
  const signing = withoutLog({ sign: ["--key", "k"], verify: ["--key", "p"] }, "config.json");
  const sign = ["--yes", "--key", "k", "--signing-config", "config.json"];
  const verify = ["--key", "p", "--insecure-ignore-tlog=true"];
  expect(signingSteps("r/server@sha256:a", "bill.json", signing)).toEqual({
    sign: [
      ["sign", ...sign, "r/server@sha256:a"],
      ["attest", ...sign, "--type", "cyclonedx", "--predicate", "bill.json", "r/server@sha256:a"],
    ],
    verify: [
      ["verify", ...verify, "r/server@sha256:a"],
      ["verify-attestation", ...verify, "--type", "cyclonedx", "r/server@sha256:a"],
    ],
  });
});
