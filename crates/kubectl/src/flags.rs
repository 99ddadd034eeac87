//! The flags of every verb, as a table: name, letter, what it takes, verbs.
//!
//! Models: the flag sets of `k8s.io/kubectl/pkg/cmd`, `github.com/spf13/pflag`.
//! Differs: flags that could mean nothing here are left out.

/// What a flag takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Takes {
    /// A value.
    Value,
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

/// `v` takes a value, `b` is a boolean, `=x` takes a value that may be left out. `*` is every verb,
/// and `!` begins the verbs that do not know the flag.
const TABLE: &str = "\
namespace n v *
context - v *
cluster - v *
user - v *
kubeconfig - v *
server s v *
as - v *
request-timeout - v *
v v v *
warnings-as-errors - b *
help h b *
output o v !logs,exec,attach,drain,cordon,uncordon,cluster-info,describe,edit
filename f v !logs,explain,events,auth,config,version,api-resources,top,cluster-info,drain,cordon,uncordon,taint
kustomize k v get,describe,apply,create,delete,replace,diff,label,annotate,scale,wait,patch,set,rollout
recursive R b get,describe,apply,create,delete,replace,diff,label,annotate,scale,wait,patch,set,rollout,explain
selector l v get,describe,delete,label,annotate,logs,wait,scale,rollout,drain,set,cordon,uncordon,taint,apply,diff,create,top
labels l v run,expose
selector - v expose
field-selector - v get,delete,label,annotate,wait
all-namespaces A b get,describe,delete,label,annotate,wait,events,auth,top
watch w =true get,rollout,events
watch-only - b get
output-watch-events - b get
no-headers - b get,events,api-resources,auth,config,top
show-labels - b get
show-kind - b get
show-managed-fields - b get,apply,create,patch,label,annotate,scale,set,replace,run,expose,taint
server-print - b get
label-columns L v get
sort-by - v get,top,api-resources
raw - v get,create,delete,replace
subresource - v get,patch,replace,edit,apply,auth,wait
show-events - b describe
ignore-not-found - b get,delete
chunk-size - v get,describe,drain,events
dry-run - =unchanged apply,create,delete,scale,patch,label,annotate,set,replace,run,expose,rollout,drain,cordon,uncordon,taint
server-side - =true apply,diff
force-conflicts - =true apply,diff
field-manager - v apply,create,patch,label,annotate,scale,set,replace,run,expose,rollout,taint,diff
validate - =strict apply,create,replace,taint
save-config - b create,replace,expose,run
overwrite - b label,annotate,apply,taint,set
openapi-patch - b apply
prune - b apply,diff
prune-allowlist - v apply,diff
all - b delete,label,annotate,wait,scale,apply,taint,set
list - b label,annotate,set,auth
local - b label,annotate,set,patch,wait
resource-version - v scale,label,annotate
cascade - =background delete,replace,apply
force - b delete,replace,apply,drain
grace-period - v delete,replace,drain,apply,run
now - b delete
interactive i b delete
wait - b delete,apply,replace
timeout - v delete,rollout,wait,scale,drain,replace,apply
replicas - v scale,create
current-replicas - v scale
revision - v rollout
to-revision - v rollout
patch p v patch
patch-file - v patch
type - v patch,expose,create
container c v logs,exec,attach,cp
containers c v set
follow f b logs
previous p b logs
tail - v logs
timestamps - b logs
since - v logs
since-time - v logs
limit-bytes - v logs
prefix - b logs
all-containers - b logs
max-log-requests - v logs
pod-running-timeout - v logs,exec,attach,run
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
skip-wait-for-delete-timeout - v drain
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
value - v create
global-default - b create
description - v create
preemption-policy - v create
tcp - v create
clusterip - v create
node-port - v create
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
max-depth - v explain
api-version - v explain
minify - b config
flatten - b config
current - b config
cpu - b top
containers - b top
use-protocol-buffers - b top
";

fn knows(verbs: &str, verb: &str) -> bool {
    match verbs.strip_prefix('!') {
        Some(others) => !others.split(',').any(|v| v == verb),
        None => verbs == "*" || verbs.split(',').any(|v| v == verb),
    }
}

fn read(line: &'static str) -> Option<Flag> {
    let mut words = line.split(' ');
    let (name, letter, takes, verbs) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let takes = match takes {
        "v" => Takes::Value,
        "b" => Takes::Nothing,
        other => Takes::Optional(other.trim_start_matches('=')),
    };
    Some(Flag { name, letter: letter.chars().next().filter(|c| *c != '-'), takes, verbs })
}

/// The flags of a verb, those of every verb first.
pub fn of(verb: &str) -> impl Iterator<Item = Flag> {
    TABLE.lines().filter_map(read).filter(move |flag| knows(flag.verbs, verb))
}

/// Whether a flag belongs to every verb: it may stand before the verb.
pub fn is_global(flag: &Flag) -> bool {
    flag.verbs == "*"
}
