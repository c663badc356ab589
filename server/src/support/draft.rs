//! What somebody of the staff has typed and not finished: theirs alone, sealed, for a day.

use super::SupportError;
use super::access::OnDuty;
use crate::db::Tx;
use crate::house::House;
use crate::seal::Place;
use crate::store;
use serde::Serialize;
use serde::de::DeserializeOwned;
use time::Duration;
use uuid::Uuid;

/// How long it waits.
const WAITS: Duration = Duration::DAY;

/// Keeps what was typed; gives the id that finds it again.
pub(super) async fn keep(
    tx: &mut Tx,
    house: &House,
    duty: &OnDuty,
    typed: &impl Serialize,
) -> Result<Uuid, SupportError> {
    let (id, now) = (house.ids.random(), house.clock.now());
    let content = house.keys.seal_record(house.ids, &place(&id), typed)?;
    store::staff_draft::sweep(tx, now - WAITS).await?;
    store::staff_draft::insert(tx, id, duty.id(), &content, now).await?;
    Ok(id)
}

/// What somebody typed, if it is theirs and is still there.
pub(super) async fn find<T: DeserializeOwned>(
    tx: &mut Tx,
    house: &House,
    duty: &OnDuty,
    id: Uuid,
) -> Result<Option<T>, SupportError> {
    let content = store::staff_draft::by_id(tx, id, duty.id()).await?;
    let typed = content.map(|content| house.keys.open_record(&place(&id), &content));
    Ok(typed.transpose()?)
}

fn place(id: &Uuid) -> Place<'_> {
    Place::of("staff_draft", id, "content")
}
