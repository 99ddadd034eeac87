//! What is missing, told and mended.

use std::time::Duration;

use apimachinery::Lang;

use Standing::{Assumed, Blocks, WillBlock};

use super::*;
use crate::{Session, first_laboratory};

/// A set as in the design: no class, no ConfigMap, an image that nobody knows, no Service.
const KV: &str = "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: kv}\nspec:\n  serviceName: kv\n  \
    replicas: 2\n  selector: {matchLabels: {app: kv}}\n  template:\n    metadata: {labels: {app: kv}}\n    spec:\n      \
    containers:\n      - name: kv\n        image: mycorp/kv:1.4\n        envFrom:\n        - configMapRef: {name: kv-conf}\n  \
    volumeClaimTemplates:\n  - metadata: {name: data}\n    spec:\n      accessModes: [ReadWriteOnce]\n      \
    resources: {requests: {storage: 1Gi}}\n";

fn session() -> Session {
    let mut session = Session::new(first_laboratory(), None);
    session.apply_text("kv.yaml", KV);
    session.play(Duration::from_secs(20));
    session
}

fn told(session: &Session) -> Vec<(Lack, Standing, String)> {
    let tell = |one: Missing| (one.lack, one.standing, one.consequence(Lang::En));
    missing(session.cluster()).into_iter().map(tell).collect()
}

/// Takes the first remedy of what stands first, and lets time pass.
fn mend_first(session: &mut Session) {
    let first = missing(session.cluster()).remove(0);
    match first.fixes.into_iter().next().expect("a remedy") {
        Fix::Make(name, text) => session.apply_text(&name, &text),
        Fix::TakeAsServer(fault, text) => session.fault(fault, &text).expect("it can happen"),
        other @ (Fix::MarkOptional | Fix::UseImage(_) | Fix::Look(_)) => panic!("{other:?}"),
    }
    assert_eq!(session.terminal().last_exit(), 0, "{:?}", session.terminal().screen().last());
    session.play(Duration::from_secs(60));
}

#[test]
fn what_blocks_comes_first_and_each_remedy_leads_to_the_next_lack_until_all_pods_run() {
    let mut session = session();
    let said = |lack, standing, text: &str| (lack, standing, text.to_owned());
    let class = "data-kv-0 names no class either, so nobody makes its volume.";
    assert_eq!(
        told(&session),
        [
            said(Lack::DefaultClass, Blocks, class),
            said(Lack::Image, WillBlock, "kv-0 will stop there next."),
            said(Lack::ConfigMap, WillBlock, "kv-0 will stop there next."),
            said(Lack::Service, WillBlock, "The Pods of kv have no DNS names."),
        ]
    );
    mend_first(&mut session);
    assert_eq!(told(&session)[0], said(Lack::Image, Blocks, "kv-0 cannot pull it."));
    mend_first(&mut session);
    assert_eq!(told(&session)[0], said(Lack::ConfigMap, Blocks, "kv-0 stops there."));
    mend_first(&mut session);
    assert_eq!(told(&session)[0].0, Lack::Service, "it holds nobody up");
    session.play(Duration::from_secs(300));
    let pods = session.cluster().store().list(Kind::Pod, "default");
    assert_eq!(pods.filter(|pod| Pod(pod).is_running_and_ready()).count(), 2);
    mend_first(&mut session);
    let left = told(&session);
    assert!(matches!(left.as_slice(), [(Lack::Image, Assumed, _)]), "{left:?}");
}

#[test]
fn accounts_priorities_claims_secrets_and_old_images_are_told_with_their_remedies() {
    let mut session = Session::new(crate::laboratory(), None);
    session.command("kubectl create namespace other");
    session.play(Duration::from_secs(1)); // until it has its account
    let pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: other}\nspec:\n  containers:\n  - name: a\n    image: \
        nginx:1.99\n    env:\n    - {name: A, valueFrom: {secretKeyRef: {name: keys, key: one}}}\n    - {name: B, \
        valueFrom: {configMapKeyRef: {name: maybe, key: x, optional: true}}}\n  volumes:\n  - name: v\n    \
        persistentVolumeClaim: {claimName: data}\n";
    session.apply_text("a.yaml", pod);
    assert_eq!(session.terminal().last_exit(), 0, "{:?}", session.terminal().screen().last());
    session.play(Duration::from_secs(5));
    let lacks: Vec<Lack> = missing(session.cluster()).iter().map(|one| one.lack).collect();
    assert_eq!(lacks, [Lack::Claim, Lack::Image, Lack::Secret]);
    mend_first(&mut session);
    let image = missing(session.cluster()).remove(0);
    assert_eq!((image.lack, &image.fixes[0]), (Lack::Image, &Fix::UseImage("nginx:1.29".to_owned())));
    let secret = missing(session.cluster()).remove(1);
    let Fix::Make(name, text) = &secret.fixes[0] else { panic!("{secret:?}") };
    assert!(text.contains("namespace: other\n") && text.contains("  one: \"\""), "{text}");
    session.apply_text(name, text);
    assert_eq!(session.terminal().last_exit(), 0);
    session.apply_text("a.yaml", &pod.replace("1.99", "1.29"));
    session.play(Duration::from_secs(60));
    assert_eq!(missing(session.cluster()), []);

    let set = KV.replace(
        "      containers",
        "      serviceAccountName: robot\n      priorityClassName: high\n      containers",
    );
    session.apply_text("kv.yaml", &set);
    session.play(Duration::from_secs(5));
    let blocks = missing(session.cluster()).into_iter().filter(|one| one.standing == Blocks);
    let blocks: Vec<Lack> = blocks.map(|one| one.lack).collect();
    assert_eq!(blocks, [Lack::ServiceAccount, Lack::PriorityClass]);
    mend_first(&mut session);
    mend_first(&mut session);
    let pods = session.cluster().store().list(Kind::Pod, "default").count();
    assert_eq!(pods, 1, "now kv-0 can be created");
}
