//! `/brev/{id}`: a letter, with the list beside it where there is room.

use super::back::Back;
use super::beside::{Beside, beside};
use super::handling::work_on;
use super::lists::{Codes, note};
use super::passed_on::{passed_on_by, payment_of_another, unsigned};
use super::payments::settle_form;
use super::sort::SORT;
use super::{asked, letter_named};
use crate::i18n::Locale;
use crate::parts::{
    Home, Icon, LetterList, Note, PaymentBox, PaymentSentence, Place, Tone, Ways, category_tag, icon, loaded,
    save_and_send, small_icon, source_title,
};
use crate::ports::{
    Attachment, BodyLength, Category, Letter, LetterId, Lies, List, Order, PassedOn, Seal, Signer, Source, Support,
};
use crate::request::{company, handling, keeping, locale, mailbox, may_manage, to, visit};
use crate::words::say;
use crate::words::{self, Due, Moment};
use leptos::either::Either;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// Marks a letter unread again, and goes back to where it was read from: staying would read it again.
#[server(name = MarkUnread, prefix = "/api", endpoint = "brev/olast")]
async fn mark_unread(brev: String, #[server(default)] lista: String) -> Result<(), ServerFnError> {
    use crate::request::go;

    let id = LetterId(brev);
    let here = Back::Letter(id.clone(), None);
    match mailbox() {
        Ok(mailbox) => go(&match mailbox.mark(id, true).await {
            Ok(()) => Back::named(&lista).with("sag=olast"),
            Err(_) => here.with("fel=olast"),
        }),
        Err(_) => go("/"),
    }
    Ok(())
}

/// A letter.
#[component]
pub(crate) fn LetterPage() -> impl IntoView {
    let named = letter_named();
    let codes = Codes::read();
    let (pdf_refused, worked) = (asked("pdf"), asked("arbete"));
    let from = asked("lista").map(|from| words::source_named(&from));
    loaded(async move {
        let mailbox = mailbox()?;
        let now = visit()?.now;
        let letter = mailbox.open(named?).await?;
        let work = match company() {
            Some(_) => handling()?.work(letter.row.id.clone()).await?,
            None => None,
        };
        let viewer = mailbox.viewer().await?;
        let beside = beside(&letter, &viewer, from, now).await?;
        let here = Back::Letter(letter.row.id.clone(), Some(beside.listing.source.clone())).address();
        let l = locale();
        let ways = Ways {
            pdf: keeping()?.makes_pdf(),
            pdf_refused: pdf_refused.map(|why| match why.as_str() {
                "langt" => td_string!(l, keep.pdf_long),
                _ => td_string!(l, keep.pdf_refused),
            }),
        };
        let title = say!(l, letter.title, subject = words::subject(l, &letter.row.subject));
        let said = note(l, codes, &viewer.places, &here, now).await?;
        let (place, list) = match &beside.listing.source {
            Source::List(query) if query.list == List::Inbox => (Place::Letter, Some(List::Inbox)),
            Source::List(query) => (Place::Folder, Some(query.list.clone())),
            Source::Search(_) => (Place::Search, None),
        };
        let categories: Vec<Category> = letter
            .row
            .categories
            .iter()
            .filter_map(|id| viewer.places.category(id).cloned())
            .collect();
        Ok(view! {
            <Home viewer place title class="split reading" list>
                <div class="reader">
                    <div class="reader-in">
                        {bar(l, &letter, &beside, &here)}
                        {said}
                        {binned(l, &letter, now)}
                        {sheet(l, &letter, &categories, now)}
                        {payment(l, &letter, now)}
                        {work.map(|work| work_on(l, &letter.row.id, work, &here, worked.as_deref(), now))}
                        {attached(l, &letter)}
                        {belongs_to(l, &letter)}
                        {asked_about(l, &letter.support)}
                        {save_and_send(l, &letter.row.id, letter.seal.is_some(), ways)}
                        {known(l, &letter, now)}
                    </div>
                </div>
                <LetterList listing=beside.listing/>
            </Home>
        })
    })
}

/// Says of a letter in the bin how long it stays there.
fn binned(l: Locale, letter: &Letter, now: OffsetDateTime) -> Option<AnyView> {
    letter.row.gone_at.map(|gone| {
        let date = Moment::new(gone, now).date_in_full(l);
        view! {
            <div class="note">
                {icon(Icon::Bin)}
                <p class="note-text">{say!(l, letter.in_bin, date = date)}</p>
                {may_manage().then(|| act_form(&letter.row.id, &address(&letter.row.id), "aterstall", "btn bare", Icon::Undo, td_string!(l, sort.restore)))}
            </div>
        }
        .into_any()
    })
}

