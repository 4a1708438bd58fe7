import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ReleasePlan, RunArgs } from "../../platform.ts";
import type { KubernetesTarget } from "../kubernetes-target.ts";
import type { EgressRule } from "../network-policy.ts";
import {
  trainerNetworkPolicy,
  trainerRole,
  trainerRoleBinding,
  trainerServiceAccount,
} from "./trainer-access.ts";

export interface TrainerRightsArgs extends Pick<
  RunArgs<KubernetesTarget, ReleasePlan>,
  "environment" | "store" | "tracker" | "settings"
> {
  /** Whom it may call beside the stack's store and tracker. */
  readonly egress: pulumi.Input<readonly EgressRule[]>;
}

/**
 * What the trainer may do in the namespace, and whom it may call. There is one trainer, whatever
 * it is to do: a stack that promotes where it has trained before keeps these objects, under the
 * same URNs, and takes nothing from a Job that still runs.
 */
export class TrainerRights extends pulumi.ComponentResource {
  readonly objects: readonly pulumi.Resource[];

  constructor(name: string, args: TrainerRightsArgs) {
    const { environment, store } = args;
    // Not the parent's who runs the trainer, of which there is another one at times.
    super("updraft:platform:TrainerRights", name, {}, { parent: environment });
    const options = { ...environment.objectOptions(this), aliases: [ofTraining] };
    const account = new k8s.core.v1.ServiceAccount(
      "training-account",
      trainerServiceAccount(environment, store.access.trainer.serviceAccountAnnotations),
      options,
    );
    const role = new k8s.rbac.v1.Role("training-role", trainerRole(environment), options);
    const binding = new k8s.rbac.v1.RoleBinding(
      "training-role-binding",
      trainerRoleBinding(environment),
      { ...options, dependsOn: [role, account] },
    );
    const policy = new k8s.networking.v1.NetworkPolicy(
      "training-policy",
      networkPolicyOf(args),
      options,
    );
    this.objects = [account, role, binding, policy];
    this.registerOutputs({});
  }
}

/** Where the objects were while only trainings had them. */
const ofTraining: pulumi.Alias = {
  parent: pulumi.createUrn("training", "updraft:platform:Training"),
};

function networkPolicyOf({ environment, store, tracker, settings, egress }: TrainerRightsArgs) {
  const { metadata, spec } = trainerNetworkPolicy(environment, {
    egress: [...store.access.trainer.egress, ...tracker.access.egress],
    apiServer: environment.facts.apiServer,
    internet: settings.internet,
  });
  const rules = pulumi.all([spec.egress, egress]).apply(([own = [], more]) => [...own, ...more]);
  return { metadata, spec: { ...spec, egress: rules } };
}
