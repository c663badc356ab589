//! Made-up letters. The persons, Ekeby, Norrvik and Mellandalen do not exist.

use app::ports::{Attachment, BodyLength, Letter, LetterId, LetterRow, Payment, Seal, Signer, Support};
use time::OffsetDateTime;
use time::macros::datetime;

struct Sketch(&'static str, &'static str, &'static str, OffsetDateTime, bool, u32);

const SKETCHES: [Sketch; 9] = [
    Sketch(
        "b1",
        "Ekeby kommun",
        "Du får trygghetslarm från den 1 april",
        datetime!(2026-03-17 07:14:09 UTC),
        true,
        2,
    ),
    Sketch(
        "b2",
        "Skatteverket",
        "Din inkomstdeklaration 2026 är klar att granska",
        datetime!(2026-03-17 05:30 UTC),
        true,
        1,
    ),
    Sketch(
        "b3",
        "Region Mellandalen",
        "Kallelse: synundersökning onsdag 8 april",
        datetime!(2026-03-13 13:02 UTC),
        true,
        1,
    ),
    Sketch(
        "b4",
        "Transportstyrelsen",
        "Vi har fått din betalning av fordonsskatt",
        datetime!(2026-03-12 08:40 UTC),
        false,
        0,
    ),
    Sketch(
        "b5",
        "Pensionsmyndigheten",
        "Din utbetalning i april",
        datetime!(2026-03-09 06:00 UTC),
        false,
        1,
    ),
    Sketch(
        "b6",
        "Ekeby kommun",
        "Vi har fått din ansökan om trygghetslarm",
        datetime!(2026-03-02 09:21 UTC),
        false,
        0,
    ),
    Sketch(
        "b7",
        "Försäkringskassan",
        "Så mycket har du kvar av ditt tandvårdsbidrag",
        datetime!(2026-02-18 06:15 UTC),
        false,
        0,
    ),
    Sketch(
        "b8",
        "Lantmäteriet",
        "Din granne vill ändra fastighetsgränsen. Du kan yttra dig",
        datetime!(2026-01-22 10:05 UTC),
        false,
        3,
    ),
    Sketch(
        "b9",
        "Skatteverket",
        "Din skattsedel för 2026",
        datetime!(2025-12-16 05:30 UTC),
        false,
        1,
    ),
];

const BODY: &str = "<p>Hej Tolvan!</p>\
<p>Du får trygghetslarm från den 1 april 2026. Vi kommer hem till dig samma dag mellan klockan 9 och 12 och visar hur larmet fungerar.</p>\
<h2>Så mycket kostar det</h2>\
<p>Avgiften är 248 kronor i månaden. Den första avgiften betalar du senast den 31 mars. Därefter får du en ny räkning varje månad.</p>\
<h2>Det här behöver du göra</h2>\
<ul><li>Var hemma den 1 april mellan klockan 9 och 12.</li><li>Bestäm vem vi ska ringa om du inte svarar.</li></ul>\
<h2>Om du inte är nöjd med beslutet</h2>\
<p>Du kan överklaga inom tre veckor från den dag du fick beslutet. I bilagan ”Så överklagar du” står det hur du gör.</p>\
<p>Vänliga hälsningar<br>Ida Exempelsson, biståndshandläggare</p>";

/// Newest first.
pub(crate) fn rows() -> Vec<LetterRow> {
    SKETCHES.iter().map(row).collect()
}

fn row(Sketch(id, sender, subject, received_at, unread, attachments): &Sketch) -> LetterRow {
    LetterRow {
        id: LetterId((*id).to_owned()),
        sender: (*sender).to_owned(),
        subject: (*subject).to_owned(),
        received_at: *received_at,
        unread: *unread,
        attachments: *attachments,
        payment: matches!(*id, "b1" | "b8").then(|| Payment {
            amount_ore: 24_800,
            currency: "SEK".to_owned(),
            due: "2026-03-31".to_owned(),
            method: "BG".to_owned(),
            account: "123-4567".to_owned(),
            reference: Some("260317004127".to_owned()),
        }),
        matter: matches!(*id, "b1" | "b6").then(|| "SOC 2026-0412".to_owned()),
    }
}

/// A letter in full. The signature of `b8` does not hold.
pub(crate) fn letter(id: &LetterId) -> Option<Letter> {
    let all = rows();
    let place = all.iter().position(|row| row.id == *id)?;
    let mut row = all.get(place)?.clone();
    row.unread = false;
    let signer = |name: &str, organisation: &str, byte: &str| Signer {
        name: name.to_owned(),
        organisation: organisation.to_owned(),
        issuer: "Exempel CA för e-tjänster v1".to_owned(),
        fingerprint: byte.repeat(32),
    };
    let attachments = [
        ("Beslut om trygghetslarm.pdf", 184_320),
        ("Så överklagar du.pdf", 96_010),
        ("Karta.png", 1_240_000),
    ]
    .into_iter()
    .zip(0..row.attachments)
    .map(|((name, bytes), index)| {
        let is_pdf = name.to_ascii_lowercase().ends_with("pdf");
        let content_type = if is_pdf { "application/pdf" } else { "image/png" }.to_owned();
        Attachment {
            index,
            name: name.to_owned(),
            content_type,
            bytes,
            is_pdf,
        }
    })
    .collect();
    Some(Letter {
        seal: Seal {
            holds: id.0 != "b8",
            signed_by: signer(&row.sender, "212000-9999", "3f"),
            sealed_by: signer("Norrviks kommun", "212000-8888", "a7"),
            sealed_on: "2026-03-17".to_owned(),
            checked_at: row.received_at,
        },
        support: Support {
            text: format!(
                "Har du frågor? Ring eller skriv till {}, vardagar 8–16. Uppge ärendenumret SOC 2026-0412.",
                row.sender
            ),
            url: Some("https://ekeby.example/trygghet".to_owned()),
            phone: Some("0980-31 92 00".to_owned()),
            email: Some("trygghet@ekeby.example".to_owned()),
        },
        length: BodyLength::Medium,
        language: Some("sv".to_owned()),
        body_html: BODY.to_owned(),
        attachments,
        newer: place.checked_sub(1).and_then(|i| all.get(i)).map(|row| row.id.clone()),
        older: all.get(place + 1).map(|row| row.id.clone()),
        row,
    })
}
