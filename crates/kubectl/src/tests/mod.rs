//! Whole command lines against a true API server. Expected texts are those of kubectl v1.36.3.
#![allow(clippy::unwrap_used)]

mod files;
mod lines;
mod objects;
mod reading;
mod running;
mod server_side;

use serde_json::json;

use crate::testing::ServerWorld;

const SERVICE: &str = "apiVersion: v1
kind: Service
metadata:
  name: nginx
  labels: {app: nginx}
spec:
  clusterIP: None
  selector: {app: nginx}
  ports:
  - port: 80
    name: web
";

const SET: &str = "apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: web
spec:
  serviceName: nginx
  replicas: 1
  selector:
    matchLabels: {app: nginx}
  template:
    metadata:
      labels: {app: nginx}
    spec:
      terminationGracePeriodSeconds: 10
      containers:
      - name: nginx
        image: nginx:1.7.9
        ports:
        - containerPort: 80
          name: web
";

/// A cluster in which [`SERVICE`] and [`SET`] were applied, with two running Pods as a controller makes
/// them.
fn world() -> ServerWorld {
    let mut world = ServerWorld::default();
    let applied = world.run("kubectl apply -f -", Some(&format!("{SERVICE}---\n{SET}")));
    let said = "service/nginx created\nstatefulset.apps/web created\n";
    assert_eq!(applied, (0, said.to_owned(), String::new()));
    for name in ["web-0", "web-1"] {
        let pod = format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: nginx}}}}\nspec: {{containers: [{{name: nginx, image: 'nginx:1.7.9'}}]}}\n"
        );
        assert_eq!(world.run("kubectl create -f -", Some(&pod)).0, 0);
        let status = json!({
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": "True"}],
            "containerStatuses": [{"name": "nginx", "ready": true, "restartCount": 0, "image": "nginx:1.7.9",
                "imageID": "", "state": {"running": {"startedAt": "2026-11-22T02:11:40Z"}}}],
        });
        world.set_status(api::Kind::Pod, name, status);
    }
    world
}
