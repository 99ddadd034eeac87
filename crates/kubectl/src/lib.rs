//! kubectl: commands to requests, answers to text.
