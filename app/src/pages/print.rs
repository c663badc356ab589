//! `/brev/{id}/utskrift`: a letter as a letter on paper.

use super::letter::kind;
use super::letter_named;
use crate::i18n::Locale;
use crate::islands::PrintButton;
use crate::parts::{Icon, PaymentBox, Sign, icon, loaded, page_title};
use crate::ports::{Layout, Letter, LetterText};
use crate::request::{guest, locale, mailbox, to, visit};
use crate::words::say;
use crate::words::{self, Moment};
use leptos::either::Either;
use leptos::prelude::*;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The page to print. The cleaned body stands in it, not in a frame: browsers print of a frame only what it shows.
#[component]
pub(crate) fn LetterPrint() -> impl IntoView {
    let named = letter_named();
    loaded(async move {
        let mailbox = mailbox()?;
        let now = visit()?.now;
        let letter = mailbox.open(named?).await?;
        let text = mailbox.text(letter.row.id.clone()).await?;
        let viewer = mailbox.viewer().await?;
        // The letter is the holder's, whoever prints it.
        let holder = guest().map_or(viewer.name, |guest| guest.holder);
        Ok(paper(locale(), letter, text, holder, now))
    })
}

/// The sender's headings under the page's own first one: none skips a level, whatever levels the sender has chosen.
fn below_ours(html: &str) -> String {
    let used: Vec<u8> = (1..=6).filter(|level| html.contains(&format!("</h{level}>"))).collect();
    let mut told = String::with_capacity(html.len());
    let (mut above, mut rest) = (1, html);
    while let Some(at) = rest.find('<') {
        let (before, tag) = rest.split_at(at);
        told.push_str(before);
        let opens = heading(tag, "<h");
        let closes = heading(tag, "</h");
        let (begin, length) = match (opens, closes) {
            (Some(level), _) => {
                let rank = used.iter().filter(|used| **used < level).count();
                let wanted = u8::try_from(rank).unwrap_or(u8::MAX).saturating_add(2);
                above = wanted.min(above + 1).min(6);
                ("<h", 3)
            }
            (None, Some(_)) => ("</h", 4),
            (None, None) => ("<", 1),
        };
        told.push_str(begin);
        if length > 1 {
            told.push(char::from(b'0' + above));
        }
        rest = tag.get(length..).unwrap_or_default();
    }
    told.push_str(rest);
    told
}

/// The level of the heading whose tag stands at the beginning of some cleaned HTML.
fn heading(html: &str, begin: &str) -> Option<u8> {
    let mut after = html.strip_prefix(begin)?.bytes();
    let level = after.next().filter(|level| (b'1'..=b'6').contains(level))?;
    matches!(after.next(), Some(b'>' | b' ')).then_some(level - b'0')
}

/// Who signed, and whether that holds; or that there is no signature.
fn signed_line(l: Locale, letter: &Letter, now: OffsetDateTime) -> AnyView {
    let copy_of_broken = letter
        .passed_on
        .as_ref()
        .is_some_and(|passed_on| passed_on.copy_of_broken);
    let (class, sign, signed) = match &letter.seal {
        Some(seal) if seal.holds => {
            let at = Moment::new(seal.checked_at, now).in_full(l);
            let (who, organisation) = (&seal.signed_by.name, &seal.signed_by.organisation);
            let signed = say!(l, print.signed, who = who, organisation = organisation, at = at);
            ("tag good", Icon::Seal, signed)
        }
        None if !copy_of_broken => ("tag", Icon::Info, td_string!(l, letter.unsigned).to_owned()),
        _ => ("tag bad", Icon::Alert, td_string!(l, print.broken).to_owned()),
    };
    view! { <p class=class>{icon(sign)}{signed}</p> }.into_any()
}

