//! The flags of every verb, as a table: name, letter, what it takes, verbs.
//!
//! Models: the flag sets of `k8s.io/kubectl/pkg/cmd`, `github.com/spf13/pflag`.
//! Differs: flags that could mean nothing here are left out.

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A value.
    Value,
    /// A whole number.
    Number,
    /// A span of time, as Go writes it.
    Duration,
    /// A boolean; `--flag` means true.
    Nothing,
    /// A text; `--flag` alone means this.
    Optional(&'static str),
}

/// A flag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flag {
    /// `namespace`.
    pub name: &'static str,
    /// `n`, if it has a letter.
    pub letter: Option<char>,
    /// What it takes.
    pub takes: Takes,
    verbs: &'static str,
}

impl Flag {
    /// Whether the next word is the flag's value.
    pub fn takes_a_word(&self) -> bool {
        matches!(self.takes, Takes::Value | Takes::Number | Takes::Duration)
    }

    /// As errors name it: `--tail`, `-A, --all-namespaces`.
    pub fn display(&self) -> String {
        self.letter.map_or_else(String::new, |letter| format!("-{letter}, ")) + "--" + self.name
    }
}

/// The words that may follow a verb which is a group of commands; `cm=configmap` is an alias.
const GROUPS: &str = "\
rollout history pause restart resume status undo
set env image resources selector serviceaccount sa=serviceaccount subject
apply edit-last-applied set-last-applied view-last-applied
create clusterrole clusterrolebinding configmap cm=configmap cronjob cj=cronjob deployment deploy=deployment ingress ing=ingress job namespace ns=namespace poddisruptionbudget pdb=poddisruptionbudget priorityclass pc=priorityclass quota resourcequota=quota role rolebinding secret service svc=service serviceaccount sa=serviceaccount token
create.secret docker-registry generic tls
create.service clusterip externalname loadbalancer nodeport
auth can-i reconcile whoami
cluster-info dump
certificate approve deny
config current-context delete-cluster delete-context delete-user get-clusters get-contexts get-users rename-context set set-cluster set-context set-credentials unset use-context use=use-context view
top node nodes=node no=node pod pods=pod po=pod
";

/// `v` takes a value, `n` a number, `d` a span of time, `b` is a boolean, `=x` takes a value that may be left
/// out. `*` is every verb, `rollout.undo` one command of a group, and `!` begins the verbs that do not know
/// the flag.
const TABLE: &str = "\
namespace n v *
context - v *
cluster - v *
user - v *
kubeconfig - v *
server s v *
as - v *
request-timeout - v *
v v n *
warnings-as-errors - b *
help h b *
output o v !port-forward,proxy,debug,completion,plugin,alpha,options,logs,exec,attach,drain,cordon,uncordon,cluster-info,describe,rollout.status
filename f v !port-forward,proxy,completion,plugin,alpha,options,logs,explain,events,auth,config,version,api-resources,top,cluster-info,drain,cordon,uncordon,taint
kustomize k v get,describe,apply,create,delete,replace,diff,label,annotate,scale,wait,patch,set,rollout
recursive R b get,describe,apply,create,delete,replace,diff,label,annotate,scale,wait,patch,set,rollout,explain
selector l v get,describe,delete,label,annotate,logs,wait,scale,rollout,drain,set,cordon,uncordon,taint,apply,diff,create,top
labels l v run,expose
selector - v expose
field-selector - v get,delete,label,annotate,wait
all-namespaces A b get,describe,delete,label,annotate,wait,events,auth,top
watch w b get,rollout.status,events
watch-only - b get
output-watch-events - b get
no-headers - b get,events,api-resources,auth,config,top
show-labels - b get
show-kind - b get
show-managed-fields - b get,apply,create,patch,label,annotate,scale,set,replace,run,expose,taint
server-print - b get
label-columns L v get
template - v get
sort-by - v get,top,api-resources
raw - v get,create,delete,replace
subresource - v get,patch,replace,edit,apply,auth,wait
show-events - b describe
ignore-not-found - b get,delete
chunk-size - n get,describe,drain,events
dry-run - =unchanged autoscale,apply,create,delete,scale,patch,label,annotate,set,replace,run,expose,rollout.undo,drain,cordon,uncordon,taint
server-side - =true apply,diff
force-conflicts - =true apply,diff
field-manager - v apply,create,patch,label,annotate,scale,set,replace,run,expose,rollout,taint,diff
validate - =strict apply,create,replace,taint
save-config - b autoscale,create,replace,expose,run
overwrite - b label,annotate,apply,taint,set
openapi-patch - b apply
prune - b apply,diff
prune-allowlist - v apply,diff
create-annotation - b apply.set-last-applied
all - b delete,label,annotate,wait,scale,apply,taint,set
list - b label,annotate,set,auth
local - b label,annotate,set,patch,wait
resource-version - v scale,label,annotate
cascade - =background delete,replace,apply
force - b delete,replace,apply,drain
grace-period - n delete,replace,drain,apply,run
now - b delete
interactive i b delete
wait - b delete,apply,replace
timeout - d delete,rollout.status,wait,scale,drain,replace,apply
replicas - n scale,create
current-replicas - n scale
revision - n rollout.status,rollout.history
to-revision - n rollout.undo
patch p v patch
patch-file - v patch
type - v patch,expose,create
container c v logs,exec,attach,cp
containers c v set
follow f b logs
previous p b logs
tail - n logs
timestamps - b logs
since - d logs
since-time - v logs
limit-bytes - n logs
prefix - b logs
all-containers - b logs
max-log-requests - n logs
pod-running-timeout - d logs,exec,attach,run
stdin i b exec,run,attach
tty t b exec,run,attach
quiet q b exec,run,attach,auth
for - v wait,events
types - v events
limits - v set
requests - v set
env e v set,run
from - v set
keys - v set
prefix - v set
resolve - b set
ignore-daemonsets - b drain
delete-emptydir-data - b drain
disable-eviction - b drain
pod-selector - v drain,cordon,uncordon
skip-wait-for-delete-timeout - n drain
client - b version
api-group - v api-resources
namespaced - b api-resources
verbs - v api-resources
cached - b api-resources
categories - v api-resources
from-literal - v create
from-file - v create
from-env-file - v create
append-hash - b create
hard - v create
scopes - v create
min-available - v create
max-unavailable - v create
selector - v create
value - n create
global-default - b create
description - v create
preemption-policy - v create
tcp - v create
clusterip - v create
node-port - n create
external-name - v create
image - v run,create
image-pull-policy - v run
port - v run,expose,create
restart - v run
command - b run
rm - b run
attach - b run
expose - b run
leave-stdin-open - b run
privileged - b run
annotations - v run
overrides - v run,expose
override-type - v run,expose
target-port - v expose
protocol - v expose
name - v expose
cluster-ip - v expose
external-ip - v expose
load-balancer-ip - v expose
session-affinity - v expose
max-depth - n explain
api-version - v explain
minify - b config
flatten - b config
current - b config
cpu - b top
containers - b top
use-protocol-buffers - b top
address - v port-forward,proxy
pod-running-timeout - d port-forward
port p n proxy
www w v proxy
www-prefix P v proxy
api-prefix - v proxy
image - v debug
image-pull-policy - v debug
copy-to - v debug
container c v debug
max - n autoscale
min - n autoscale
cpu-percent - n autoscale
name - v autoscale
schedule - v create
from - v create
restart - v create
verb - v create
resource - v create
resource-name - v create
rule - v create
class - v create
default-backend - v create
docker-server - v create
docker-username - v create
docker-password - v create
docker-email - v create
target - v debug
profile - v debug
env - v debug
stdin i b debug
tty t b debug
quiet q b debug
attach - b debug
replace - b debug
same-node - b debug
share-processes - b debug
";

