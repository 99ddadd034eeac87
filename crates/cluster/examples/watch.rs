use std::time::Duration;
use ::cluster::{Cluster,Config,StepLog,Input,What};
use apiserver::*;
use api::*;
use serde_json::json;
fn main() {
    let mut config = Config::default();
    config.objects = vec![json!({"apiVersion":"storage.k8s.io/v1","kind":"StorageClass","metadata":{"name":"my-storage-class"},"provisioner":"rancher.io/local-path","volumeBindingMode": std::env::args().nth(1).unwrap_or("Immediate".into())})];
    let mut c = Cluster::new(config);
    let mut log = StepLog::default();
    let sts = json!({"apiVersion":"apps/v1","kind":"StatefulSet","metadata":{"name":"web","namespace":"default"},"spec":{"selector":{"matchLabels":{"app":"nginx"}},"serviceName":"nginx","replicas":3,"template":{"metadata":{"labels":{"app":"nginx"}},"spec":{"terminationGracePeriodSeconds":10,"containers":[{"name":"nginx","image":"nginx:1.7.9","ports":[{"containerPort":80,"name":"web"}],"volumeMounts":[{"name":"www","mountPath":"/usr/share/nginx/html"}]}]}},"volumeClaimTemplates":[{"metadata":{"name":"www"},"spec":{"accessModes":["ReadWriteOnce"],"storageClassName":"my-storage-class","resources":{"requests":{"storage":"1Gi"}}}}]}});
    let svc = json!({"apiVersion":"v1","kind":"Service","metadata":{"name":"nginx","namespace":"default"},"spec":{"clusterIP":"None","selector":{"app":"nginx"},"ports":[{"port":80,"name":"web"}]}});
    for (k, m) in [(Kind::Service, svc), (Kind::StatefulSet, sts)] {
        let o = Object::from_value(k, m.clone());
        let r = Request { actor: Actor::user(), key: o.key(), verb: Verb::Create(Body::Untyped(m), WriteOptions::default()) };
        let a = c.submit(&Input::Request(Box::new(r)), &mut log);
        println!("{:?}", a.unwrap().map(|_| ()));
    }
    c.advance(Duration::from_secs(40), &mut log);
    for r in &log.records {
        let t = r.at.micros_since(c.origin()) as f64 / 1e6;
        match &r.what {
            What::Requested { verb, key, part, result, .. } => {
                if key.kind == Kind::Lease { continue; }
                let extra = match result { Ok(Some(o)) if key.kind == Kind::Event => format!("{} {} {}", o.field("reason"), o.field("message"), o.field("count")), Ok(Some(o)) if key.kind==Kind::Pod => format!("{} {}", o.status(), ""), Ok(_) => String::new(), Err(s) => format!("ERR {}", s.message) };
                println!("{t:8.3} {} {verb} {key} {part} {}", r.actor, extra.chars().take(300).collect::<String>());
            }
            What::Decided { key, reason } => println!("{t:8.3} {} DECIDED {key} {}", r.actor, reason.sentence(apimachinery::Lang::En)),
            What::Failed { key, message } => println!("{t:8.3} {} FAILED {key} {message}", r.actor),
            What::Fault(f) => println!("{t:8.3} {f:?}"),
        }
    }
}