/// A button that does something with this letter and then leads to `back`.
fn act_form(
    letter: &LetterId,
    back: &str,
    act: &'static str,
    class: &'static str,
    sign: Icon,
    name: &'static str,
) -> AnyView {
    let key = match act {
        "arkivera" => Some("e"),
        "stjarna" | "avstjarna" => Some("s"),
        _ => None,
    };
    view! {
        <form method="post" action=to(SORT)>
            <input type="hidden" name="lista" value=back.to_owned()/>
            <input type="hidden" name="brev[]" value=letter.0.clone()/>
            <button class=class name="gor" value=act data-key=key>{icon(sign)}{name}</button>
        </form>
    }
    .into_any()
}

fn address(id: &LetterId) -> String {
    format!("/brev/{}", words::segment(&id.0))
}

fn bar(l: Locale, letter: &Letter, beside: &Beside, here: &str) -> AnyView {
    let id = &letter.row.id;
    let back = words::source_address(&beside.listing.source);
    let back = back.as_str();
    let where_from = source_title(l, &beside.listing.source, &beside.listing.places);
    let (before, after) = match beside.listing.order() {
        Order::Newest => (
            (td_string!(l, letter.newer), td_string!(l, letter.newer_letter)),
            (td_string!(l, letter.older), td_string!(l, letter.older_letter)),
        ),
        Order::UnreadFirst | Order::Sender | Order::Subject => (
            (td_string!(l, letter.previous), td_string!(l, letter.previous_letter)),
            (td_string!(l, letter.next), td_string!(l, letter.next_letter)),
        ),
    };
    let neighbour =
        |address: &Option<String>, rel: &'static str, sign: Icon, word: &'static str, full: &'static str| {
            address.clone().map(|address| {
                view! { <a class="act" rel=rel href=to(address) aria-label=full>{icon(sign)}<span>{word}</span></a> }
            })
        };
    let asking = |way: &'static str, sign: Icon, word: &'static str| {
        let question = format!(
            "{way}?lista={}&brev%5B%5D={}",
            words::segment(back),
            words::segment(&id.0)
        );
        let key = if sign == Icon::Bin { "#" } else { "v" };
        view! { <a class="act" href=to(question) data-key=key>{icon(sign)}{word}</a> }
    };
    let (is_binned, may) = (letter.row.gone_at.is_some(), may_manage());
    let category = format!(
        "/kategorisera?lista={}&brev%5B%5D={}",
        words::segment(here),
        words::segment(&id.0)
    );
    let categorise =
        view! { <a class="act" href=to(category)>{icon(Icon::Tag)}{td_string!(l, categories.category)}</a> };
    let placed = if letter.row.lies == Lies::Inbox {
        act_form(id, back, "arkivera", "act", Icon::Archive, td_string!(l, sort.archive))
    } else {
        act_form(id, back, "inkorg", "act", Icon::Inbox, td_string!(l, sort.to_inbox))
    };
    let star = if letter.row.starred {
        act_form(id, here, "avstjarna", "act", Icon::Star, td_string!(l, sort.unstar))
    } else {
        act_form(id, here, "stjarna", "act", Icon::Star, td_string!(l, sort.star))
    };
    view! {
        <div class="bar">
            <a class="crumb only-narrow" href=to(back.to_owned())>{icon(Icon::Left)}{where_from}</a>
            <div class="acts" role="group" aria-label=td_string!(l, letter.acts)>
                {(!is_binned && may).then_some(placed)}
                {may.then(|| asking("/flytta", Icon::Folder, td_string!(l, sort.move_to)))}
                {(!is_binned && may).then(|| asking("/slang", Icon::Bin, td_string!(l, sort.bin)))}
                <button class="act more-button" type="button" popovertarget="mer">{icon(Icon::More)}{td_string!(l, letter.more)}</button>
                <div class="more" id="mer" popover="auto">
                    {(!is_binned && may).then_some(star)}
                    {(!is_binned && may).then_some(categorise)}
                    {may.then(|| view! { <form method="post" action=to(MarkUnread::PATH)>
                        <input type="hidden" name="brev" value=id.0.clone()/>
                        <input type="hidden" name="lista" value=back.to_owned()/>
                        <button class="act" data-key="u" aria-label=td_string!(l, letter.mark_unread)>
                            {icon(Icon::Unread)}
                            <span class="at-length">{td_string!(l, letter.mark_unread)}</span>
                            <span class="in-short">{td_string!(l, sort.unread)}</span>
                        </button>
                    </form> })}
                    <a class="act" href=to(format!("{}/utskrift", address(id)))>{icon(Icon::Print)}{td_string!(l, letter.print)}</a>
                </div>
            </div>
            <nav class="acts neighbours" aria-label=td_string!(l, letter.neighbours)>
                {neighbour(&beside.before, "prev", Icon::Up, before.0, before.1)}
                {neighbour(&beside.after, "next", Icon::Down, after.0, after.1)}
            </nav>
        </div>
    }
    .into_any()
}

