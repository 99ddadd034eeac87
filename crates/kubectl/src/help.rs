//! `--help`: what a verb does, how it is used, and its flags.
//!
//! Differs: short; the real pages have examples and a sentence for every flag.

use crate::flags::{self, Takes};

/// A line a verb: name, group, purpose, usage after the name.
const VERBS: &str = "\
create|Basic Commands|Create a resource from a file or from stdin|-f FILENAME
expose|Basic Commands|Take a pod or service and expose it as a new Kubernetes service|(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--type=type]
run|Basic Commands|Run a particular image on the cluster|NAME --image=image [--env=\"key=value\"] [--port=port] [--dry-run=server|client] [--overrides=inline-json] [--command] -- [COMMAND] [args...]
set|Basic Commands|Set specific features on objects|SUBCOMMAND
explain|Basic Commands|Get documentation for a resource|TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group]
get|Basic Commands|Display one or many resources|[(-o|--output=)json|yaml|name|jsonpath|custom-columns|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]
edit|Basic Commands|Edit a resource on the server|(RESOURCE/NAME | -f FILENAME)
delete|Basic Commands|Delete resources by file names, stdin, resources and names, or by resources and label selector|([-f FILENAME] | TYPE [(NAME | -l label | --all)])
rollout|Deploy Commands|Manage the rollout of a resource|SUBCOMMAND
scale|Deploy Commands|Set a new size for a stateful set|[--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)
autoscale|Deploy Commands|Auto-scale a deployment, replica set, stateful set, or replication controller|(-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu-percent=CPU]
certificate|Cluster Management Commands|Modify certificate resources|SUBCOMMAND
cluster-info|Cluster Management Commands|Display cluster information|
top|Cluster Management Commands|Display resource (CPU/memory) usage|SUBCOMMAND
cordon|Cluster Management Commands|Mark node as unschedulable|NODE
uncordon|Cluster Management Commands|Mark node as schedulable|NODE
drain|Cluster Management Commands|Drain node in preparation for maintenance|NODE
taint|Cluster Management Commands|Update the taints on one or more nodes|NODE NAME KEY_1=VAL_1:TAINT_EFFECT_1 ... KEY_N=VAL_N:TAINT_EFFECT_N
describe|Troubleshooting and Debugging Commands|Show details of a specific resource or group of resources|(-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)
logs|Troubleshooting and Debugging Commands|Print the logs for a container in a pod|[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]
attach|Troubleshooting and Debugging Commands|Attach to a running container|(POD | TYPE/NAME) -c CONTAINER
exec|Troubleshooting and Debugging Commands|Execute a command in a container|(POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]
port-forward|Troubleshooting and Debugging Commands|Forward one or more local ports to a pod|TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]
proxy|Troubleshooting and Debugging Commands|Run a proxy to the Kubernetes API server|[--port=PORT] [--www=static-dir] [--www-prefix=prefix] [--api-prefix=prefix]
cp|Troubleshooting and Debugging Commands|Copy files and directories to and from containers|<file-spec-src> <file-spec-dest>
auth|Troubleshooting and Debugging Commands|Inspect authorization|can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]
debug|Troubleshooting and Debugging Commands|Create debugging sessions for troubleshooting workloads and nodes|(POD | TYPE[[.VERSION].GROUP]/NAME) [ -- COMMAND [args...] ]
events|Troubleshooting and Debugging Commands|List events|[(-o|--output=)json|yaml|name|jsonpath] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]
diff|Advanced Commands|Diff the live version against a would-be applied version|-f FILENAME
apply|Advanced Commands|Apply a configuration to a resource by file name or stdin|(-f FILENAME | -k DIRECTORY)
patch|Advanced Commands|Update fields of a resource|(-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]
replace|Advanced Commands|Replace a resource by file name or stdin|-f FILENAME
wait|Advanced Commands|Wait for a specific condition on one or many resources|([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]
label|Settings Commands|Update the labels on a resource|[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]
annotate|Settings Commands|Update the annotations on a resource|[--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]
completion|Settings Commands|Output shell completion code for the specified shell (bash, zsh, fish, or powershell)|SHELL
api-resources|Other Commands|Print the supported API resources on the server|[flags]
api-versions|Other Commands|Print the supported API versions on the server, in the form of \"group/version\"|
config|Other Commands|Show the kubeconfig|SUBCOMMAND
plugin|Other Commands|Provides utilities for interacting with plugins|[flags]
version|Other Commands|Print the client and server version information|[flags]
alpha||Commands for features in alpha|[flags]
options||List global command-line options|
";

/// How wide the column of verbs is.
const WIDTH: usize = 16;

fn table() -> impl Iterator<Item = (&'static str, &'static str, &'static str, &'static str)> {
    VERBS.lines().filter_map(|line| {
        let mut parts = line.splitn(4, '|');
        Some((parts.next()?, parts.next()?, parts.next()?, parts.next()?))
    })
}

/// All verbs, sorted.
pub fn verbs() -> impl Iterator<Item = &'static str> {
    let mut verbs: Vec<&str> = table().map(|(verb, ..)| verb).collect();
    verbs.sort_unstable();
    verbs.into_iter()
}

/// `kubectl` alone, `kubectl help`.
pub fn all() -> String {
    let mut text = "kubectl controls the Kubernetes cluster manager.\n".to_owned();
    let mut last = "";
    // Two verbs are in no group and not listed.
    for (verb, group, purpose, _) in table().filter(|(_, group, ..)| !group.is_empty()) {
        if group != last {
            text.extend(["\n", group, ":\n"]);
            last = group;
        }
        text.extend(["  ", verb, &" ".repeat(WIDTH.saturating_sub(verb.len())), purpose, "\n"]);
    }
    text.push_str("\nUsage:\n  kubectl [flags] [options]\n\nUse \"kubectl <command> --help\" for more information about a given command.\n");
    text
}

/// `kubectl <verb> --help`.
pub fn of(verb: &str) -> Option<String> {
    let (_, _, purpose, usage) = table().find(|(name, ..)| *name == verb)?;
    let mut text = format!("{purpose}.\n\nOptions:\n");
    for flag in flags::of(verb).filter(|flag| !flags::is_global(flag) || flag.name == "namespace") {
        let letter = flag.letter.map_or_else(|| "    ".to_owned(), |c| format!("-{c}, "));
        let value = match flag.takes {
            Takes::Nothing => "=false".to_owned(),
            Takes::Value => "=''".to_owned(),
            Takes::Number => "=0".to_owned(),
            Takes::Duration => "=0s".to_owned(),
            Takes::Optional(default) => format!("='' (alone: {default})"),
        };
        text.extend(["    ", &letter, "--", flag.name, &value, "\n"]);
    }
    text.extend(["\nUsage:\n  kubectl ", verb, " ", usage, "\n"]);
    Some(text)
}
