//! Seeds: real texts, by what reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use serde_json::Value;
use session::{Session, examples};

use crate::target::Target;

/// Texts to begin with.
pub type Corpus = BTreeMap<Target, Vec<String>>;

const TEMPLATES: &[&str] = &[
    "{{range .items}}{{.metadata.name}}{{\"\\n\"}}{{end}}",
    "{{range $i, $c := .items}}{{$i}}={{$c.metadata.name | printf \"%-20s\"}}{{else}}none{{end}}",
    "{{with index .items 0}}{{if .spec}}{{len .spec}}{{end}}{{end}}",
    "{{- /* c */ -}} {{ $x := .kind }}{{ $x = print $x $x }}{{ and 1 (not $x) }} {{ base64decode \"YQ==\" }}",
];
const PATHS: &[&str] = &[
    "{range .items[*]}{.metadata.name}{\"\\t\"}{.status.phase}{\"\\n\"}{end}",
    "{.items[?(@.metadata.name==\"web-0\")].spec.containers[*].image}",
    "{..name}{.items[-1:].metadata.labels.app\\.kubernetes\\.io/name}",
    "{.items[0,1,2]['metadata.name','kind']}{.items[::2]}",
];
const PATCHES: &[&str] = &[
    "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":2},{\"op\":\"copy\",\"from\":\"/metadata\",\"path\":\"/spec/x\"}]",
    "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"nginx\",\"image\":\"nginx:1.9.1\"}]}}}}",
    "{\"spec\":{\"template\":{\"spec\":{\"$setElementOrder/containers\":[{\"name\":\"a\"}],\"containers\":[{\"$patch\":\"delete\",\"name\":\"a\"}]}}}}",
    "{\"metadata\":{\"labels\":{\"a\":null,\"b\":\"c\"},\"$retainKeys\":[\"labels\"]}}",
];
const LINES: &[&str] = &[
    "for a in 1 2; do for b in 3 4; do echo $a$b; done; done",
    "for i in 0 1; do kubectl exec web-$i -- sh -c 'echo $(hostname) > /data/f; cat /data/f'; done",
    "kubectl get pods -o wide | grep -v 'web-[0-9]*$' | sort | head -n 3 > f; cat f f >> g; cat g",
    "kubectl get pods -l 'app in (nginx, web),!x,a!=b' --field-selector status.phase!=Running,metadata.name=web-0",
    "kubectl get pods -o custom-columns=NAME:.metadata.name,IMAGE:.spec.containers[*].image --sort-by=.metadata.name",
    "kubectl scale sts web --replicas=5 && kubectl rollout status sts/web --timeout=3s || echo failed",
    "kubectl set env sts/web A=b C- && kubectl set resources sts web --limits=cpu=200m,memory=512Mi",
    "kubectl run box --image=busybox --restart=Never --rm -it --command -- sh -c 'sleep 1'",
    "kubectl create token default --duration=10m; kubectl wait --for=jsonpath='{.status.phase}'=Running pod/web-0",
    "kubectl taint nodes node-1 a=b:NoSchedule; kubectl drain node-2 --ignore-daemonsets --force --grace-period=0",
    "kubectl exec web-0 -- sh -c 'A=x; A=$A$A; echo ${A} | grep x && nslookup nginx; exit 3'",
    "kubectl describe pod web-0; kubectl logs web-0 --tail=3 --since=1h; kubectl explain sts.spec.template --recursive",
];
const WORDS: &[&str] = &[
    "app in (nginx, web), tier notin (a),!x, a=b,c!=d",
    "metadata.name=web-0,status.phase!=Running",
    "1.5Gi",
    "-12345678901234567890e18",
    "0.000000001n",
    "2562047h47m16.854775807s",
];

/// Collects seeds from a checkout of the repository.
pub fn collect(repository: &Path) -> Corpus {
    let mut found: BTreeMap<Target, BTreeSet<String>> = BTreeMap::new();
    let mut add = |target: Target, text: &str| {
        if !text.is_empty() {
            found.entry(target).or_default().insert(text.to_owned());
        }
    };
    let own = [
        (Target::Template, TEMPLATES),
        (Target::JsonPath, PATHS),
        (Target::Patch, PATCHES),
        (Target::Line, LINES),
        (Target::Words, WORDS),
    ];
    for (target, texts) in own {
        for text in texts {
            add(target, text);
        }
    }
    for example in examples::EXAMPLES {
        for (_, text) in example.files {
            add(Target::Yaml, text);
        }
    }
    let recordings = fs::read_dir(repository.join("tests/conformance/recordings")).into_iter().flatten();
    let mut paths: Vec<_> = recordings.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let value: Value = fs::read_to_string(&path)
            .ok()
            .and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default();
        for step in value.get("steps").and_then(Value::as_array).into_iter().flatten() {
            let said = |verb: &str| step.get("do").and_then(|act| act.get(verb)).and_then(Value::as_str);
            add(Target::Yaml, said("apply").unwrap_or_default());
            add(Target::Yaml, said("create").unwrap_or_default());
            if let Some(line) = said("kubectl") {
                add(Target::Line, &format!("kubectl {line}"));
            }
        }
    }
    let mut session = Session::default();
    session.command("kubectl create configmap a --from-literal=b=c");
    session.play(std::time::Duration::from_secs(3));
    add(Target::Link, &session.script().to_text());
    found.into_iter().map(|(target, texts)| (target, texts.into_iter().collect())).collect()
}
