//! The single integration binary; one module per question.
