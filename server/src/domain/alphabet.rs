//! The order of the Swedish alphabet.

/// What a text is sorted by: capitals as small letters, accents left out, å, ä and ö after z, numbers by their size.
///
/// Enough for names and subjects in lists; it is not the Unicode collation, which would bring its tables along.
pub fn sort_key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    let mut number = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_ascii_digit() {
            number.push(c);
            continue;
        }
        end_number(&mut key, &mut number);
        match c {
            // After z in ASCII, in the order of the alphabet.
            'å' => key.push('{'),
            'ä' | 'æ' => key.push('|'),
            'ö' | 'ø' => key.push('}'),
            'é' | 'è' | 'ê' | 'ë' => key.push('e'),
            'á' | 'à' | 'â' => key.push('a'),
            'ü' | 'ú' | 'ù' => key.push('u'),
            'í' | 'ï' => key.push('i'),
            'ó' | 'ô' => key.push('o'),
            'ç' => key.push('c'),
            'ñ' => key.push('n'),
            c if c.is_alphanumeric() || c == ' ' => key.push(c),
            // Quotation marks, dashes and the like do not count.
            _ => {}
        }
    }
    end_number(&mut key, &mut number);
    key
}

/// A number sorts by how many digits it has, then by them: 9 before 10.
fn end_number(key: &mut String, number: &mut String) {
    let digits = number.trim_start_matches('0');
    if !number.is_empty() {
        key.push('0');
        key.push(char::from_u32(u32::try_from(digits.len()).unwrap_or(0) + 0x30).unwrap_or('0'));
        key.push_str(digits);
        number.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::sort_key;

    #[test]
    fn names_stand_as_in_a_swedish_list() {
        let mut names = [
            "Örebro",
            "ankeby",
            "Älvdalen",
            "Åre",
            "Zinkgruvan",
            "Ekeby",
            "éclair",
            "2 brev",
            "10 brev",
            "”Brev”",
        ];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(
            names,
            [
                "2 brev",
                "10 brev",
                "ankeby",
                "”Brev”",
                "éclair",
                "Ekeby",
                "Zinkgruvan",
                "Åre",
                "Älvdalen",
                "Örebro"
            ]
        );
    }
}
