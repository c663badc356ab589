//! `GET /admin/siffror.csv`: the numbers of the last days, as a file.

use super::Web;
use super::errors::Fault;
use super::staff::refused;
use crate::domain::day_figure::DayFigure;
use crate::login::CurrentStaff;
use crate::support::numbers::{Numbers, Told, export};
use axum::Extension;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Response};
use time::Date;

pub(super) async fn file(State(web): State<Web>, staff: Option<Extension<CurrentStaff>>) -> Result<Response, Fault> {
    let Some(Extension(staff)) = staff else {
        return Err(Fault::SignedOut);
    };
    let numbers = export(&web.house, &staff.duty)
        .await
        .map_err(|error| Fault::from(refused(error)))?;
    Ok(csv("attachment; filename=\"siffror.csv\"", written(&numbers)))
}

/// A file of comma-separated values.
pub(super) fn csv(disposition: &'static str, text: String) -> Response {
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, disposition),
    ];
    (headers, text).into_response()
}

/// A column a figure; those of opened letters in percent.
fn written(numbers: &Numbers) -> String {
    let columns = numbers
        .series
        .iter()
        .map(|(figure, told)| (column(*figure), told.as_slice()));
    lines(&numbers.days, &columns.collect::<Vec<_>>())
}

/// A line a day, with these columns.
pub(super) fn lines(days: &[Date], columns: &[(String, &[Told])]) -> String {
    let mut text = String::from("day");
    for (name, _) in columns {
        text.push(',');
        text.push_str(name);
    }
    text.push_str("\r\n");
    for (place, day) in days.iter().enumerate() {
        text.push_str(&day.to_string());
        for (_, told) in columns {
            text.push(',');
            text.push_str(&cell(told.get(place).copied().unwrap_or(Told::Nothing)));
        }
        text.push_str("\r\n");
    }
    text
}

fn column(figure: DayFigure) -> String {
    let unit = if figure.grows_for().is_some() { "-percent" } else { "" };
    format!("{}{unit}", figure.as_str())
}

/// What is known to be there and not told is `few`; what is not known is empty.
fn cell(told: Told) -> String {
    match told {
        Told::Number(number) => number.to_string(),
        Told::Few => "few".to_owned(),
        Told::NotYet | Told::Nothing => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::date;

    #[test]
    fn a_line_a_day() {
        let numbers = Numbers {
            days: vec![date!(2026 - 11 - 26), date!(2026 - 11 - 27)],
            series: vec![
                (DayFigure::Letters, vec![Told::Number(12), Told::Few]),
                (DayFigure::OpenedInDay, vec![Told::Number(80), Told::NotYet]),
            ],
        };
        let lines = [
            "day,letters,opened-in-day-percent",
            "2026-11-26,12,80",
            "2026-11-27,few,",
            "",
        ];
        assert_eq!(written(&numbers), lines.join("\r\n"));
    }
}