fn sheet(l: Locale, letter: &Letter, categories: &[Category], now: OffsetDateTime) -> AnyView {
    let row = &letter.row;
    let when = Moment::new(row.received_at, now);
    // Our own words stand in for a subject that is missing.
    let tongue = letter.language.clone().filter(|_| !row.subject.trim().is_empty());
    let text = format!("{}/text", address(&row.id));
    let alone = text.clone();
    let length = match letter.length {
        BodyLength::Short => "short",
        BodyLength::Medium => "medium",
        BodyLength::Long => "long",
    };
    let chips = row.payment.is_some() || !letter.attachments.is_empty();
    view! {
        <article class="sheet">
            <header>
                <p class="from-line">
                    <span class="sender">{row.sender.clone()}</span>
                    " "
                    <time class="muted small" datetime=when.machine()>{when.in_letter(l)}</time>
                </p>
                <h1 class="subject" lang=tongue>{words::subject(l, &row.subject)}</h1>
            </header>
            {(!categories.is_empty()).then(|| view! {
                <p class="row-tags">
                    {categories.iter().map(|category| category_tag(category.name.clone(), category.colour)).collect_view()}
                </p>
            })}
            {letter.passed_on.as_ref().map(|passed_on| passed_on_by(l, passed_on, now))}
            {match &letter.seal {
                Some(own) => seal(l, own, &row.sender, letter.passed_on.as_ref(), now),
                None => unsigned(l, letter.passed_on.as_ref(), &row.sender),
            }}
            {chips.then(|| view! {
                <ul class="chips">
                    {row.payment.as_ref().map(|payment| view! {
                        <li><a class="chip due" href="#betala">{small_icon(Icon::Pay)}{PaymentSentence::new(l, payment, now).0}</a></li>
                    })}
                    {(!letter.attachments.is_empty()).then(|| view! {
                        <li><a class="chip" href="#bilagor">{small_icon(Icon::Clip)}{words::attachments(l, letter.attachments.len())}</a></li>
                    })}
                </ul>
            })}
            <iframe
                class="frame"
                data-length=length
                sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
                src=to(text)
                title=td_string!(l, letter.frame)
            ></iframe>
            <p class="alone small no-print"><a href=to(alone)>{td_string!(l, letter.open_text)}</a></p>
        </article>
    }
    .into_any()
}

/// Who signed, and whether that holds. A broken seal is said in red, in the place of the seal.
fn seal(l: Locale, seal: &Seal, sender: &str, passed_on: Option<&PassedOn>, now: OffsetDateTime) -> AnyView {
    if !seal.holds {
        return view! {
            <Note
                tone=Tone::Wrong
                heading=td_string!(l, letter.broken)
                text=say!(l, letter.broken_text, who = sender.to_owned())
            />
        }
        .into_any();
    }
    let checked = Moment::new(seal.checked_at, now);
    let sealed_on = Due::parse(&seal.sealed_on).map_or_else(|| seal.sealed_on.clone(), |day| day.day_and_date(l, now));
    let who = seal.signed_by.name.clone();
    view! {
        <details class="seal">
            <summary>{icon(Icon::Seal)}<u>{say!(l, letter.sealed, who = who.clone())}</u>{small_icon(Icon::Down)}</summary>
            <div class="seal-body stack">
                <p>{say!(l, letter.sealed_text, who = who)}</p>
                {passed_on.map(|passed_on| view! { <p>{say!(l, letter.sealed_for, to = passed_on.addressed_to.clone())}</p> })}
                {seal.signed_name.is_some().then(|| view! { <p>{td_string!(l, letter.signed_name_text)}</p> })}
                <dl class="facts">
                    {seal.signed_name.clone().map(|name| fact(td_string!(l, letter.signed_name), name))}
                    {fact(td_string!(l, letter.signed_by), signer(&seal.signed_by))}
                    {fact(td_string!(l, letter.sealed_by), signer(&seal.sealed_by))}
                    {fact(td_string!(l, letter.sealed_on), sealed_on)}
                    <div>
                        <dt>{td_string!(l, letter.checked_at)}</dt>
                        <dd><time datetime=checked.machine()>{checked.in_full(l)}</time></dd>
                    </div>
                </dl>
                <details class="technical">
                    <summary>{td_string!(l, letter.technical)}{small_icon(Icon::Down)}</summary>
                    {certificate(l, &seal.signed_by)}
                    {(seal.signed_by.fingerprint != seal.sealed_by.fingerprint).then(|| certificate(l, &seal.sealed_by))}
                </details>
            </div>
        </details>
    }
    .into_any()
}

