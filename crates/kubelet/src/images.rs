//! The registry of the laboratory: which images exist, how long they take, how they behave.
//!
//! Nothing is downloaded. A name is looked up by its repository, a tag is judged by its shape. What is not
//! known cannot be pulled; the error has containerd's own words.

use std::time::Duration;

use api::Object;
use apimachinery::duration::parse_go;
use apimachinery::sorted::SortedMap;

/// The annotation of a Pod that overrides how its containers behave.
pub const BEHAVIOUR_ANNOTATION: &str = "ordinal.lab/behaviour";

/// How a process ends when it is asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnTerm {
    /// It exits with 0 after this long.
    Exits(Duration),
    /// It ignores the request: only SIGKILL ends it.
    Ignores,
}

/// What an image's own command does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Main {
    /// A server.
    Serves,
    /// A shell without a terminal: it reads the end of its input and exits with 0.
    Shell,
    /// Prints a greeting and exits with 0.
    Greets,
}

/// An image of the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Image {
    repository: &'static str,
    /// Its size in bytes, as the event of a pull says.
    pub size: u64,
    /// How long a pull takes, in milliseconds.
    pub pull_millis: u64,
    /// Ports that the server listens on.
    pub ports: &'static [u16],
    /// How long from start until it listens, in milliseconds.
    pub listens_after_millis: u64,
    /// How long after SIGTERM it ends, in milliseconds.
    pub stops_after_millis: u64,
    /// What its command does.
    pub main: Main,
    /// The highest version that exists, major and minor.
    newest: (u32, u32),
}

const fn server(
    repository: &'static str,
    megabytes: u64,
    ports: &'static [u16],
    listens_after_millis: u64,
    stops_after_millis: u64,
    newest: (u32, u32),
) -> Image {
    Image {
        repository,
        size: megabytes * 1_000_000 + 38_411,
        pull_millis: 600 + megabytes * 14,
        ports,
        listens_after_millis,
        stops_after_millis,
        main: Main::Serves,
        newest,
    }
}

const fn tool(repository: &'static str, megabytes: u64, main: Main, newest: (u32, u32)) -> Image {
    Image {
        repository,
        size: megabytes * 1_000_000 + 104_512,
        pull_millis: 500 + megabytes * 14,
        ports: &[],
        listens_after_millis: 0,
        stops_after_millis: 0,
        main,
        newest,
    }
}

/// All images, by repository.
const CATALOGUE: &[Image] = &[
    server("docker.io/library/nginx", 72, &[80], 120, 150, (1, 29)),
    server("docker.io/library/httpd", 58, &[80], 150, 200, (2, 4)),
    server("docker.io/library/mysql", 232, &[3306, 33060], 6_000, 1_800, (9, 5)),
    server("docker.io/library/mariadb", 120, &[3306], 4_000, 1_200, (12, 1)),
    server("docker.io/library/postgres", 162, &[5432], 2_500, 400, (18, 1)),
    server("docker.io/library/redis", 53, &[6379], 150, 120, (8, 4)),
    server("docker.io/library/valkey", 48, &[6379], 150, 120, (9, 0)),
    server("docker.io/library/mongo", 274, &[27017], 2_000, 900, (8, 2)),
    server("docker.io/library/memcached", 33, &[11211], 80, 60, (1, 6)),
    server("docker.io/library/rabbitmq", 110, &[5672, 15672], 7_000, 1_500, (4, 2)),
    server("docker.io/library/zookeeper", 118, &[2181, 2888, 3888], 1_800, 300, (3, 9)),
    server("docker.io/library/cassandra", 152, &[7000, 9042], 12_000, 2_500, (5, 0)),
    server("docker.io/library/elasticsearch", 640, &[9200, 9300], 14_000, 1_500, (9, 2)),
    server("docker.io/apache/kafka", 152, &[9092], 5_000, 1_800, (4, 1)),
    server("docker.io/library/registry", 11, &[5000], 100, 80, (3, 0)),
    server("gcr.io/google-samples/cassandra", 152, &[7000, 9042], 12_000, 2_500, (15, 0)),
    server("gcr.io/google-samples/xtrabackup", 120, &[3307], 500, 300, (1, 0)),
    server("registry.k8s.io/nginx-slim", 38, &[80], 100, 120, (0, 27)),
    server("k8s.gcr.io/nginx-slim", 38, &[80], 100, 120, (0, 27)),
    server("gcr.io/google_containers/nginx-slim", 38, &[80], 100, 120, (0, 27)),
    server("registry.k8s.io/etcd", 59, &[2379, 2380], 300, 200, (3, 6)),
    server("quay.io/coreos/etcd", 57, &[2379, 2380], 300, 200, (3, 6)),
    server("registry.k8s.io/pause", 1, &[], 10, 20, (3, 10)),
    tool("docker.io/library/busybox", 2, Main::Shell, (1, 37)),
    tool("docker.io/library/alpine", 4, Main::Shell, (3, 22)),
    tool("docker.io/library/debian", 49, Main::Shell, (13, 2)),
    tool("docker.io/library/ubuntu", 30, Main::Shell, (25, 10)),
    tool("docker.io/library/hello-world", 1, Main::Greets, (0, 0)),
    tool("registry.k8s.io/e2e-test-images/agnhost", 50, Main::Shell, (2, 60)),
];

