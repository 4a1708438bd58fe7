// Names what MinIO's command line client is built from; go.sum pins the bytes.
module updraft.dev/toolchain/mc

go 1.23.6

require github.com/minio/mc v0.0.0-20250313080218-cf909e1063a9
