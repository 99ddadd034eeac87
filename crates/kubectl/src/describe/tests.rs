//! Descriptions against the recorded texts of kubectl v1.36.3 over an API server v1.36.3.

use crate::testing::{FakeWorld, squeezed};

/// A set with its Pod, claim, Service and revision, as in the recording.
const OBJECTS: &str = include_str!("tests.yaml");

fn describe(line: &str) -> String {
    let (code, out, err) =
        FakeWorld::new("2026-11-22T02:12:14Z", OBJECTS).run(&format!("kubectl describe {line}"));
    assert_eq!((code, err.as_str()), (0, ""), "{line}");
    out
}

#[test]
fn statefulset() {
    let text = describe("sts web");
    assert_eq!(
        squeezed(&text),
        "Name:  web
Namespace:  default
CreationTimestamp:  Sun, 22 Nov 2026 02:11:40 +0000
Selector:  app=nginx
Labels:  <none>
Annotations:  <none>
Replicas:  1 desired | 1 total
Update Strategy:  RollingUpdate
  Partition:  0
Pods Status:  1 Running / 0 Waiting / 0 Succeeded / 0 Failed
Pod Template:
  Labels:  app=nginx
  Containers:
   nginx:
    Image:  nginx:1.7.9
    Port:  80/TCP (web)
    Host Port:  0/TCP (web)
    Environment:  <none>
    Mounts:
      /data/www from www (rw)
  Volumes:  <none>
  Node-Selectors:  <none>
  Tolerations:  <none>
Volume Claims:
  Name:  www
  StorageClass:  standard
  Labels:  <none>
  Annotations:  <none>
  Capacity:  1Gi
  Access Modes:  [ReadWriteOnce]
Events:
  Type  Reason  Age  From  Message
  ----  ------  ----  ----  -------
  Normal  SuccessfulCreate  34s  statefulset-controller  Create Claim www-web-0 Pod web-0 in StatefulSet web success
"
    );
    assert!(text.starts_with("Name:               web\nNamespace:          default\n"), "{text}");
}

/// A Pod as recorded, blanks between columns squeezed.
const POD: &str = "Name:  web-0
Namespace:  default
Priority:  0
Service Account:  default
Node:  node-1/192.168.0.1
Start Time:  Sun, 22 Nov 2026 02:11:42 +0000
Labels:  app=nginx
                  apps.kubernetes.io/pod-index=0
                  controller-revision-hash=web-85c78b4897
                  statefulset.kubernetes.io/pod-name=web-0
Annotations:  <none>
Status:  Running
IP:  10.244.1.5
IPs:
  IP:  10.244.1.5
Controlled By:  StatefulSet/web
Containers:
  nginx:
    Container ID:  \n    Image:  nginx:1.7.9
    Image ID:  \n    Port:  80/TCP (web)
    Host Port:  0/TCP (web)
    State:  Running
      Started:  Sun, 22 Nov 2026 02:11:46 +0000
    Ready:  True
    Restart Count:  0
    Environment:  <none>
    Mounts:
      /data/www from www (rw)
      /var/run/secrets/kubernetes.io/serviceaccount from kube-api-access-xxxxx (ro)
Conditions:
  Type  Status
  PodReadyToStartContainers  True \n  Initialized  True \n  Ready  True \n  ContainersReady  True \n  PodScheduled  True \nVolumes:
  www:
    Type:  PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)
    ClaimName:  www-web-0
    ReadOnly:  false
  kube-api-access-xxxxx:
    Type:  Projected (a volume that contains injected data from multiple sources)
    TokenExpirationSeconds:  3607
    ConfigMapName:  kube-root-ca.crt
    Optional:  false
    DownwardAPI:  true
QoS Class:  BestEffort
Node-Selectors:  <none>
Tolerations:  node.kubernetes.io/not-ready:NoExecute op=Exists for 300s
                             node.kubernetes.io/unreachable:NoExecute op=Exists for 300s
Events:
  Type  Reason  Age  From  Message
  ----  ------  ----  ----  -------
  Normal  Scheduled  32s  default-scheduler  Successfully assigned default/web-0 to node-1
  Warning  Unhealthy  4s (x10 over 28s)  kubelet  spec.containers{nginx}: Readiness probe failed: cat: can't open '/tmp/ok': No such file or directory
";

