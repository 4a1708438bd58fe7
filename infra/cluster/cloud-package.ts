import { createRequire } from "node:module";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type * as Aws from "@pulumi/aws";
import type * as AzureAuthorization from "@pulumi/azure-native/authorization/index.js";
import type * as AzureContainerService from "@pulumi/azure-native/containerservice/index.js";
import type * as AzureProvider from "@pulumi/azure-native/provider.js";
import type * as AzureResources from "@pulumi/azure-native/resources/index.js";
import type * as Gcp from "@pulumi/gcp";
import { checkout } from "../checkout.ts";

/** What is loaded of the clouds' SDKs, by the name it is loaded by. */
export interface CloudPackages {
  readonly "@pulumi/aws": typeof Aws;
  readonly "@pulumi/gcp": typeof Gcp;
  readonly "@pulumi/azure-native/authorization/index.js": typeof AzureAuthorization;
  readonly "@pulumi/azure-native/containerservice/index.js": typeof AzureContainerService;
  readonly "@pulumi/azure-native/provider.js": typeof AzureProvider;
  readonly "@pulumi/azure-native/resources/index.js": typeof AzureResources;
}

/**
 * Where the toolchain installs them: not beside this file, since Pulumi takes every SDK below a
 * program's folder for a plugin that it has to download, and `infra` is such a folder.
 */
const installedIn = join(checkout, ".updraft/cluster-packages/package.json");

/**
 * Loads a part of a cloud's SDK; nothing else is looked at.
 * @throws if the SDKs are not installed
 */
export function cloudPackage<Name extends keyof CloudPackages>(name: Name): CloudPackages[Name] {
  try {
    return createRequire(installedIn)(name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND")) {
      throw error;
    }
    throw new pulumi.RunError(
      `the clouds' SDKs are not installed, ${name} for one; run npm run infra:cluster -- <pulumi args> in place of pulumi, or npm run infra:cluster once`,
    );
  }
}
