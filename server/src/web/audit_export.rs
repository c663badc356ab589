//! `GET /admin/granskning/fil?form=csv|jsonl&…`: what an auditor sees, as a file, however long.

use super::Web;
use super::errors::Fault;
use super::staff::{asked, refused};
use crate::domain::audit::ActingAs;
use crate::house::House;
use crate::login::CurrentStaff;
use crate::support::SupportError;
use crate::support::audit_log::{Query as Asked, Told, begin_export, export};
use app::ports::AuditQuery;
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use futures::stream;
use serde::Deserialize;
use time::format_description::well_known::Rfc3339;

/// What the address asks for.
#[derive(Deserialize)]
pub(super) struct Address {
    #[serde(default)]
    form: String,
    akt: Option<String>,
    vem: Option<String>,
    konto: Option<String>,
    dag: Option<String>,
}

/// In which form the file is.
#[derive(Clone, Copy)]
enum Form {
    Csv,
    Lines,
}

/// The first line of a CSV file.
const COLUMNS: &str = "number,at,act,right,staff,who,account,object,about,reason,hash\r\n";

pub(super) async fn file(
    State(web): State<Web>,
    staff: Option<Extension<CurrentStaff>>,
    Query(address): Query<Address>,
) -> Result<Response, Fault> {
    let Some(Extension(staff)) = staff else {
        return Err(Fault::SignedOut);
    };
    let form = if address.form == "csv" { Form::Csv } else { Form::Lines };
    let query = asked(AuditQuery {
        act: address.akt,
        staff: address.vem,
        account: address.konto,
        until_day: address.dag,
        ..AuditQuery::default()
    });
    let before = begin_export(&web.house, &staff.duty, query)
        .await
        .map_err(|error| Fault::from(refused(error)))?;
    let (kind, name) = match form {
        Form::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"granskning.csv\""),
        Form::Lines => ("application/x-ndjson", "attachment; filename=\"granskning.jsonl\""),
    };
    let body = Body::from_stream(pieces(web.house, query, form, before));
    Ok(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], body).into_response())
}

/// What is left to write.
enum Left {
    /// The first line, then the rows.
    Heading(i64),
    /// The rows before this one.
    Rows(i64),
    /// Nothing.
    Nothing,
}

fn pieces(
    house: House,
    query: Asked,
    form: Form,
    before: i64,
) -> impl futures::Stream<Item = Result<Bytes, SupportError>> {
    let first = match form {
        Form::Csv => Left::Heading(before),
        Form::Lines => Left::Rows(before),
    };
    stream::try_unfold((house, first), move |(house, left)| async move {
        let before = match left {
            Left::Nothing => return Ok(None),
            Left::Heading(before) => {
                return Ok(Some((
                    Bytes::from_static(COLUMNS.as_bytes()),
                    (house, Left::Rows(before)),
                )));
            }
            Left::Rows(before) => before,
        };
        let rows = export(&house, &query, before).await.inspect_err(|error| {
            tracing::error!(%error, "an export of the audit log broke off");
        })?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        let left = if last.number > 1 {
            Left::Rows(last.number)
        } else {
            Left::Nothing
        };
        let text: String = rows.iter().map(|row| written(form, row)).collect();
        Ok(Some((Bytes::from(text), (house, left))))
    })
}

fn written(form: Form, row: &Told) -> String {
    let at = row.at.format(&Rfc3339).unwrap_or_default();
    let right = row.right.map(ActingAs::as_str);
    let staff = row.staff.map(|staff| staff.to_string());
    let account = row.account.map(|account| account.to_string());
    match form {
        Form::Lines => {
            let line = serde_json::json!({
                "number": row.number, "at": at, "act": row.act_name, "right": right, "staff": staff, "who": row.details.who,
                "account": account, "object": row.object, "about": row.details.about, "reason": row.details.reason, "hash": row.hash,
            });
            format!("{line}\n")
        }
        Form::Csv => {
            let number = row.number.to_string();
            let fields = [
                Some(number.as_str()),
                Some(at.as_str()),
                Some(row.act_name.as_str()),
                right,
                staff.as_deref(),
                row.details.who.as_deref(),
                account.as_deref(),
                row.object.as_deref(),
                row.details.about.as_deref(),
                row.details.reason.as_deref(),
                Some(row.hash.as_str()),
            ];
            let line: Vec<_> = fields
                .into_iter()
                .map(|field| field_of(field.unwrap_or_default()))
                .collect();
            format!("{}\r\n", line.join(","))
        }
    }
}

/// A field of a CSV file. A sign that a spreadsheet would take for a formula gets an apostrophe before it.
fn field_of(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field_of;

    #[test]
    fn a_field_is_one_field_and_no_formula() {
        assert_eq!(field_of("Hanna Hjelm, hanna@1"), "\"Hanna Hjelm, hanna@1\"");
        assert_eq!(field_of("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(field_of("a\nb"), "\"a\nb\"");
        assert_eq!(field_of("2026"), "2026");
    }
}
