//! The title of a page.

use leptos::prelude::*;
use leptos_meta::Title;

/// Sets the title. It goes into the document as it is given, so what others have written is made harmless here, and here alone: every
/// page sets its title by this.
pub(crate) fn page_title(text: &str) -> AnyView {
    view! { <Title text=harmless(text)/> }.into_any()
}

/// Without what could end the title's element, begin another, or break the line.
fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn nothing_ends_the_title() {
        assert_eq!(
            harmless("A & B</title><b id=pwn>\r\n"),
            "A &amp; B&lt;/title&gt;&lt;b id=pwn&gt;  "
        );
    }
}