/// Words that are tags of every catalogued image.
const TAG_WORDS: [&str; 12] = [
    "latest",
    "alpine",
    "stable",
    "mainline",
    "slim",
    "stable-alpine",
    "bookworm",
    "trixie",
    "uclibc",
    "musl",
    "glibc",
    "lts",
];

/// The parts of a name: `nginx:1.27` is `docker.io/library/nginx` and `1.27`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// Registry and path.
    pub repository: String,
    /// The tag, `latest` if there is none.
    pub tag: String,
    /// What stands after `@`, or empty.
    pub digest: String,
}

impl Reference {
    /// Reads a name; `None` if it is not valid (the waiting reason `InvalidImageName`).
    pub fn parse(name: &str) -> Option<Self> {
        let (name, digest) = name.split_once('@').unwrap_or((name, ""));
        let (path, tag) = match name.rsplit_once(':') {
            Some((path, tag)) if !tag.contains('/') => (path, tag),
            Some(_) | None => (name, "latest"),
        };
        let ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-/:".contains(c);
        let tag_ok = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        if path.is_empty() || tag.is_empty() || !path.chars().all(ok) || !tag.chars().all(tag_ok) {
            return None;
        }
        let first = path.split('/').next().unwrap_or("");
        let has_registry =
            path.contains('/') && (first.contains('.') || first.contains(':') || first == "localhost");
        let repository = match (has_registry, path.contains('/')) {
            (true, _) => path.to_owned(),
            (false, true) => format!("docker.io/{path}"),
            (false, false) => format!("docker.io/library/{path}"),
        };
        Some(Self { repository, tag: tag.to_owned(), digest: digest.to_owned() })
    }

    /// As containerd names it in its errors.
    pub fn full(&self) -> String {
        format!("{}:{}", self.repository, self.tag)
    }
}

fn version(tag: &str) -> Option<(u32, u32)> {
    let tag = tag.strip_prefix('v').unwrap_or(tag);
    let digits = tag.split('-').next()?;
    let mut parts = digits.split('.').map(str::parse::<u32>);
    let major = parts.next()?.ok()?;
    let minor = parts.next().transpose().ok()?.unwrap_or(0);
    parts.all(|p| p.is_ok()).then_some((major, minor))
}

