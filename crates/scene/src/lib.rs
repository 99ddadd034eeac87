//! What is on stage at a moment.
