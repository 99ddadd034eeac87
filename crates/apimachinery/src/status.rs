//! How the API server says no: `metav1.Status`.
//!
//! Models: `k8s.io/apimachinery/pkg/api/errors/errors.go`.

use serde_json::{Value, json};

use crate::field::{ErrorList, FieldError};

/// Why a request was refused: `metav1.StatusReason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// 400.
    BadRequest,
    /// 403.
    Forbidden,
    /// 404.
    NotFound,
    /// 409, a name that is taken.
    AlreadyExists,
    /// 409, a stale resourceVersion or UID.
    Conflict,
    /// 410, a resourceVersion that history no longer holds.
    Expired,
    /// 405.
    MethodNotAllowed,
    /// 413.
    RequestEntityTooLarge,
    /// 422.
    Invalid,
    /// 429, an eviction that a budget forbids.
    TooManyRequests,
    /// 500.
    InternalError,
    /// 504, or a wait of the client that ran out.
    Timeout,
    /// 500 with a message alone.
    Unknown,
}

impl Reason {
    /// The word in the status object, and in `Error from server (<word>)`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "NotFound",
            Self::AlreadyExists => "AlreadyExists",
            Self::Conflict => "Conflict",
            Self::Expired => "Expired",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::RequestEntityTooLarge => "RequestEntityTooLarge",
            Self::Invalid => "Invalid",
            Self::TooManyRequests => "TooManyRequests",
            Self::InternalError => "InternalError",
            Self::Timeout => "Timeout",
            Self::Unknown => "",
        }
    }

    /// The HTTP status code.
    pub const fn code(self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::AlreadyExists | Self::Conflict => 409,
            Self::Expired => 410,
            Self::RequestEntityTooLarge => 413,
            Self::Invalid => 422,
            Self::TooManyRequests => 429,
            Self::InternalError | Self::Unknown => 500,
            Self::Timeout => 504,
        }
    }
}

/// One cause of a refusal: `metav1.StatusCause`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCause {
    /// `FieldValueInvalid`, `FieldManagerConflict`, … as the API spells it.
    pub reason: String,
    /// The sentence without the field.
    pub message: String,
    /// The field path, or empty.
    pub field: String,
}

impl StatusCause {
    /// A mistake in a field, as the cause of a refusal.
    fn of(error: &FieldError) -> Self {
        Self {
            reason: error.kind.cause().to_owned(),
            message: error.body(),
            field: error.path.as_str().to_owned(),
        }
    }
}

/// What a refusal is about: `metav1.StatusDetails`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StatusDetails {
    /// The object's name.
    pub name: String,
    /// The API group, empty for core.
    pub group: String,
    /// The kind for `Invalid`, else the resource (`pods`), as upstream fills it.
    pub kind: String,
    /// The UID, if it matters.
    pub uid: String,
    /// All causes.
    pub causes: Vec<StatusCause>,
}

/// A refusal. `message` is exactly what the real server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Machine-readable reason; fixes the HTTP code.
    pub reason: Reason,
    /// Kubernetes' own sentence.
    pub message: String,
    /// What it is about.
    pub details: StatusDetails,
}

/// `statefulsets.apps`, or `pods` in the core group.
fn qualified(resource: &str, group: &str) -> String {
    if group.is_empty() { resource.to_owned() } else { format!("{resource}.{group}") }
}

impl Status {
    /// A refusal with a plain message.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self { reason, message: message.into(), details: StatusDetails::default() }
    }

    fn about(reason: Reason, resource: &str, group: &str, name: &str, message: String) -> Self {
        let details = StatusDetails {
            name: name.to_owned(),
            group: group.to_owned(),
            kind: resource.to_owned(),
            ..StatusDetails::default()
        };
        Self { reason, message, details }
    }

    /// `statefulsets.apps "web" not found`.
    pub fn not_found(resource: &str, group: &str, name: &str) -> Self {
        let message = format!("{} \"{name}\" not found", qualified(resource, group));
        Self::about(Reason::NotFound, resource, group, name, message)
    }

    /// `statefulsets.apps "web" already exists`.
    pub fn already_exists(resource: &str, group: &str, name: &str) -> Self {
        let message = format!("{} \"{name}\" already exists", qualified(resource, group));
        Self::about(Reason::AlreadyExists, resource, group, name, message)
    }

    /// `Operation cannot be fulfilled on <resource> "<name>": <why>`.
    pub fn conflict(resource: &str, group: &str, name: &str, why: &str) -> Self {
        let message =
            format!("Operation cannot be fulfilled on {} \"{name}\": {why}", qualified(resource, group));
        Self::about(Reason::Conflict, resource, group, name, message)
    }

    /// The conflict of a stale resourceVersion.
    pub fn stale(resource: &str, group: &str, name: &str) -> Self {
        let why =
            "the object has been modified; please apply your changes to the latest version and try again";
        Self::conflict(resource, group, name, why)
    }

    /// `pods "x" is forbidden: <why>`.
    pub fn forbidden(resource: &str, group: &str, name: &str, why: &str) -> Self {
        let message = format!("{} \"{name}\" is forbidden: {why}", qualified(resource, group));
        Self::about(Reason::Forbidden, resource, group, name, message)
    }

    /// `StatefulSet.apps "web" is invalid: …` with every cause.
    pub fn invalid(kind: &str, group: &str, name: &str, errors: &ErrorList) -> Self {
        let message = format!("{} \"{name}\" is invalid: {errors}", qualified(kind, group));
        let mut status = Self::about(Reason::Invalid, kind, group, name, message);
        status.details.causes = errors.iter().map(StatusCause::of).collect();
        status
    }

    /// A 400 with this message.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(Reason::BadRequest, message)
    }

    /// The object as served.
    pub fn to_value(&self) -> Value {
        let causes: Vec<Value> = self
            .details
            .causes
            .iter()
            .map(|c| json!({"reason": c.reason, "message": c.message, "field": c.field}))
            .collect();
        json!({
            "apiVersion": "v1", "kind": "Status", "metadata": {}, "status": "Failure",
            "reason": self.reason.as_str(), "code": self.reason.code(), "message": self.message,
            "details": {"name": self.details.name, "group": self.details.group,
                        "kind": self.details.kind, "causes": causes},
        })
    }
}