/// Looks an image up.
///
/// # Errors
/// What the runtime says when it cannot be pulled.
pub fn look_up(reference: &Reference) -> Result<&'static Image, String> {
    let full = reference.full();
    let failed =
        format!("failed to pull and unpack image \"{full}\": failed to resolve reference \"{full}\"");
    let Some(image) = CATALOGUE.iter().find(|image| image.repository == reference.repository) else {
        return Err(format!(
            "rpc error: code = Unknown desc = {failed}: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed"
        ));
    };
    let known = TAG_WORDS.contains(&reference.tag.as_str())
        || version(&reference.tag).is_some_and(|v| v <= image.newest);
    if known || !reference.digest.is_empty() {
        Ok(image)
    } else {
        Err(format!("rpc error: code = NotFound desc = {failed}: {full}: not found"))
    }
}

/// The highest version of an image's repository, as its tag; `None` if nothing is known of the repository.
pub fn newest(reference: &Reference) -> Option<String> {
    let image = CATALOGUE.iter().find(|image| image.repository == reference.repository)?;
    let (major, minor) = image.newest;
    Some(format!("{major}.{minor}"))
}

/// How the containers of an image or a Pod behave, where it differs from the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Behaviour {
    /// It never answers its readiness probe.
    pub never_ready: bool,
    /// It exits this long after its start.
    pub exits_after: Option<Duration>,
    /// The code with which it exits.
    pub exit_code: i32,
    /// It answers only after this long.
    pub listens_after: Option<Duration>,
    /// How it ends when it is asked to.
    pub on_term: Option<OnTerm>,
    /// How long a pull takes.
    pub pull: Option<Duration>,
    /// Whether pulls fail.
    pub pull_fails: bool,
    /// It exists although the catalogue does not know it: a server that listens on every port it is asked at.
    pub serves: bool,
    /// The program that its own command runs, one of those added by [`ImageBehaviours::add_program`]; empty
    /// for none.
    pub runs: String,
    /// The image whose DNS tools it has; its own if empty.
    pub tools: String,
}

impl Behaviour {
    /// Reads words separated by commas or blanks: `never-ready`, `crashes-after=5s`, `exit-code=3`,
    /// `ready-after=20s`, `ignores-sigterm`, `stops-after=5s`, `pull=30s`, `pull-fails`, `serves`,
    /// `runs=app`, `tools=busybox:1.35`. Unknown words are ignored.
    pub fn parse(text: &str) -> Self {
        let mut behaviour = Self { exit_code: 1, ..Self::default() };
        for word in text.split([',', ' ']).filter(|word| !word.is_empty()) {
            let (name, value) = word.split_once('=').unwrap_or((word, ""));
            let duration = parse_go(value).ok();
            match name {
                "never-ready" => behaviour.never_ready = true,
                "crashes" => behaviour.exits_after = Some(Duration::ZERO),
                "crashes-after" => behaviour.exits_after = duration,
                "exit-code" => behaviour.exit_code = value.parse().unwrap_or(1),
                "ready-after" => behaviour.listens_after = duration,
                "ignores-sigterm" => behaviour.on_term = Some(OnTerm::Ignores),
                "stops-after" => behaviour.on_term = duration.map(OnTerm::Exits),
                "pull" => behaviour.pull = duration,
                "pull-fails" => behaviour.pull_fails = true,
                "serves" => behaviour.serves = true,
                "runs" => value.clone_into(&mut behaviour.runs),
                "tools" => value.clone_into(&mut behaviour.tools),
                _ => {}
            }
        }
        behaviour
    }
}

/// Images that do not behave as the catalogue says, by their names in Pods, and programs that all images have
/// besides the known ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImageBehaviours {
    images: SortedMap<String, String>,
    programs: Vec<(String, String)>,
}

impl ImageBehaviours {
    /// Makes an image behave like this from now on; an empty text means "as usual".
    pub fn set(&mut self, image: &str, behaviour: &str) {
        if behaviour.trim().is_empty() {
            self.images.remove(image);
        } else {
            self.images.insert(image.to_owned(), behaviour.to_owned());
        }
    }

