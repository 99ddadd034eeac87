//! Everything assembled into one value that steps.
