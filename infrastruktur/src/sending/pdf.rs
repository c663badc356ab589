//! A small PDF writer: A4, Helvetica, text that can be searched. For the attachments of the demonstration's letters.

use std::fmt::Write as _;

const LINES_PER_PAGE: usize = 44;
const COLUMNS: usize = 84;

/// A document with a heading and paragraphs. Characters outside Windows-1252 become question marks.
pub fn pdf(title: &str, paragraphs: &[&str]) -> Vec<u8> {
    let lines: Vec<String> = paragraphs
        .iter()
        .flat_map(|p| wrap(p).into_iter().chain([String::new()]))
        .collect();
    let pages: Vec<&[String]> = if lines.is_empty() {
        vec![&[]]
    } else {
        lines.chunks(LINES_PER_PAGE).collect()
    };

    // 1 catalogue, 2 pages, 3 and 4 fonts, 5 information, then page and content in turn.
    let page_id = |n: usize| 6 + 2 * n;
    let kids: Vec<String> = (0..pages.len()).map(|n| format!("{} 0 R", page_id(n))).collect();
    let font = |name: &str| {
        format!("<< /Type /Font /Subtype /Type1 /BaseFont /{name} /Encoding /WinAnsiEncoding >>").into_bytes()
    };
    let mut objects: Vec<Vec<u8>> = vec![
        b"<< /Type /Catalog /Pages 2 0 R /Lang (sv-SE) >>".to_vec(),
        format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).into_bytes(),
        font("Helvetica"),
        font("Helvetica-Bold"),
        [
            b"<< /Title ".as_slice(),
            &string(title),
            b" /Producer (infrastruktur, demonstration) >>",
        ]
        .concat(),
    ];
    for (n, page) in pages.iter().enumerate() {
        objects.push(
            format!(
                "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {} 0 R \
                 /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>",
                page_id(n) + 1
            )
            .into_bytes(),
        );
        let content = content(if n == 0 { title } else { "" }, page);
        objects.push(
            [
                format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(),
                &content,
                b"\nendstream",
            ]
            .concat(),
        );
    }
    assemble(&objects)
}

fn content(title: &str, lines: &[String]) -> Vec<u8> {
    let mut content = Vec::new();
    content.extend_from_slice(b"BT\n/F2 18 Tf\n56 780 Td\n");
    content.extend(string(title));
    content.extend_from_slice(b" Tj\n/F1 11 Tf\n0 -32 Td\n15 TL\n");
    for line in lines {
        content.extend(string(line));
        content.extend_from_slice(b" Tj T*\n");
    }
    content.extend_from_slice(b"ET");
    content
}

/// Numbers the objects, and tells where each begins.
fn assemble(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (n, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        file.extend_from_slice(format!("{} 0 obj\n", n + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let start = file.len();
    let trailer = format!(
        "{table}trailer\n<< /Size {} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{start}\n%%EOF\n",
        objects.len() + 1
    );
    file.extend_from_slice(trailer.as_bytes());
    file
}

fn wrap(paragraph: &str) -> Vec<String> {
    let mut lines = Vec::new();
    for given in paragraph.lines() {
        let mut line = String::new();
        for word in given.split(' ') {
            if !line.is_empty() && line.chars().count() + 1 + word.chars().count() > COLUMNS {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        lines.push(line);
    }
    lines
}

/// A PDF string in Windows-1252, with what must be escaped escaped.
fn string(text: &str) -> Vec<u8> {
    let mut bytes = vec![b'('];
    for character in text.chars() {
        let byte = match character {
            '–' => 0x96,
            '—' => 0x97,
            '’' => 0x92,
            '”' => 0x94,
            '•' => 0x95,
            '€' => 0x80,
            other => u8::try_from(u32::from(other))
                .ok()
                .filter(|b| !(0x80..0xa0).contains(b))
                .unwrap_or(b'?'),
        };
        if matches!(byte, b'(' | b')' | b'\\') {
            bytes.push(b'\\');
        }
        bytes.push(byte);
    }
    bytes.push(b')');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_is_where_the_table_says() {
        let long = "Ett långt stycke (med parentes) som fyller flera rader. ".repeat(80);
        let file = pdf("Beslut – bygglov", &[&long, "Kort."]);
        let find = |needle: &[u8]| file.windows(needle.len()).rposition(|w| w == needle).unwrap();
        let table = String::from_utf8_lossy(&file[find(b"xref\n0 ")..]).into_owned();
        let offsets = table
            .lines()
            .skip(3)
            .take_while(|l| l.ends_with(" n "))
            .map(|l| l[..10].parse::<usize>().unwrap());
        let mut count = 0;
        for (n, offset) in offsets.enumerate() {
            assert!(file[offset..].starts_with(format!("{} 0 obj", n + 1).as_bytes()));
            count += 1;
        }
        assert!(count >= 9, "two pages");
        assert!(file.starts_with(b"%PDF-1.4"));
    }
}
