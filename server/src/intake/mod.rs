//! Letters coming in: Service v3 on its own mutual-TLS listener.

pub mod group_commit;
