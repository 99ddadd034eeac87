//! The content security policy of the published page.

/// Nothing from elsewhere, nothing inline, no string becomes code. `wasm-unsafe-eval` allows compiling
/// WebAssembly and nothing else. A policy in a `meta` element cannot hold `frame-ancestors` or `sandbox`.
const DIRECTIVES: [&str; 12] = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    // No code of the page makes a policy, so none may be made.
    "trusted-types 'none'",
    "require-trusted-types-for 'script'",
];

/// The policy as an element for the page's head.
pub fn meta() -> String {
    format!(r#"<meta http-equiv="Content-Security-Policy" content="{}">"#, DIRECTIVES.join("; "))
}
