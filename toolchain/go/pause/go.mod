// What holds the network of a pod open in the test cluster.
module updraft.dev/toolchain/pause

go 1.21.0
