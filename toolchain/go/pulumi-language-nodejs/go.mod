// Names what the Node language host is built from where Pulumi's official archive cannot be had: the
// last version of the SDK's module that holds it.
module updraft.dev/toolchain/pulumi-language-nodejs

go 1.25

require github.com/pulumi/pulumi/sdk/v3 v3.60.0
