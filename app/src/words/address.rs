//! Addresses of our own pages, put together from what others have named.

use super::TypedDay;
use crate::ports::{
    Attachment, CategoryId, FolderId, LetterId, List, ListQuery, Order, SearchPlace, SearchQuery, Source,
};
use std::fmt::Write as _;

/// One segment of a path, or one value of a query, with everything but the unreserved characters of RFC 3986 escaped.
pub(crate) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

/// A value of a query as a form has escaped it.
pub(crate) fn unescaped(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next().unwrap_or(b'0'), rest.next().unwrap_or(b'0')];
                let hex = std::str::from_utf8(&digits).unwrap_or("00");
                bytes.push(u8::from_str_radix(hex, 16).unwrap_or(b'?'));
            }
            byte => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Where a list is read.
pub(crate) fn list_address(query: &ListQuery) -> String {
    let mut address = match &query.list {
        List::Inbox | List::Unread | List::Attached => "/inkorg".to_owned(),
        List::Folder(folder) => format!("/mapp/{}", segment(&folder.0)),
        List::Archive => "/arkiv".to_owned(),
        List::Bin => "/papperskorg".to_owned(),
        List::Starred => "/stjarnor".to_owned(),
        List::Category(category) => format!("/kategori/{}", segment(&category.0)),
    };
    let show = match query.list {
        List::Unread => Some("olasta"),
        List::Attached => Some("bilaga"),
        _ => None,
    };
    let order = match query.order {
        Order::Newest => None,
        Order::UnreadFirst => Some("olasta-forst"),
        Order::Sender => Some("avsandare"),
        Order::Subject => Some("rubrik"),
    };
    let from = query.from.as_deref().map(segment);
    for (name, value) in [("visa", show), ("ordning", order), ("fore", from.as_deref())] {
        if let Some(value) = value {
            let mark = if address.contains('?') { '&' } else { '?' };
            // Writing to a String cannot fail.
            let _ = write!(address, "{mark}{name}={value}");
        }
    }
    address
}

/// Where a search is read.
pub(crate) fn search_address(query: &SearchQuery) -> String {
    let place = place_value(&query.place).map(str::to_owned);
    let parts = [
        ("q", Some(query.text.clone())),
        ("av", query.sender.clone()),
        ("var", place),
        ("fran", query.from.clone()),
        ("till", query.until.clone()),
        ("olast", query.unread.then(|| "1".to_owned())),
        ("bilaga", query.attachment.then(|| "1".to_owned())),
        ("fore", query.before.map(|number| number.to_string())),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name}={}", segment(&value?))))
        .collect();
    format!("/sok?{}", parts.join("&"))
}

/// What the values of an address ask a search for. What is empty asks for nothing.
pub(crate) fn search_asked(value: impl Fn(&str) -> Option<String>) -> SearchQuery {
    let given = |name: &str| value(name).filter(|value| !value.trim().is_empty());
    // What is no day is told by the page, which asks for nothing then.
    let day = |name: &str| TypedDay::of(value(name)).day();
    SearchQuery {
        text: given("q").unwrap_or_default(),
        sender: given("av"),
        place: match given("var").as_deref() {
            None => SearchPlace::Everywhere,
            Some("inkorg") => SearchPlace::Inbox,
            Some("arkiv") => SearchPlace::Archive,
            Some("papperskorg") => SearchPlace::Bin,
            Some(folder) => SearchPlace::Folder(folder.to_owned()),
        },
        from: day("fran"),
        until: day("till"),
        unread: given("olast").is_some(),
        attachment: given("bilaga").is_some(),
        before: given("fore").and_then(|number| number.parse().ok()),
    }
}

/// What forms and addresses call where one searches.
pub(crate) fn place_value(place: &SearchPlace) -> Option<&str> {
    match place {
        SearchPlace::Everywhere => None,
        SearchPlace::Inbox => Some("inkorg"),
        SearchPlace::Archive => Some("arkiv"),
        SearchPlace::Bin => Some("papperskorg"),
        SearchPlace::Folder(folder) => Some(folder),
    }
}

/// Where letters are read.
pub(crate) fn source_address(source: &Source) -> String {
    match source {
        Source::List(query) => list_address(query),
        Source::Search(query) => search_address(query),
    }
}

/// The list or the search that an address of ours names; the inbox when it names none.
pub(crate) fn source_named(address: &str) -> Source {
    match address.split_once('?') {
        Some(("/sok", query)) => Source::Search(search_asked(|name| value_of(query, name))),
        _ => Source::List(list_named(address)),
    }
}

/// A letter, read from somewhere: the address says from where unless that follows from where the letter lies.
pub(crate) fn letter_address(id: &LetterId, source: &Source) -> String {
    let letter = format!("/brev/{}", segment(&id.0));
    let follows = matches!(source, Source::List(ListQuery { list, order: Order::Newest, from: None })
        if matches!(list, List::Inbox | List::Folder(_) | List::Archive | List::Bin));
    if follows {
        letter
    } else {
        format!("{letter}?lista={}", segment(&source_address(source)))
    }
}

