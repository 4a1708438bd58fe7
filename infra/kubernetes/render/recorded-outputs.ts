import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../config/parse-config.ts";
import { trainingPlan } from "../../training-plan.ts";
import {
  imageDigest,
  placeholderOf,
  releaseConfigMap,
  releasePlaceholder,
  sourcePlaceholder,
} from "./placeholders.ts";

/** What a plugin would add to a resource's inputs, as far as the program reads it. */
export async function recordedOutputs(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Promise<object> {
  if (type.startsWith("random:")) {
    const result = placeholderOf(name);
    return { result, hex: result, base64: result, dec: result };
  }
  switch (type) {
    case "pulumi:pulumi:StackReference":
      return { ...(await sourceOutputs()), secretOutputNames: ["packageAccess"] };
    case "docker:index/image:Image":
      return { repoDigest: `${String(inputs["imageName"])}@${imageDigest(imageOf(name))}` };
    case "kubernetes:core/v1:ConfigMap":
      // Of those that are read there is one: what the trainer leaves.
      return "data" in inputs ? {} : releaseConfigMap(configuration().model.name);
    case "kubernetes:batch/v1:Job":
      return { status: { completionTime: "1970-01-01T00:00:00Z" } };
    case "updraft:local:Task":
      return { release: releasePlaceholder(configuration().model.name) };
    case "updraft:local:Service":
      return { url: `http://${String(inputs["host"])}:${String(inputs["port"])}` };
    default:
      return {};
  }
}

/** The outputs of the stack that is promoted from. */
async function sourceOutputs(): Promise<object> {
  const { model, gate, promotion } = configuration();
  if (promotion === undefined) return {};
  const { approvedDigest, policy } = promotion;
  const source = { model: model.name, approvedDigest };
  // Trained again is what the source's own code and settings say: here those of this checkout.
  const plan = policy === "retrain" ? await trainingPlan({ model, gate }) : undefined;
  return { outputs: { release: sourcePlaceholder(source, plan), packageAccess: {} } };
}

function configuration() {
  return parseConfig(pulumi.getProject(), pulumi.runtime.allConfig());
}

function imageOf(name: string): string {
  return name.slice(name.lastIndexOf("-") + 1);
}
