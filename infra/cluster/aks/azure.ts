import { cloudPackage } from "../cloud-package.ts";

/** Azure's SDK, loaded with the first file of this folder that needs it; of all of it, these parts. */
export const azure = {
  Provider: cloudPackage("@pulumi/azure-native/provider.js").Provider,
  authorization: cloudPackage("@pulumi/azure-native/authorization/index.js"),
  containerservice: cloudPackage("@pulumi/azure-native/containerservice/index.js"),
  resources: cloudPackage("@pulumi/azure-native/resources/index.js"),
};
