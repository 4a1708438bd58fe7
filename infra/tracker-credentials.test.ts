import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { credentialsContent } from "./tracker-credentials.ts";

const secret = "a-secret-that-is-long-enough";
const digest = `sha256:${createHash("sha256").update(secret).digest("hex")}`;

it.each([
  [{ MLFLOW_TRACKING_TOKEN: secret }, "stack"],
  [{ MLFLOW_TRACKING_USERNAME: "me", MLFLOW_TRACKING_PASSWORD: secret }, "me"],
])("lets in who presents what the stack presents, and keeps only its sha256", (variables, name) => {
  expect(JSON.parse(credentialsContent(variables))).toEqual({
    users: [{ name, access: "write", secrets: [digest] }],
  });
});