#[test]
fn pod() {
    let text = describe("pod web-0");
    assert_eq!(squeezed(&text), POD);
    // The alignment of the recording: one block down to `IPs:`, another one after it.
    assert!(
        text.contains("Labels:           app=nginx\n                  apps.kubernetes.io/pod-index=0\n"),
        "{text}"
    );
    assert!(text.contains("IPs:\n  IP:           10.244.1.5\nControlled By:  StatefulSet/web\n"), "{text}");
    assert!(
        text.contains("  Type                        Status\n  PodReadyToStartContainers   True \n"),
        "{text}"
    );
    assert!(text.contains("    State:          Running\n      Started:      Sun, "), "{text}");
    assert!(
        text.contains("Tolerations:                 node.kubernetes.io/not-ready:NoExecute op="),
        "{text}"
    );
}

#[test]
fn claim() {
    assert_eq!(
        squeezed(&describe("pvc www-web-0")),
        "Name:  www-web-0
Namespace:  default
StorageClass:  standard
Status:  Bound
Volume:  pv
Labels:  app=nginx
Annotations:  pv.kubernetes.io/bind-completed: yes
               pv.kubernetes.io/bound-by-controller: yes
               volume.beta.kubernetes.io/storage-provisioner: kubernetes.io/host-path
               volume.kubernetes.io/storage-provisioner: kubernetes.io/host-path
Finalizers:  [kubernetes.io/pvc-protection]
Capacity:  1Gi
Access Modes:  RWO
VolumeMode:  Filesystem
Used By:  web-0
Events:  <none>
"
    );
}

#[test]
fn service() {
    assert_eq!(
        squeezed(&describe("svc nginx")),
        "Name:  nginx
Namespace:  default
Labels:  app=nginx
Annotations:  <none>
Selector:  app=nginx
Type:  ClusterIP
IP Family Policy:  SingleStack
IP Families:  IPv4
IP:  None
IPs:  None
Port:  web  80/TCP
TargetPort:  80/TCP
Endpoints:  10.244.1.5:80
Session Affinity:  None
Internal Traffic Policy:  Cluster
Events:  <none>
"
    );
}

#[test]
fn controller_revision() {
    assert_eq!(
        squeezed(&describe("controllerrevision")),
        "Name:  web-85c78b4897
Namespace:  default
Labels:  app=nginx
              controller.kubernetes.io/hash=85c78b4897
Annotations:  <none>
API Version:  apps/v1
Data:
  Spec:
    Template:
      $patch:  replace
      Metadata:
        Labels:
          App:  nginx
      Spec:
        Containers:
          Image:  nginx:1.7.9
          Name:  nginx
          Ports:
            Container Port:  80
            Name:  web
            Protocol:  TCP
          Resources:
        Dns Policy:  ClusterFirst
Kind:  ControllerRevision
Metadata:
  Creation Timestamp:  2026-11-22T02:11:40Z
  Owner References:
    API Version:  apps/v1
    Block Owner Deletion:  true
    Controller:  true
    Kind:  StatefulSet
    Name:  web
    UID:  set
  Resource Version:  7
  UID:  rev
Revision:  1
Events:  <none>
"
    );
}

#[test]
fn what_is_not_there() {
    let mut world = FakeWorld::new("2026-11-22T02:12:14Z", OBJECTS);
    let missing = "Error from server (NotFound): statefulsets.apps \"nope\" not found\n".to_owned();
    assert_eq!(world.run("kubectl describe sts nope"), (1, String::new(), missing));
    let none = "No resources found in other namespace.\n".to_owned();
    assert_eq!(world.run("kubectl describe pods -n other"), (0, String::new(), none));
    // A name that nothing has stands for what begins with it, without events.
    let (code, out, _) = world.run("kubectl describe pod web");
    assert_eq!(code, 0);
    assert!(out.starts_with("Name:             web-0\n"), "{out}");
    assert!(!out.contains("Events:"), "{out}");
}

#[test]
fn a_pod_that_goes_and_one_that_waits() {
    let mut world = FakeWorld::new("2026-11-22T02:12:14Z", OBJECTS);
    world.change(api::Kind::Pod, "web-0", |pod| {
        pod.metadata.deletion_timestamp = apimachinery::Time::parse_rfc3339("2026-11-22T02:12:24Z");
        pod.metadata.deletion_grace_period_seconds = Some(10);
        apimachinery::value::remove_at(pod.status_mut(), &["podIPs"]);
        apimachinery::value::remove_at(pod.status_mut(), &["podIP"]);
    });
    let (_, out, _) = world.run("kubectl describe pod web-0");
    assert!(
        squeezed(&out).contains(
            "Status:  Terminating (lasts <invalid>)\nTermination Grace Period:  10s\nIP:  \nIPs:  <none>\n"
        ),
        "{out}"
    );
}
