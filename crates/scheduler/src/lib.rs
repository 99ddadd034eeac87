//! kube-scheduler: which node, or why none.
