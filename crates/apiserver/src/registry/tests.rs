//! What the real server answered, step by step, to manifests like these.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::needless_pass_by_value)]

use api::{Key, Kind, Object};
use apimachinery::value::{ValueExt, set_at};
use apimachinery::{Status, Time, gojson, hash};
use serde_json::{Value, json};

use crate::request::{Actor, Answer, Body, Patch, Request, Subresource, Verb, WriteOptions};
use crate::server::ApiServer;

/// A server with the namespace and the service account `default`.
pub(crate) fn server() -> ApiServer {
    let mut server = ApiServer::new(1, Time::default());
    for object in
        [Object::new(Kind::Namespace, "", "default"), Object::new(Kind::ServiceAccount, "default", "default")]
    {
        server.handle(Time::default(), 0, &Request::create(&Actor::user(), object)).unwrap();
    }
    server
}

fn key_of(kind: Kind, manifest: &Value) -> Key {
    Key::new(kind, "default", manifest.str_at(&["metadata", "name"]))
}

/// Creates a manifest.
pub(crate) fn create(server: &mut ApiServer, kind: Kind, manifest: &Value) -> Answer {
    let verb = Verb::Create(Body::Untyped(manifest.clone()), WriteOptions::default());
    let request = Request { actor: Actor::user(), key: key_of(kind, manifest), verb };
    server.handle(Time::default(), 0, &request)
}

/// Replaces what is stored by a manifest.
pub(crate) fn replace(server: &mut ApiServer, kind: Kind, manifest: &Value) -> Answer {
    let verb = Verb::Update(Body::Untyped(manifest.clone()), Subresource::None, WriteOptions::default());
    let request = Request { actor: Actor::user(), key: key_of(kind, manifest), verb };
    server.handle(Time::default(), 0, &request)
}

/// Patches by merging.
pub(crate) fn merge(server: &mut ApiServer, kind: Kind, name: &str, patch: Value) -> Answer {
    let patch = Patch::StrategicMerge(patch);
    let request = Request::patch(&Actor::user(), Key::new(kind, "default", name), patch, Subresource::None);
    server.handle(Time::default(), 0, &request)
}

/// The refusal as kubectl shows it after `is invalid: `, one cause a line.
pub(crate) fn causes(status: &Status) -> Vec<String> {
    status.details.causes.iter().map(|c| format!("{}: {}", c.field, c.message)).collect()
}

fn set() -> Value {
    json!({"apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": {"name": "web"}, "spec": {
        "serviceName": "nginx", "replicas": 1, "selector": {"matchLabels": {"app": "nginx"}},
        "template": {"metadata": {"labels": {"app": "nginx"}}, "spec": {
            "terminationGracePeriodSeconds": 10, "containers": [{
                "name": "nginx", "image": "nginx:1.7.9", "ports": [{"containerPort": 80, "name": "web"}],
                "volumeMounts": [{"name": "www", "mountPath": "/data/www"}]}]}},
        "volumeClaimTemplates": [{"metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"],
            "storageClassName": "standard", "resources": {"requests": {"storage": "1Gi"}}}}]}})
}

fn with(path: &[&str], value: Value) -> Value {
    let mut set = set();
    set_at(&mut set, path, value);
    set
}

const LABEL: &str = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const FIXED: &str = "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";

