// Names what the metrics server of the test cluster is built from; go.sum pins the bytes.
module updraft.dev/toolchain/metrics-server

go 1.26.4

require sigs.k8s.io/metrics-server v0.9.0