/// Whether a list of verbs holds a command: itself, or the group that it is in.
fn knows(verbs: &str, command: &str) -> bool {
    let is_it =
        |verb: &str| command.strip_prefix(verb).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
    match verbs.strip_prefix('!') {
        Some(others) => !others.split(',').any(is_it),
        None => verbs == "*" || verbs.split(',').any(is_it),
    }
}

/// The command that words begin, with dots between its parts: `rollout.undo`.
pub fn command_of(verb: &str, words: &[String]) -> String {
    let mut command = verb.to_owned();
    let mut rest = words;
    while let Some(group) = GROUPS.lines().find_map(|line| line.strip_prefix(&*command)?.strip_prefix(' ')) {
        let Some(at) = first_plain(verb, rest) else { break };
        let word = rest.get(at).map_or("", String::as_str);
        let named = group.split(' ').find_map(|entry| {
            let (alias, name) = entry.split_once('=').unwrap_or((entry, entry));
            (alias == word).then_some(name)
        });
        let Some(name) = named else { break };
        command = format!("{command}.{name}");
        rest = rest.get(at + 1..).unwrap_or_default();
    }
    command
}

/// The place of the first word that is neither a flag nor the value of one.
fn first_plain(verb: &str, words: &[String]) -> Option<usize> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word == "--" {
            return None;
        }
        if !word.starts_with('-') {
            return Some(at);
        }
        let takes_next = TABLE.lines().filter_map(read).any(|flag| {
            let verbs = flag.verbs.split(',').any(|known| known == "*" || known.starts_with(verb));
            verbs && flag.takes_a_word() && is_word(&flag, word)
        });
        at += if takes_next { 2 } else { 1 };
    }
    None
}

/// Whether a word is a flag without its value: `-n`, `--namespace`.
pub fn is_word(flag: &Flag, word: &str) -> bool {
    match word.strip_prefix("--") {
        Some(name) => name == flag.name,
        None => word
            .strip_prefix('-')
            .is_some_and(|rest| flag.letter.is_some_and(|c| rest.strip_prefix(c) == Some(""))),
    }
}

fn read(line: &'static str) -> Option<Flag> {
    let mut words = line.split(' ');
    let (name, letter, takes, verbs) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let takes = match takes {
        "v" => Takes::Value,
        "n" => Takes::Number,
        "d" => Takes::Duration,
        "b" => Takes::Nothing,
        other => Takes::Optional(other.trim_start_matches('=')),
    };
    Some(Flag { name, letter: letter.chars().next().filter(|c| *c != '-'), takes, verbs })
}

/// The flags of a command, those of every verb first.
pub fn of(command: &str) -> impl Iterator<Item = Flag> {
    TABLE.lines().filter_map(read).filter(move |flag| knows(flag.verbs, command))
}

/// Whether a flag belongs to every verb: it may stand before the verb.
pub fn is_global(flag: &Flag) -> bool {
    flag.verbs == "*"
}