#[test]
fn a_set_is_refused_in_the_recorded_words() {
    let mut no_selector = set();
    no_selector["spec"].as_object_mut().unwrap().remove("selector");
    let long = "w".repeat(64);
    let cases: Vec<(Value, Vec<String>)> = vec![
        (
            with(&["spec", "updateStrategy"], json!({"type": "OnDelte"})),
            vec![r#"spec.updateStrategy: Invalid value: {"Type":"OnDelte","RollingUpdate":null}: must be 'RollingUpdate' or 'OnDelete'"#.into()],
        ),
        (
            with(&["spec", "updateStrategy"], json!({"type": "RollingUpdate", "rollingUpdate": {"partition": -1}})),
            vec!["spec.updateStrategy.rollingUpdate.partition: Invalid value: -1: must be greater than or equal to 0".into()],
        ),
        (
            no_selector,
            vec![
                "spec.selector: Required value".into(),
                r#"spec.template.metadata.labels: Invalid value: {"app":"nginx"}: `selector` does not match template `labels`"#.into(),
            ],
        ),
        (with(&["metadata", "name"], "Web".into()), vec![format!("metadata.name: Invalid value: \"Web\": {LABEL}")]),
        (
            with(&["metadata", "name"], long.as_str().into()),
            vec![format!("metadata.name: Invalid value: \"{long}\": must be no more than 63 characters")],
        ),
        (
            with(&["spec", "persistentVolumeClaimRetentionPolicy"], json!({"whenDeleted": "Keep"})),
            vec![r#"spec.persistentVolumeClaimRetentionPolicy.whenDeleted: Unsupported value: "Keep": supported values: "Retain", "Delete""#.into()],
        ),
        (
            with(&["spec", "serviceName"], "Nginx".into()),
            vec![format!("spec.serviceName: Invalid value: \"Nginx\": {LABEL}")],
        ),
        (
            with(&["spec", "template", "spec", "containers"], json!([{"name": "nginx", "image": "", "ports": [{"containerPort": 0}]}])),
            vec![
                "spec.template.spec.containers[0].image: Required value".into(),
                "spec.template.spec.containers[0].ports[0].containerPort: Required value".into(),
            ],
        ),
        (
            with(&["spec", "volumeClaimTemplates"], json!([{"metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"]}}])),
            vec!["spec.volumeClaimTemplates[0].spec.resources[storage]: Required value".into()],
        ),
    ];
    for (manifest, expected) in cases {
        let refused = create(&mut server(), Kind::StatefulSet, &manifest).unwrap_err();
        assert_eq!(causes(&refused), expected);
    }
}

#[test]
fn an_update_names_the_new_mistakes_first_and_the_fixed_fields_last() {
    let mut server = server();
    create(&mut server, Kind::StatefulSet, &set()).unwrap();
    let other = with(&["spec", "serviceName"], "other".into());
    assert_eq!(causes(&replace(&mut server, Kind::StatefulSet, &other).unwrap_err()), [FIXED]);
    let mut upper = set();
    upper["spec"]["volumeClaimTemplates"][0]["metadata"]["name"] = "Www".into();
    upper["spec"]["template"]["spec"]["containers"][0]["volumeMounts"][0]["name"] = "Www".into();
    assert_eq!(
        causes(&replace(&mut server, Kind::StatefulSet, &upper).unwrap_err()),
        [
            format!("spec.template.spec.volumes[0].name: Invalid value: \"Www\": {LABEL}"),
            "spec.template.spec.containers[0].volumeMounts[0].name: Not found: \"Www\"".to_owned(),
            FIXED.to_owned(),
        ]
    );
    for (path, value) in [
        (&["spec", "revisionHistoryLimit"][..], json!(3)),
        (&["spec", "minReadySeconds"], json!(1)),
        (&["spec", "ordinals"], json!({"start": 1})),
        (&["spec", "persistentVolumeClaimRetentionPolicy"], json!({"whenDeleted": "Delete"})),
    ] {
        replace(&mut server, Kind::StatefulSet, &with(path, value)).unwrap();
    }
}

#[test]
fn switching_to_on_delete_must_drop_the_rolling_update() {
    let mut server = server();
    create(&mut server, Kind::StatefulSet, &set()).unwrap();
    let patch = json!({"spec": {"updateStrategy": {"type": "OnDelete"}}});
    let refused = merge(&mut server, Kind::StatefulSet, "web", patch).unwrap_err();
    assert_eq!(
        causes(&refused),
        [
            r#"spec.updateStrategy.rollingUpdate: Invalid value: {"Partition":0,"MaxUnavailable":null}: only allowed for updateStrategy 'RollingUpdate'"#
        ]
    );
}

#[test]
fn generation_follows_the_spec_alone() {
    let mut server = server();
    create(&mut server, Kind::StatefulSet, &set()).unwrap();
    let generation = |answer: Answer| answer.unwrap().into_object().unwrap().metadata.generation;
    let labelled = json!({"metadata": {"labels": {"a": "b"}}});
    assert_eq!(generation(merge(&mut server, Kind::StatefulSet, "web", labelled)), 1);
    let scaled = json!({"spec": {"replicas": 3}});
    assert_eq!(generation(merge(&mut server, Kind::StatefulSet, "web", scaled)), 2);
    let dropped = json!({"spec": {"updateStrategy": {"rollingUpdate": {"maxUnavailable": 2}}}});
    assert_eq!(generation(merge(&mut server, Kind::StatefulSet, "web", dropped)), 2);
}

