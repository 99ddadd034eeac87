//! Rollouts against the recorded texts of kubectl v1.36.3.

use api::Kind;
use apimachinery::value::{remove_at, set_at};
use apiserver::{Patch, Verb};
use serde_json::json;

use crate::command::Poll;
use crate::testing::FakeWorld;

const OBJECTS: &str = r#"
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
  namespace: default
  uid: set
  generation: 2
  annotations: {kubectl.kubernetes.io/last-applied-configuration: "{}"}
spec:
  replicas: 2
  selector: {matchLabels: {app: nginx}}
  updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 0}}
  template: {metadata: {labels: {app: nginx}}, spec: {containers: [{name: nginx, image: "nginx:2"}]}}
status:
  observedGeneration: 2
  replicas: 2
  readyReplicas: 2
  updatedReplicas: 0
  currentReplicas: 2
  currentRevision: web-1
  updateRevision: web-2
---
apiVersion: apps/v1
kind: ControllerRevision
metadata:
  name: web-a
  namespace: default
  labels: {app: nginx}
  annotations: {kubernetes.io/change-cause: first}
  ownerReferences: [{apiVersion: apps/v1, controller: true, kind: StatefulSet, name: web, uid: set}]
revision: 1
data:
  spec:
    template:
      $patch: replace
      metadata: {labels: {app: nginx}}
      spec: {containers: [{name: nginx, image: "nginx:1"}]}
---
apiVersion: apps/v1
kind: ControllerRevision
metadata:
  name: web-b
  namespace: default
  labels: {app: nginx}
  ownerReferences: [{apiVersion: apps/v1, controller: true, kind: StatefulSet, name: web, uid: set}]
revision: 2
data:
  spec:
    template:
      $patch: replace
      metadata: {labels: {app: nginx}}
      spec:
        containers:
        - name: nginx
          image: nginx:2
"#;

const WARNING: &str = "Warning: resource statefulsets/web was previously managed with 'kubectl apply'. Rolling back will not update the kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n";

fn world() -> FakeWorld {
    FakeWorld::new("2026-11-22T02:12:14Z", OBJECTS)
}

fn run(line: &str) -> (i32, String, String) {
    world().run(&format!("kubectl rollout {line}"))
}

fn fails(line: &str, message: &str) {
    assert_eq!(run(line), (1, String::new(), message.to_owned()), "{line}");
}

#[test]
fn status_has_a_line_for_each_version() {
    let mut world = world();
    let mut command = crate::start("kubectl rollout status sts/web", None);
    let first = "Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...\n";
    assert_eq!(world.poll(command.as_mut()), (Poll::Pending, first.to_owned(), String::new()));
    for (ready, updated) in [(1, 0), (1, 1), (2, 1), (1, 1), (1, 2), (2, 2)] {
        world.change(Kind::StatefulSet, "web", |set| {
            set_at(set.status_mut(), &["readyReplicas"], ready.into());
            set_at(set.status_mut(), &["updatedReplicas"], updated.into());
        });
    }
    let rest = "Waiting for 1 pods to be ready...
Waiting for 1 pods to be ready...
Waiting for partitioned roll out to finish: 1 out of 2 new pods have been updated...
Waiting for 1 pods to be ready...
Waiting for 1 pods to be ready...
partitioned roll out complete: 2 new pods have been updated...
";
    assert_eq!(world.poll(command.as_mut()), (Poll::Exited(0), rest.to_owned(), String::new()));
}

#[test]
fn status_ends_with_the_time_the_object_or_at_once() {
    let mut late = world();
    let mut command = crate::start("kubectl rollout status sts/web --timeout=2s", None);
    assert_eq!(late.poll(command.as_mut()).0, Poll::Pending);
    late.now = late.now + std::time::Duration::from_secs(2);
    let timed_out = "error: timed out waiting for the condition\n".to_owned();
    assert_eq!(late.poll(command.as_mut()), (Poll::Exited(1), String::new(), timed_out));
    let mut gone = world();
    let mut command = crate::start("kubectl rollout status sts/web", None);
    assert_eq!(gone.poll(command.as_mut()).0, Poll::Pending);
    gone.remove(Kind::StatefulSet, "web");
    let deleted = "error: object has been deleted\n".to_owned();
    assert_eq!(gone.poll(command.as_mut()), (Poll::Exited(1), String::new(), deleted));
    let (code, out, _) = run("status sts/web --watch=false");
    assert_eq!(code, 0);
    assert_eq!(out, "Waiting for partitioned roll out to finish: 0 out of 2 new pods have been updated...\n");
}