    /// Gives all images a program: a command line that begins with `words` does what `script` says, in which
    /// `$1`, `$2` are the words that follow. The first program that fits counts.
    pub fn add_program(&mut self, words: &str, script: &str) {
        self.programs.push((words.to_owned(), script.to_owned()));
    }

    /// What a command line does, if it is one of these programs.
    pub fn script(&self, command: &[String]) -> Option<String> {
        let line = command.join(" ");
        let rest = |words: &str| {
            let rest = line.strip_prefix(words)?;
            (rest.is_empty() || rest.starts_with(' ')).then(|| rest.split_whitespace())
        };
        let fits = |(words, script): &(String, String)| {
            let parameters = rest(words)?.zip(1..);
            Some(parameters.fold(script.clone(), |text, (word, at)| text.replace(&format!("${at}"), word)))
        };
        self.programs.iter().find_map(fits)
    }

    /// How the containers of a Pod with this image behave: the Pod's annotation, if it has one, counts and
    /// not the image's override.
    pub fn of(&self, pod: &Object, image: &str) -> Behaviour {
        let annotated = pod.metadata.annotation(BEHAVIOUR_ANNOTATION);
        if annotated.is_empty() {
            Behaviour::parse(self.images.get(image).map_or("", String::as_str))
        } else {
            Behaviour::parse(annotated)
        }
    }

    /// All overrides, by image.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.images.iter().map(|(image, behaviour)| (image.as_str(), behaviour.as_str()))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_completed_as_containerd_does() {
        let full = |name: &str| Reference::parse(name).map(|r| r.full());
        assert_eq!(full("nginx").as_deref(), Some("docker.io/library/nginx:latest"));
        assert_eq!(full("apache/kafka:4.0.0").as_deref(), Some("docker.io/apache/kafka:4.0.0"));
        assert_eq!(full("registry.k8s.io/nginx-slim:0.8").as_deref(), Some("registry.k8s.io/nginx-slim:0.8"));
        assert_eq!(full("Nginx"), None);
        assert_eq!(full("nginx:"), None);
    }

    #[test]
    fn an_unknown_tag_fails_in_containerds_words() {
        // Recorded from containerd 1.6 under a v1.36.3 kubelet.
        let text = "rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/nginx:nope\": failed to resolve reference \"docker.io/library/nginx:nope\": docker.io/library/nginx:nope: not found";
        assert_eq!(look_up(&Reference::parse("nginx:nope").unwrap()).unwrap_err(), text);
        for good in [
            "nginx",
            "nginx:1.7.9",
            "nginx:1.16.1",
            "nginx:1.25-alpine",
            "busybox:1.28.4",
            "mysql:8.0",
            "redis:7",
        ] {
            assert!(look_up(&Reference::parse(good).unwrap()).is_ok(), "{good}");
        }
        assert!(look_up(&Reference::parse("nginx:1.99").unwrap()).is_err());
    }

    #[test]
    fn behaviours_are_read_word_by_word() {
        let b = Behaviour::parse("crashes-after=5s, exit-code=3 ignores-sigterm");
        assert_eq!((b.exits_after, b.exit_code), (Some(Duration::from_secs(5)), 3));
        assert_eq!(b.on_term, Some(OnTerm::Ignores));
        assert!(Behaviour::parse("never-ready").never_ready);
        assert_eq!(Behaviour::parse("runs=app,tools=busybox:1.35").tools, "busybox:1.35");
    }

    #[test]
    fn programs_are_found_by_the_words_they_begin_with() {
        let mut images = ImageBehaviours::default();
        images.add_program("app crash", "sleep $1; exit $2");
        images.add_program("app", "echo started");
        let script = |line: &str| images.script(&crate::shell::split(line));
        assert_eq!(script("app crash 4 1").as_deref(), Some("sleep 4; exit 1"));
        assert_eq!(script("app").as_deref(), Some("echo started"));
        assert_eq!(script("apple"), None);
    }
}