#[test]
fn the_whole_set_is_defaulted_as_recorded() {
    let stored = create(&mut server(), Kind::StatefulSet, &set()).unwrap().into_object().unwrap();
    assert_eq!(
        stored.spec(),
        &json!({"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Retain", "whenScaled": "Retain"},
            "podManagementPolicy": "OrderedReady", "replicas": 1, "revisionHistoryLimit": 10,
            "selector": {"matchLabels": {"app": "nginx"}}, "serviceName": "nginx",
            "template": {"metadata": {"labels": {"app": "nginx"}}, "spec": {
                "containers": [{"image": "nginx:1.7.9", "imagePullPolicy": "IfNotPresent", "name": "nginx",
                    "ports": [{"containerPort": 80, "name": "web", "protocol": "TCP"}], "resources": {},
                    "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File",
                    "volumeMounts": [{"mountPath": "/data/www", "name": "www"}]}],
                "dnsPolicy": "ClusterFirst", "restartPolicy": "Always", "schedulerName": "default-scheduler",
                "securityContext": {}, "terminationGracePeriodSeconds": 10}},
            "updateStrategy": {"rollingUpdate": {"partition": 0}, "type": "RollingUpdate"},
            "volumeClaimTemplates": [{"apiVersion": "v1", "kind": "PersistentVolumeClaim",
                "metadata": {"name": "www"}, "spec": {"accessModes": ["ReadWriteOnce"],
                    "resources": {"requests": {"storage": "1Gi"}}, "storageClassName": "standard",
                    "volumeMode": "Filesystem"}, "status": {"phase": "Pending"}}]})
    );
    assert_eq!(stored.status(), &json!({"availableReplicas": 0, "replicas": 0}));
}

/// The name of the revision that a template gets.
fn revision_of(template_spec: &Value) -> String {
    let manifest = with(&["spec", "template", "spec"], template_spec.clone());
    let mut object = Object::from_value(Kind::StatefulSet, manifest);
    super::defaults(&mut object);
    let mut template = object.spec().at(&["template"]).unwrap().clone();
    set_at(&mut template, &["$patch"], "replace".into());
    let data = gojson::compact(&json!({"spec": {"template": template}}));
    format!("web-{}", hash::controller_revision_hash(data.as_bytes(), None))
}

