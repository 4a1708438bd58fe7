import type { SourceVariables } from "@updraft/contracts/promotion-source";
import { bucket } from "../../store/policies.ts";
import { storePart, storePort } from "../../store/minio.ts";
import { egressTo, tcp, type EgressRule } from "../../network-policy.ts";

/** A Service by its full name in the DNS of a cluster. */
export interface ServiceAddress {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
}

/** Where the packages of another stack are, and what is called to fetch them. */
export interface SourceAddress {
  /** Of the package: `file:`, `s3:` or `mlflow-artifacts:`. */
  readonly uri: string;
  readonly variables: SourceVariables;
}

/** What is called to fetch a package; nothing for one in a folder. */
export function calledAddress({ uri, variables }: SourceAddress): string | undefined {
  if (uri.startsWith("file:")) return undefined;
  if (uri.startsWith("mlflow-artifacts:")) return variables["MLFLOW_TRACKING_URI"];
  return variables["S3_ENDPOINT_URL"] ?? "https://s3.amazonaws.com";
}

/**
 * The Service that an address names, if it is one of a cluster.
 * @param domain of the cluster's DNS
 */
export function serviceAt(address: string, domain: string): ServiceAddress | undefined {
  const { hostname, port, protocol } = new URL(address);
  const suffix = [`.svc.${domain}`, ".svc"].find((end) => hostname.endsWith(end));
  const [service, namespace, ...more] = hostname.slice(0, -(suffix ?? "").length).split(".");
  if (suffix === undefined || !service || !namespace || more.length > 0) return undefined;
  const usual = protocol === "https:" ? 443 : 80;
  return { service, namespace, port: port === "" ? usual : Number(port) };
}

/** Whether a package is in the MinIO of a stack in this cluster, as far as its address tells. */
export function isStackStore(uri: string, { service, port }: ServiceAddress): boolean {
  return service === storePart.name && port === storePort && uri.startsWith(`s3://${bucket}/`);
}

/** Calls to what has a package. @param domain of the cluster's DNS */
export function egressToSource(source: SourceAddress, domain: string): EgressRule[] {
  const address = calledAddress(source);
  if (address === undefined) return [];
  const found = serviceAt(address, domain);
  if (found === undefined) return [egressTo(address)];
  const { namespace, port } = found;
  const namespaceSelector = { matchLabels: { "kubernetes.io/metadata.name": namespace } };
  if (!isStackStore(source.uri, found)) {
    // The pods of a Service that is not ours have labels and ports of their own.
    return [{ to: [{ namespaceSelector }] }];
  }
  const podSelector = { matchLabels: { "app.kubernetes.io/name": storePart.name } };
  return [{ to: [{ namespaceSelector, podSelector }], ports: [tcp(port)] }];
}
