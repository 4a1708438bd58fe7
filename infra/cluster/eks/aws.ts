import { cloudPackage } from "../cloud-package.ts";

/** AWS' SDK, loaded with the first file of this folder that needs it. */
export const aws = cloudPackage("@pulumi/aws");