#[test]
fn revisions_get_the_recorded_names() {
    let container =
        json!({"name": "nginx", "image": "nginx:1.7.9", "ports": [{"containerPort": 80, "name": "web"}]});
    let mut mounted = container.clone();
    set_at(&mut mounted, &["volumeMounts"], json!([{"name": "www", "mountPath": "/data/www"}]));
    let spec = |container: &Value| json!({"terminationGracePeriodSeconds": 10, "containers": [container]});
    let and = |name: &str, value: Value| {
        let mut spec = spec(&container);
        set_at(&mut spec, &[name], value);
        spec
    };
    let term =
        json!({"labelSelector": {"matchLabels": {"app": "nginx"}}, "topologyKey": "kubernetes.io/hostname"});
    for (template, name) in [
        (spec(&container), "web-746d6fcc84"),
        (spec(&mounted), "web-85c78b4897"),
        (and("serviceAccountName", "app".into()), "web-d4665fc4f"),
        (
            and(
                "affinity",
                json!({"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [term]}}),
            ),
            "web-c8999cb76",
        ),
        (
            and(
                "affinity",
                json!({"podAntiAffinity": {"preferredDuringSchedulingIgnoredDuringExecution":
                [{"weight": 1, "podAffinityTerm": term}]}}),
            ),
            "web-854465658",
        ),
    ] {
        assert_eq!(revision_of(&template), name);
    }
}

#[test]
fn a_negative_grace_period_is_accepted_with_a_warning() {
    let manifest = with(&["spec", "template", "spec", "terminationGracePeriodSeconds"], json!(-1));
    let answer = create(&mut server(), Kind::StatefulSet, &manifest).unwrap();
    assert_eq!(
        answer.warnings,
        [
            "spec.template.spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1"
        ]
    );
}

#[test]
fn a_label_that_is_too_long_is_counted_in_bytes() {
    let value = "m".repeat(64);
    let pod = json!({"metadata": {"name": "p", "labels": {"controller-revision-hash": value}},
        "spec": {"containers": [{"name": "c", "image": "i"}]}});
    let refused = create(&mut server(), Kind::Pod, &pod).unwrap_err();
    assert_eq!(
        causes(&refused),
        [format!("metadata.labels: Invalid value: \"{value}\": must be no more than 63 bytes")]
    );
}

#[test]
fn a_service_keeps_its_address_and_names_its_ports() {
    let mut server = server();
    let service = |spec: Value| json!({"metadata": {"name": "nginx"}, "spec": spec});
    let two = service(json!({"ports": [{"port": 80, "name": "web"}, {"port": 81}]}));
    assert_eq!(
        causes(&create(&mut server, Kind::Service, &two).unwrap_err()),
        ["spec.ports[1].name: Required value"]
    );
    let plain = service(json!({"selector": {"app": "nginx"}, "ports": [{"port": 80}]}));
    let stored = create(&mut server, Kind::Service, &plain).unwrap().into_object().unwrap();
    assert!(stored.spec().str_at(&["clusterIP"]).starts_with("10."));
    let headless = json!({"spec": {"clusterIP": "None"}});
    let refused = merge(&mut server, Kind::Service, "nginx", headless).unwrap_err();
    assert_eq!(causes(&refused), [r#"spec.clusterIPs[0]: Invalid value: ["None"]: may not change once set"#]);
    let relabelled = json!({"spec": {"selector": {"app": "other"}}});
    let kept = merge(&mut server, Kind::Service, "nginx", relabelled).unwrap().into_object().unwrap();
    assert_eq!(kept.spec().at(&["clusterIPs"]), stored.spec().at(&["clusterIPs"]));
}

#[test]
fn a_headless_service_is_defaulted_as_recorded() {
    let manifest = json!({"metadata": {"name": "nginx"}, "spec": {"clusterIP": "None",
        "selector": {"app": "nginx"}, "ports": [{"port": 80, "name": "web"}]}});
    let stored = create(&mut server(), Kind::Service, &manifest).unwrap().into_object().unwrap();
    assert_eq!(
        stored.spec(),
        &json!({"clusterIP": "None", "clusterIPs": ["None"], "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack",
            "ports": [{"name": "web", "port": 80, "protocol": "TCP", "targetPort": 80}],
            "selector": {"app": "nginx"}, "sessionAffinity": "None", "type": "ClusterIP"})
    );
    assert_eq!(stored.status(), &json!({"loadBalancer": {}}));
}

#[test]
fn a_pod_tells_what_of_it_may_change() {
    let mut server = server();
    let pod = json!({"metadata": {"name": "p"}, "spec": {"containers": [{"name": "c", "image": "i:1"}]}});
    create(&mut server, Kind::Pod, &pod).unwrap();
    let image = json!({"spec": {"containers": [{"name": "c", "image": "i:2"}]}});
    let changed = merge(&mut server, Kind::Pod, "p", image).unwrap().into_object().unwrap();
    assert_eq!(changed.metadata.generation, 2);
    let refused = merge(&mut server, Kind::Pod, "p", json!({"spec": {"hostname": "x"}})).unwrap_err();
    let [cause] = &causes(&refused)[..] else { panic!("one cause") };
    let (head, diff) = cause.split_once('\n').unwrap();
    assert!(head.starts_with(
        "spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`,"
    ));
    assert!(
        diff.contains("\n-  \"Hostname\": \"\",\n+  \"Hostname\": \"x\",\n")
            || diff.contains("- \"Hostname\": \"\",\n+ \"Hostname\": \"x\",\n"),
        "{diff}"
    );
    let two = json!({"spec": {"containers": [{"name": "d", "image": "i"}]}});
    let refused = merge(&mut server, Kind::Pod, "p", two).unwrap_err();
    assert_eq!(
        causes(&refused),
        ["spec.containers: Forbidden: pod updates may not add or remove containers"]
    );
}

#[test]
fn a_pending_claim_shows_what_differs() {
    let mut server = server();
    let claim = json!({"metadata": {"name": "www-web-0"}, "spec": {"accessModes": ["ReadWriteOnce"],
        "storageClassName": "standard", "resources": {"requests": {"storage": "5Gi"}}}});
    create(&mut server, Kind::PersistentVolumeClaim, &claim).unwrap();
    let smaller = json!({"spec": {"resources": {"requests": {"storage": "1Gi"}}}});
    let refused = merge(&mut server, Kind::PersistentVolumeClaim, "www-web-0", smaller).unwrap_err();
    assert_eq!(
        causes(&refused),
        [
            "spec: Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n@@ -6,7 +6,7 @@\n  \"Resources\": {\n   \"Limits\": null,\n   \"Requests\": {\n-   \"storage\": \"5Gi\"\n+   \"storage\": \"1Gi\"\n   }\n  },\n  \"VolumeName\": \"\",\n"
        ]
    );
}
