import { cloudPackage } from "../cloud-package.ts";

/** Google's SDK, loaded with the first file of this folder that needs it. */
export const gcp = cloudPackage("@pulumi/gcp");