fn signer(signer: &Signer) -> String {
    format!("{}, {}", signer.name, signer.organisation)
}

fn certificate(l: Locale, signer: &Signer) -> AnyView {
    view! {
        <p class="technical-of"><strong>{signer.name.clone()}</strong></p>
        <dl class="facts">
            {fact(td_string!(l, letter.issuer), signer.issuer.clone())}
            <div><dt>{td_string!(l, letter.fingerprint)}</dt><dd class="print">{in_pairs(&signer.fingerprint)}</dd></div>
        </dl>
    }
    .into_any()
}

/// A fingerprint in groups that can be compared by eye.
fn in_pairs(hex: &str) -> String {
    let mut out = String::with_capacity(hex.len() + hex.len() / 4);
    for (i, c) in hex.chars().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push(' ');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

fn fact(name: &'static str, value: String) -> AnyView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

fn attached(l: Locale, letter: &Letter) -> Option<AnyView> {
    (!letter.attachments.is_empty()).then(|| {
        view! {
            <section class="part" aria-labelledby="bilagor">
                <h2 id="bilagor">{words::attachments(l, letter.attachments.len())}</h2>
                <ul class="fit cards">
                    {letter.attachments.iter().map(|attachment| view! {
                        <li class="card file">{file(l, &letter.row.id, attachment)}</li>
                    }).collect_view()}
                </ul>
            </section>
        }
        .into_any()
    })
}

fn file(l: Locale, letter: &LetterId, attachment: &Attachment) -> AnyView {
    let address = words::attachment_address(letter, attachment);
    let name = attachment.name.clone();
    view! {
        {icon(Icon::File)}
        <div>
            <h3>{name.clone()}</h3>
            <p class="muted small">{kind(l, attachment)}", "{words::words_of_size(l, attachment.bytes)}</p>
        </div>
        <p class="row-of">
            {attachment.can_be_shown.then(|| view! {
                <a class="btn bare" href=to(format!("{address}?visa=1")) target="_blank" rel="noopener">
                    {small_icon(Icon::Eye)}{td_string!(l, letter.open)}<span class="unseen">" "{name.clone()}" "{td_string!(l, letter.new_window)}</span>
                </a>
            })}
            <a class="btn bare" href=to(address.clone()) download=name.clone()>
                {small_icon(Icon::Download)}{td_string!(l, letter.download)}<span class="unseen">" "{name.clone()}</span>
            </a>
        </p>
    }
    .into_any()
}

pub(super) fn kind(l: Locale, attachment: &Attachment) -> &'static str {
    let named = attachment.content_type.split(';').next().unwrap_or_default().trim();
    match named {
        "application/pdf" => td_string!(l, file.pdf),
        "text/plain" => td_string!(l, file.text),
        "text/xml" | "application/xml" => td_string!(l, file.xml),
        image if image.starts_with("image/") => td_string!(l, file.image),
        _ => td_string!(l, file.other),
    }
}

fn payment(l: Locale, letter: &Letter, now: OffsetDateTime) -> Option<AnyView> {
    if let Some(passed_on) = &letter.passed_on {
        return payment_of_another(l, passed_on, &letter.row.sender, now);
    }
    let payment = letter.row.payment.clone()?;
    let (code, acts) = (letter.payment_code.clone(), Some(settled(l, letter)));
    Some(
        view! { <PaymentBox payment payee=letter.row.sender.clone() now trusted=letter.is_genuine() code acts/> }
            .into_any(),
    )
}

/// The person's own mark on what is to be paid.
fn settled(l: Locale, letter: &Letter) -> AnyView {
    let (paid, word) = if letter.settled {
        (false, td_string!(l, payments.mark_unpaid))
    } else {
        (true, td_string!(l, payments.mark_paid))
    };
    view! {
        {letter.settled.then(|| view! { <p class="good with-icon">{small_icon(Icon::Check)}{td_string!(l, payments.is_paid)}</p> })}
        {settle_form(&letter.row.id, paid, "brev", word)}
    }
    .into_any()
}

fn belongs_to(l: Locale, letter: &Letter) -> Option<AnyView> {
    let matter = letter.matter.clone()?;
    let name = letter
        .row
        .matter
        .clone()
        .unwrap_or_else(|| td_string!(l, letter.matter_unnamed).to_owned());
    Some(view! {
        <section class="part" aria-labelledby="arende">
            <h2 id="arende">{td_string!(l, letter.matter)}</h2>
            <a class="card link-row" href=to(format!("/arenden/{}", words::segment(&matter.0)))>
                {icon(Icon::Matter)}<span><strong>{name}</strong><small>{td_string!(l, letter.matter_whole)}</small></span>{icon(Icon::Right)}
            </a>
        </section>
    }
    .into_any())
}

fn asked_about(l: Locale, support: &Support) -> Option<AnyView> {
    let anything =
        !support.text.is_empty() || support.url.is_some() || support.phone.is_some() || support.email.is_some();
    let Support {
        text,
        url,
        phone,
        email,
    } = support.clone();
    anything.then(move || {
        view! {
            <section class="part" aria-labelledby="fragor">
                <h2 id="fragor">{td_string!(l, letter.questions)}</h2>
                <div class="card stack tight">
                    {(!text.is_empty()).then(|| view! { <p class="as-written">{text}</p> })}
                    <p class="row-of contacts">
                        {phone.map(|phone| match words::telephone(&phone) {
                            Some(tel) => Either::Left(view! { <a class="btn bare" href=tel>{small_icon(Icon::Phone)}{phone}</a> }),
                            None => Either::Right(view! { <span>{phone}</span> }),
                        })}
                        {email.map(|email| view! { <a class="btn bare" href=format!("mailto:{email}")>{small_icon(Icon::Mail)}{email.clone()}</a> })}
                        {url.map(|url| view! {
                            <a class="btn bare" href=url.clone() target="_blank" rel="noopener noreferrer">
                                {small_icon(Icon::Web)}{url.clone()}<span class="unseen">" "{td_string!(l, letter.new_window)}</span>
                            </a>
                        })}
                    </p>
                </div>
            </section>
        }
        .into_any()
    })
}

fn known(l: Locale, letter: &Letter, now: OffsetDateTime) -> AnyView {
    let came = Moment::new(letter.row.received_at, now);
    view! {
        <details class="more-info">
            <summary>{icon(Icon::Info)}{td_string!(l, letter.who_knows)}{small_icon(Icon::Down)}</summary>
            <dl class="facts card">
                <div>
                    <dt>{td_string!(l, letter.arrived)}</dt>
                    <dd><time datetime=came.machine()>{came.in_full(l)}</time></dd>
                </div>
                <div>
                    <dt>{td_string!(l, letter.opened_by)}</dt>
                    <dd>{td_string!(l, letter.opened_by_text)}<a href=to("/vem-har-last")>{td_string!(l, letter.opened_by_link)}</a></dd>
                </div>
                {letter.passed_on.as_ref().map(|passed_on| {
                    let at = Moment::new(passed_on.at, now).in_full(l);
                    let who = say!(l, letter.passed_on_who, who = passed_on.by.clone(), number = passed_on.number.clone(), at = at);
                    fact(td_string!(l, letter.passed_on_by), who)
                })}
                {fact(td_string!(l, letter.sender_knows), match &letter.passed_on {
                    Some(passed_on) => say!(l, letter.sender_knows_other, to = passed_on.addressed_to.clone()),
                    None => td_string!(l, letter.sender_knows_text).to_owned(),
                })}
            </dl>
        </details>
    }
    .into_any()
}
