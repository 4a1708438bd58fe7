import type { CheckRequest, CheckResult } from "../support/plugin-provider.ts";
import { withoutSecrets } from "../support/wire-values.ts";
import { isGenerateName, withAutoname, withOldAutoname } from "./objects/auto-name.ts";
import { withSecretsOf } from "./objects/checkpoint.ts";
import { assertSupported, isPatch, type Kind, kindOfUrn } from "./objects/kind.ts";
import { fieldAt, type KubeObject, kindOf, nameOf, withField } from "./objects/kube-object.ts";
import { normalise } from "./objects/normalise.ts";
import type { Settings } from "./settings.ts";

interface CheckOptions {
  readonly settings: Pick<Settings, "serverSideApply">;
  /** Where objects go that name no namespace. */
  readonly namespace: string;
  readonly isNamespaced: (kind: Kind) => Promise<boolean>;
}

/** The inputs as they are sent: normalised, with a name and a namespace. */
export async function checkInputs(
  request: CheckRequest,
  { settings, namespace, isNamespaced }: CheckOptions,
): Promise<CheckResult> {
  const { urn, olds, news } = request;
  assertSupported(urn);
  const given = withoutSecrets(news) as KubeObject;
  if (isPatch(urn, kindOf(given))) assertPatchable(given, settings);
  const named = withName(request, normalise(given), withoutSecrets(olds) as KubeObject);
  if (settings.serverSideApply && isGenerateName(named)) {
    throw new Error(
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    );
  }
  const placed =
    fieldAt(named, "metadata", "namespace") === undefined &&
    (await isNamespaced(kindOfPatched(urn, given)))
      ? withField(named, ["metadata", "namespace"], namespace)
      : named;
  return { inputs: withSecretsOf(placed, news) };
}

function withName(request: CheckRequest, inputs: KubeObject, oldInputs: KubeObject): KubeObject {
  if (Object.keys(oldInputs).length > 0) return withOldAutoname(inputs, oldInputs);
  return withAutoname(inputs, request.urn, request.randomSeed, request.autonaming);
}

function assertPatchable(inputs: KubeObject, { serverSideApply }: CheckOptions["settings"]): void {
  if (!serverSideApply) {
    throw new Error(
      "patch resources require Server-Side Apply mode, which is enabled using the " +
        "`enableServerSideApply` Provider config",
    );
  }
  if (nameOf(inputs) === "" && fieldAt(inputs, "metadata", "name") === undefined) {
    throw new Error("patch resources require the `.metadata.name` field to be set");
  }
}

/** The kind of the object, of which a patch has no own. */
function kindOfPatched(urn: string, inputs: KubeObject): Kind {
  const kind = kindOfUrn(urn);
  return isPatch(urn, kindOf(inputs)) ? { ...kind, kind: kindOf(inputs) } : kind;
}
