//! What others write, fit to stand on one line and to be what it seems.

/// The text without characters that cannot be seen or that turn the direction of others: with them a name can look like another
/// name. White space of every kind becomes a blank; there is none at the ends.
pub fn visible(text: &str) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !c.is_control() && !is_unseen(*c))
        .collect();
    shown.trim().to_owned()
}

/// Marks of direction, joiners, fillers and tags (Unicode's `Default_Ignorable_Code_Point`, as far as letters in use do without).
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn a_name_is_what_it_seems() {
        assert_eq!(visible("Skatte\u{200b}verket\u{202e}"), "Skatteverket");
        assert_eq!(visible(" \u{2028}Kommun\tA\r\n\u{61c}\u{feff} "), "Kommun A");
        assert_eq!(visible("Ängelholms kommun – §"), "Ängelholms kommun – §");
        assert_eq!(visible("\u{1b}[31mröd"), "[31mröd");
    }
}
