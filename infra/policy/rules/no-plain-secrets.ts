import { containersOf } from "../manifest.ts";
import { resourceRule } from "../rule.ts";
import { listAt, textAt } from "../values.ts";

/** Names that say that a value is a secret; not those of places where one is. */
const secretName =
  /(PASSWORD|PASSWD|SECRET|TOKEN|ACCESS_KEY|API_?KEY|PRIVATE_KEY|CREDENTIALS?)(_\d+)?$/i;

/** `postgresql://user:password@host` */
const addressWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@\s]*:[^/?#@\s]+@/i;

/** What is secret is in a Secret, and the container refers to it. */
export const noPlainSecrets = resourceRule(
  {
    name: "no-plain-secrets",
    severity: "mandatory",
    what: "No variable of a container has a secret as its value.",
    why: "Whoever may look at pods reads the values of their variables, and so does everything that stores manifests.",
  },
  (resource) =>
    containersOf(resource).flatMap(({ where, spec }) =>
      listAt(spec, "env")
        .filter(isPlainSecret)
        .map((variable) => ({
          where: `${where}, variable ${textAt(variable, "name")}`,
          problem: "a secret is its value",
          fix: "put it into a Secret and refer to it with valueFrom.secretKeyRef",
        })),
    ),
);

function isPlainSecret(variable: unknown): boolean {
  const value = textAt(variable, "value") ?? "";
  if (value === "") return false;
  return secretName.test(textAt(variable, "name") ?? "") || addressWithPassword.test(value);
}