#[test]
fn status_of_other_strategies() {
    let mut world = world();
    world.change(Kind::StatefulSet, "web", |set| {
        remove_at(set.spec_mut(), &["updateStrategy", "rollingUpdate"]);
        set_at(set.status_mut(), &["currentRevision"], "web-7694b45654".into());
        set_at(set.status_mut(), &["updateRevision"], "web-7694b45654".into());
    });
    let done = "statefulset rolling update complete 2 pods at revision web-7694b45654...\n".to_owned();
    assert_eq!(world.run("kubectl rollout status sts web"), (0, done, String::new()));
    world.change(Kind::StatefulSet, "web", |set| {
        set_at(set.spec_mut(), &["updateStrategy"], json!({"type": "OnDelete"}));
    });
    let refused = "error: rollout status is only available for RollingUpdate strategy type\n".to_owned();
    assert_eq!(world.run("kubectl rollout status sts web"), (1, String::new(), refused));
}

#[test]
fn what_cannot_be_done() {
    fails("status", "error: required resource not specified\n");
    fails("status deploy/web", "Error from server (NotFound): deployments.apps \"web\" not found\n");
    fails("restart deploy/web", "Error from server (NotFound): deployments.apps \"web\" not found\n");
    fails("pause sts/web", "error: statefulsets.apps \"web\" pausing is not supported\n");
    fails("resume sts/web", "error: statefulsets.apps \"web\" resuming is not supported\n");
    fails("history sts/web --revision=9", "error: unable to find the specified revision\n");
}

#[test]
fn history_and_one_revision() {
    let (code, out, _) = run("history sts/web");
    assert_eq!(code, 0);
    assert_eq!(out, "statefulset.apps/web \nREVISION  CHANGE-CAUSE\n1         first\n2         <none>\n\n");
    let (_, out, _) = run("history sts/web --revision=2");
    let shown = "statefulset.apps/web with revision #2
Pod Template:
  Labels:\tapp=nginx
  Containers:
   nginx:
    Image:\tnginx:2
    Port:\t<none>
    Host Port:\t<none>
    Environment:\t<none>
    Mounts:\t<none>
  Volumes:\t<none>
  Node-Selectors:\t<none>
  Tolerations:\t<none>

";
    assert_eq!(out, shown);
    let (_, out, _) = run("history sts web -o name");
    assert_eq!(out, "statefulset.apps/web\nstatefulset.apps/web\n");
}

#[test]
fn undo_goes_to_the_second_highest_revision() {
    let mut world = world();
    let rolled_back = (0, "statefulset.apps/web rolled back\n".to_owned(), WARNING.to_owned());
    assert_eq!(world.run("kubectl rollout undo sts/web"), rolled_back);
    let Some(Verb::Patch(Patch::StrategicMerge(patch), ..)) = world.writes.last().map(|r| &r.verb) else {
        panic!("{:?}", world.writes);
    };
    let first = world.objects.iter().find(|o| o.metadata.name == "web-a").map(|o| o.field("data").clone());
    assert_eq!(Some(patch), first.as_ref());
    let skipped = "statefulset.apps/web skipped rollback (current template already matches revision 2)\n";
    assert_eq!(run("undo sts/web --to-revision=2"), (0, skipped.to_owned(), WARNING.to_owned()));
    let unknown = format!("{WARNING}error: unable to find specified revision 99 in history\n");
    assert_eq!(run("undo sts/web --to-revision=99"), (1, String::new(), unknown));
    world.remove(Kind::ControllerRevision, "web-a");
    let none = format!("{WARNING}error: no last revision to roll back to\n");
    assert_eq!(world.run("kubectl rollout undo sts/web"), (1, String::new(), none));
}

#[test]
fn restart_once_a_second() {
    let mut world = world();
    let done = (0, "statefulset.apps/web restarted\n".to_owned(), String::new());
    assert_eq!(world.run("kubectl rollout restart sts/web"), done);
    world.change(Kind::StatefulSet, "web", |set| {
        let at = ["template", "metadata", "annotations", "kubectl.kubernetes.io/restartedAt"];
        set_at(set.spec_mut(), &at, "2026-11-22T02:12:14Z".into());
    });
    let refused = "error: failed to create patch for web: if restart has already been triggered within the past second, please wait before attempting to trigger another\n";
    assert_eq!(world.run("kubectl rollout restart sts/web"), (1, String::new(), refused.to_owned()));
}
