//! What people see of brevlada.

pub mod ports;
