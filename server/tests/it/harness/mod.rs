//! What a story is given: a fresh database, a house on it, and the source of the house to look at.

mod database;
mod home;
mod people;
mod source;
mod town;

pub(crate) use database::{Database, Engine};
pub(crate) use home::{Home, message};
pub(crate) use people::{house_on, key_of, open_mailbox, open_mailbox_of, person};
pub(crate) use source::{Source, rust_files, string_literals};
pub(crate) use town::{Town, login};

/// Makes two tests of one story: `sqlite` and `postgres`, in a module of the story's name.
///
/// ```ignore
/// on_both_databases! {
///     /// What it shows.
///     async fn a_letter_is_found_again(database: Database) { … }
/// }
/// ```
/// The type of the argument says what is set up; it must have `async fn on(Engine) -> Option<Self>`.
macro_rules! on_both_databases {
    ($($(#[$about:meta])* async fn $name:ident($given:ident: $type:ty) $story:block)*) => {$(
        mod $name {
            use super::*;

            $(#[$about])*
            async fn story($given: $type) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                story(<$type>::on($crate::harness::Engine::Sqlite).await.expect("SQLite is always there")).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                match <$type>::on($crate::harness::Engine::Postgres).await {
                    Some(given) => story(given).await,
                    None => println!("skipped: BREVLADA_TEST_POSTGRES names no PostgreSQL"),
                }
            }
        }
    )*};
}
