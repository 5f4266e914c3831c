//! Support Ticket AI: a customer's message in, a structured ticket and the next question out.

pub mod conversation;
pub mod embedded;
pub mod locale;
pub mod model;
pub mod privacy;
pub mod prompt;
pub mod text;
pub mod ticket;
