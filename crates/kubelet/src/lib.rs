//! The kubelet: containers, probes, volumes, termination.