/// A value in the query of an address, unless it is empty.
fn value_of(query: &str, wanted: &str) -> Option<String> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find_map(|(name, value)| (name == wanted && !value.is_empty()).then(|| unescaped(value)))
}

/// The list that an address of ours names; the inbox when it names none.
fn list_named(address: &str) -> ListQuery {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let value = |wanted: &str| value_of(query, wanted);
    let list = match (path.strip_prefix("/mapp/"), path.strip_prefix("/kategori/")) {
        (Some(folder), _) => List::Folder(FolderId(folder.to_owned())),
        (_, Some(category)) => List::Category(CategoryId(category.to_owned())),
        (None, None) => match (path, value("visa").as_deref()) {
            ("/arkiv", _) => List::Archive,
            ("/papperskorg", _) => List::Bin,
            ("/stjarnor", _) => List::Starred,
            (_, Some("olasta")) => List::Unread,
            (_, Some("bilaga")) => List::Attached,
            _ => List::Inbox,
        },
    };
    ListQuery {
        list,
        order: order_named(value("ordning").as_deref()),
        from: value("fore"),
    }
}

/// The order that an address asks for.
pub(crate) fn order_named(name: Option<&str>) -> Order {
    match name {
        Some("olasta-forst") => Order::UnreadFirst,
        Some("avsandare") => Order::Sender,
        Some("rubrik") => Order::Subject,
        _ => Order::Newest,
    }
}

/// Where an attachment is fetched: its name is the end of the address, so that it is saved under it.
pub(crate) fn attachment_address(letter: &LetterId, attachment: &Attachment) -> String {
    format!(
        "/brev/{}/bilaga/{}/{}",
        segment(&letter.0),
        attachment.index,
        segment(&attachment.name)
    )
}

/// A `tel:` address for a number as a sender has written it, when there is a number in it.
pub(crate) fn telephone(written: &str) -> Option<String> {
    let digits: String = written.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    (digits.len() >= 3).then(|| format!("tel:{digits}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_survive_an_address() {
        assert_eq!(segment("Så överklagar du.pdf"), "S%C3%A5%20%C3%B6verklagar%20du.pdf");
        assert_eq!(segment("a/../b?c#d"), "a%2F..%2Fb%3Fc%23d");
    }

    #[test]
    fn a_list_is_named_by_its_address_and_nothing_else_is() {
        for list in [
            List::Inbox,
            List::Unread,
            List::Attached,
            List::Folder(FolderId("01932f00-0000-7000-8000-000000000000".to_owned())),
            List::Archive,
            List::Bin,
            List::Starred,
            List::Category(CategoryId("01932f00-0000-7000-8000-000000000000".to_owned())),
        ] {
            for order in [Order::Newest, Order::UnreadFirst, Order::Sender, Order::Subject] {
                for from in [None, Some("o-01932f00".to_owned())] {
                    let query = ListQuery {
                        list: list.clone(),
                        order,
                        from,
                    };
                    assert_eq!(list_named(&list_address(&query)), query);
                }
            }
        }
        assert_eq!(list_named("https://elsewhere.example/"), ListQuery::default());
    }

    #[test]
    fn a_search_is_named_by_its_address() {
        let query = SearchQuery {
            text: "\"betala in\" -påminnelse & mer=100%".to_owned(),
            sender: Some("0a1b".to_owned()),
            place: SearchPlace::Folder("01932f00-0000-7000-8000-000000000000".to_owned()),
            from: Some("2026-01-01".to_owned()),
            until: None,
            unread: true,
            attachment: true,
            before: Some(17),
        };
        let source = Source::Search(query);
        assert_eq!(source_named(&source_address(&source)), source);
        assert_eq!(source_named("/sokt?q=a"), Source::List(ListQuery::default()));
    }

    #[test]
    fn a_letter_says_where_it_is_read_from_when_that_is_not_where_it_lies() {
        let letter = LetterId("01932f00".to_owned());
        let read_in = |address: &str| letter_address(&letter, &source_named(address));
        assert_eq!(read_in("/mapp/1932"), "/brev/01932f00");
        assert_eq!(read_in("/stjarnor"), "/brev/01932f00?lista=%2Fstjarnor");
        assert_eq!(
            read_in("/inkorg?visa=olasta"),
            "/brev/01932f00?lista=%2Finkorg%3Fvisa%3Dolasta"
        );
        assert_eq!(read_in("/sok?q=avgift"), "/brev/01932f00?lista=%2Fsok%3Fq%3Davgift");
    }

    #[test]
    fn what_a_form_escapes_is_read_again() {
        assert_eq!(unescaped(&segment("/mapp/1?fore=å ä&b")), "/mapp/1?fore=å ä&b");
        assert_eq!(unescaped("a+b%2"), "a b ");
    }

    #[test]
    fn a_number_becomes_callable() {
        assert_eq!(telephone("0980-31 92 00").as_deref(), Some("tel:0980319200"));
        assert_eq!(telephone("se webbplatsen"), None);
    }
}