fn paper(l: Locale, letter: Letter, text: LetterText, holder: String, now: OffsetDateTime) -> AnyView {
    let genuine = letter.is_genuine();
    let today = Moment::new(now, now);
    let signed = signed_line(l, &letter, now);
    let row = letter.row;
    let came = Moment::new(row.received_at, now);
    let passed_on = letter.passed_on;
    let holder = passed_on
        .as_ref()
        .map_or(holder, |passed_on| passed_on.addressed_to.clone());
    let first_came = passed_on
        .as_ref()
        .map_or(came, |passed_on| Moment::new(passed_on.first_came_at, now));
    let subject = words::subject(l, &row.subject);
    let tongue = letter.language.clone().filter(|_| !row.subject.trim().is_empty());
    let body = if words::says_something(&text.html) {
        Either::Left(view! { <div class="letter-text" lang=letter.language inner_html=below_ours(&text.html)></div> })
    } else {
        Either::Right(view! { <p class="letter-text"><em>{td_string!(l, letter.no_text)}</em></p> })
    };
    let support = letter.support;
    let reach = [support.phone, support.email, support.url]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    view! {
        {page_title(&say!(l, print.title, subject = subject.clone()))}
        <main id="innehall" class="wrap paper">
            <p class="no-print title-line">
                <a class="crumb" href=to(format!("/brev/{}", words::segment(&row.id.0)))>{icon(Icon::Left)}{td_string!(l, print.back)}</a>
                <PrintButton label=td_string!(l, print.now).to_owned() how=td_string!(l, print.how).to_owned()/>
            </p>
            <article class="sheet">
                <p class="paper-top">
                    <Sign/>
                    <span>{say!(l, print.to, name = holder)}</span>
                    <span>{say!(l, print.printed, date = today.date_in_full(l))}</span>
                </p>
                <header>
                    <p class="from-line">
                        <span class="sender">{row.sender.clone()}</span>
                        " "
                        <span class="muted small">{say!(l, print.came, at = first_came.in_full(l))}</span>
                    </p>
                    <h1 class="subject" lang=tongue>{subject}</h1>
                </header>
                {passed_on.as_ref().map(|passed_on| {
                    let at = Moment::new(passed_on.at, now).in_full(l);
                    view! { <p class="tag">{icon(Icon::Send)}{say!(l, print.passed_on, who = passed_on.by.clone(), at = at)}</p> }
                })}
                {signed}
                {(text.layout == Layout::WordsOnly).then(|| view! { <p>{td_string!(l, letter.words_only)}</p> })}
                {body}
                {row.payment.map(|payment| view! { <PaymentBox payment payee=row.sender now trusted=genuine/> })}
                {(!letter.attachments.is_empty()).then(|| view! {
                    <section class="part" aria-labelledby="bilagor">
                        <h2 id="bilagor">{words::attachments(l, letter.attachments.len())}</h2>
                        <ul class="fit cards">
                            {letter.attachments.iter().map(|attachment| view! {
                                <li class="card file">
                                    {icon(Icon::File)}
                                    <div>
                                        <h3>{attachment.name.clone()}</h3>
                                        <p class="muted small">{kind(l, attachment)}", "{words::words_of_size(l, attachment.bytes)}</p>
                                    </div>
                                </li>
                            }).collect_view()}
                        </ul>
                    </section>
                })}
                {(!support.text.is_empty() || !reach.is_empty()).then(|| view! {
                    <section class="part" aria-labelledby="fragor">
                        <h2 id="fragor">{td_string!(l, letter.questions)}</h2>
                        <p class="as-written">{support.text}</p>
                        <p>{reach}</p>
                    </section>
                })}
                <p class="muted small part">{say!(l, print.original, id = row.id.0)}</p>
            </article>
        </main>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::below_ours;

    #[test]
    fn the_senders_headings_stand_below_ours_and_skip_no_level() {
        for (sent, shown) in [
            (
                "<h1>a</h1><h2 lang=\"sv\">b</h2><h5>c</h5><h6>d</h6><hr>",
                "<h2>a</h2><h3 lang=\"sv\">b</h3><h4>c</h4><h5>d</h5><hr>",
            ),
            ("<p>x</p><h3>a</h3><h3>b</h3>", "<p>x</p><h2>a</h2><h2>b</h2>"),
            ("<h4>a</h4><h1>b</h1><h4>c</h4>", "<h2>a</h2><h2>b</h2><h3>c</h3>"),
            ("1 &lt; 2 <b>å</b> <header>", "1 &lt; 2 <b>å</b> <header>"),
            ("", ""),
        ] {
            assert_eq!(below_ours(sent), shown);
        }
    }
}
