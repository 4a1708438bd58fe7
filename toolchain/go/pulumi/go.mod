// Names what the Pulumi CLI is built from where its official archive cannot be had; go.sum pins the
// bytes. The replacement is the CLI's own.
module updraft.dev/toolchain/pulumi

go 1.25.11

require (
	github.com/pulumi/pulumi/pkg/v3 v3.256.0
	github.com/pulumi/pulumi/sdk/v3 v3.256.0
)

replace github.com/atotto/clipboard => github.com/tgummerer/clipboard v0.0.0-20241001131231-d02d263e614e
