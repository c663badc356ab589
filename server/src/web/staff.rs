//! The staff's port, kept by this server for one of them.

use super::accounts::reason;
use super::banners::Banners;
use super::ports::unavailable;
use crate::audit::{Broken, Found};
use crate::domain::audit::{ActingAs, AuditAct};
use crate::domain::day_figure::DayFigure;
use crate::domain::feedback_tag::Tag;
use crate::domain::look::Reason;
use crate::domain::staff::{Role, StaffAct};
use crate::domain::text::{Kind, Slug};
use crate::domain::visible::visible;
use crate::house::House;
use crate::login::CurrentStaff;
use crate::mailbox::feedback::Received;
use crate::register::{Register, Senders};
use crate::store::job::{JobCount, Show};
use crate::support::certificates::AtHand;
use crate::support::feedback::{Answered, TypedAnswer, Wanted};
use crate::support::queue::Retry;
use crate::support::texts::{Listed, Saved, Typed, When, Wrong, preview};
use crate::support::{SupportError, attention, audit_log, feedback, numbers, queue, texts};
use app::ports::{
    AnswerSent, Attention, AuditBreak, AuditPage, AuditQuery, AuditRight, AuditRow, AuditWalk, NumberKind, NumberTold,
    NumbersPage, OpinionCount, OpinionPage, OpinionRow, OpinionTag, OpinionsWanted, PortError, QueueCount, QueueJob,
    QueuePage, QueueShow, RetryWhat, Staff, StaffRole, StaffRoom, StaffText, StaffTextKind, StaffViewer, TextFields,
    TextForm, TextFormOf, TextSaved, TextVersion, TextWhen, TextWrong,
};
use async_trait::async_trait;
use contracts::xml::parse_date;
use std::sync::Arc;
use uuid::Uuid;

/// What one of the staff may ask.
pub(super) struct OnDutyHere {
    /// The house.
    pub(super) house: House,
    /// Who.
    pub(super) staff: CurrentStaff,
    /// What is said of disturbances.
    pub(super) banners: Banners,
    /// FaR, asked about holders.
    pub(super) far: Arc<dyn Register>,
    /// How the register names senders.
    pub(super) senders: Arc<Senders>,
    /// Where the certificates are that staff watch.
    pub(super) certificates: AtHand,
}

/// The rooms, each by what one must be allowed to be let in.
const ROOMS: [(StaffRoom, StaffAct); 9] = [
    (StaffRoom::Accounts, StaffAct::OpenLook),
    (StaffRoom::Looks, StaffAct::SecondLook),
    (StaffRoom::Trace, StaffAct::TraceDelivery),
    (StaffRoom::Queue, StaffAct::SeeQueue),
    (StaffRoom::Senders, StaffAct::SeeSenders),
    (StaffRoom::Feedback, StaffAct::ReadFeedback),
    (StaffRoom::Texts, StaffAct::SeeTexts),
    (StaffRoom::Audit, StaffAct::ReadAudit),
    (StaffRoom::Numbers, StaffAct::SeeNumbers),
];

/// Logs once what went wrong; a no is no fault of ours, and is in the audit log.
pub(super) fn refused(error: SupportError) -> PortError {
    match error {
        SupportError::NotAllowed => PortError::NotAllowed,
        other => unavailable(other),
    }
}

fn known(id: &str) -> Result<Uuid, PortError> {
    Uuid::parse_str(id).map_err(|_| PortError::NotFound)
}

pub(super) fn maybe(id: Option<String>) -> Option<Uuid> {
    id.and_then(|id| Uuid::parse_str(&id).ok())
}

pub(super) fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

#[async_trait]
impl Staff for OnDutyHere {
    fn viewer(&self) -> StaffViewer {
        let duty = &self.staff.duty;
        StaffViewer {
            name: duty.name().to_owned(),
            roles: duty.roles().iter().map(role).collect(),
            rooms: ROOMS
                .iter()
                .filter(|(_, act)| duty.may(*act))
                .map(|(room, _)| *room)
                .collect(),
            idle_until: self.staff.idle_until,
            ends_at: self.staff.ends_at,
        }
    }

    async fn attention(&self) -> Result<Attention, PortError> {
        let found = attention::attention(&self.house, &self.staff.duty)
            .await
            .map_err(refused)?;
        Ok(Attention {
            given_up: found.given_up,
            again: found.again,
            late: found.late,
            opinions: found.opinions,
            banners: found.banners,
            looks: found.looks,
            audited: found.audited,
        })
    }

    async fn queue(&self, show: QueueShow, before: Option<String>) -> Result<QueuePage, PortError> {
        let show = match show {
            QueueShow::GivenUp => Show::GivenUp,
            QueueShow::Again => Show::Again,
            QueueShow::Waiting => Show::Waiting,
        };
        let queue = queue::look(&self.house, &self.staff.duty, show, maybe(before))
            .await
            .map_err(refused)?;
        Ok(QueuePage {
            counts: counts(queue.counts),
            jobs: queue
                .jobs
                .into_iter()
                .map(|job| QueueJob {
                    id: job.id.to_string(),
                    kind: job.kind,
                    attempts: count(job.attempts),
                    run_at: job.run_at,
                    error: job.last_error.map(|error| visible(&error)),
                })
                .collect(),
            next: queue.next.map(|next| next.to_string()),
            may_retry: self.staff.duty.may(StaffAct::RetryJobs),
        })
    }

    async fn retry(&self, what: RetryWhat) -> Result<u64, PortError> {
        let what = match what {
            RetryWhat::One(id) => Retry::One(Uuid::parse_str(&id).unwrap_or_default()),
            RetryWhat::Kind(kind) => Retry::Kind(kind),
            RetryWhat::All => Retry::All,
        };
        queue::retry(&self.house, &self.staff.duty, &what)
            .await
            .map_err(refused)
    }

    async fn opinions(&self, wanted: OpinionsWanted, after: Option<String>) -> Result<OpinionPage, PortError> {
        let wanted = match wanted {
            OpinionsWanted::All => Wanted::All,
            OpinionsWanted::Untagged => Wanted::Untagged,
            OpinionsWanted::Tag(tag) => Wanted::Tag(tag_of(tag)),
        };
        let page = feedback::list(&self.house, &self.staff.duty, wanted, maybe(after))
            .await
            .map_err(refused)?;
        let tags = [Tag::Fault, Tag::Hard, Tag::Wish, Tag::Praise, Tag::Other];
        let counts = tags.into_iter().map(Some).chain([None]).map(|tag| {
            let sum = |counts: &[crate::store::feedback::TagCount], open: bool| {
                let of_it = counts.iter().filter(|one| one.tag == tag && !(open && one.done));
                count(of_it.map(|one| one.count).sum())
            };
            OpinionCount {
                tag: tag.map(tag_for_page),
                open: sum(&page.counts, true),
                all: sum(&page.counts, false),
                lately: sum(&page.lately, false),
            }
        });
        Ok(OpinionPage {
            counts: counts.collect(),
            rows: page.opinions.into_iter().map(opinion).collect(),
            next: page.next.map(|next| next.to_string()),
        })
    }

    async fn to_answer(&self, id: String, draft: Option<String>) -> Result<(OpinionRow, String), PortError> {
        let id = Uuid::parse_str(&id).unwrap_or_default();
        let found = feedback::to_answer(&self.house, &self.staff.duty, id, maybe(draft))
            .await
            .map_err(refused)?;
        let (received, typed) = found.ok_or(PortError::NotFound)?;
        Ok((opinion(received), typed.words))
    }

    async fn tag(&self, id: String, tag: Option<OpinionTag>) -> Result<(), PortError> {
        let id = Uuid::parse_str(&id).unwrap_or_default();
        let done = feedback::tag(&self.house, &self.staff.duty, id, tag.map(tag_of))
            .await
            .map_err(refused)?;
        if done { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn answer(&self, id: String, words: String) -> Result<AnswerSent, PortError> {
        let id = Uuid::parse_str(&id).unwrap_or_default();
        let answered = feedback::answer(&self.house, &self.staff.duty, id, TypedAnswer { words })
            .await
            .map_err(refused)?;
        match answered {
            Answered::Done => Ok(AnswerSent::Done),
            Answered::Wrong(draft) => Ok(AnswerSent::Wrong(draft.to_string())),
            Answered::NotFound => Err(PortError::NotFound),
        }
    }

    async fn close(&self, id: String) -> Result<(), PortError> {
        let id = Uuid::parse_str(&id).unwrap_or_default();
        let done = feedback::close(&self.house, &self.staff.duty, id)
            .await
            .map_err(refused)?;
        if done { Ok(()) } else { Err(PortError::NotFound) }
    }

    async fn texts(&self) -> Result<Vec<StaffText>, PortError> {
        let all = texts::list(&self.house, &self.staff.duty).await.map_err(refused)?;
        Ok(all.into_iter().filter_map(text).collect())
    }

    async fn text(&self, kind: StaffTextKind, name: String) -> Result<StaffText, PortError> {
        let name = named(&name)?;
        let found = texts::versions(&self.house, &self.staff.duty, kind_of(kind), &name)
            .await
            .map_err(refused)?;
        found.and_then(text).ok_or(PortError::NotFound)
    }

    async fn text_form(&self, of: TextFormOf) -> Result<TextForm, PortError> {
        let (house, duty) = (&self.house, &self.staff.duty);
        let typed = match of {
            TextFormOf::New(kind) => texts::begin(house, duty, kind_of(kind), None).await.map_err(refused)?,
            TextFormOf::Text(kind, name) => {
                let name = named(&name)?;
                texts::begin(house, duty, kind_of(kind), Some(&name))
                    .await
                    .map_err(refused)?
            }
            TextFormOf::Draft(id) => {
                let found = texts::resume(house, duty, known(&id)?).await.map_err(refused)?;
                found.ok_or(PortError::NotFound)?
            }
        };
        Ok(TextForm {
            preview_sv: preview(&typed.sv.1),
            preview_en: preview(&typed.en.1),
            fields: fields(typed),
        })
    }

    async fn save_text(&self, form: TextFields, publish: bool) -> Result<TextSaved, PortError> {
        let typed = Typed {
            kind: form.kind,
            name: form.name,
            sv: (form.title_sv, form.text_sv),
            en: (form.title_en, form.text_en),
            from: (form.from_day, form.from_time),
            until: (form.until_day, form.until_time),
        };
        let saved = texts::save(&self.house, &self.staff.duty, typed, publish)
            .await
            .map_err(refused)?;
        Ok(match saved {
            Saved::Done { kind, name } => {
                self.banners.forget();
                TextSaved::Published(kind_for_page(kind), name)
            }
            Saved::Kept { draft, wrong } => {
                TextSaved::Kept(draft.to_string(), wrong.into_iter().map(wrong_field).collect())
            }
        })
    }

    async fn withdraw(&self, kind: StaffTextKind, name: String) -> Result<bool, PortError> {
        let name = named(&name)?;
        let done = texts::withdraw(&self.house, &self.staff.duty, kind_of(kind), &name)
            .await
            .map_err(refused)?;
        self.banners.forget();
        Ok(done)
    }

    async fn audit(&self, query: AuditQuery) -> Result<AuditPage, PortError> {
        let walk = query.walk;
        let page = audit_log::page(&self.house, &self.staff.duty, asked(query), walk)
            .await
            .map_err(refused)?;
        Ok(AuditPage {
            rows: page.rows.into_iter().map(audit_row).collect(),
            next: page.next.map(|next| next.to_string()),
            staff: page
                .staff
                .into_iter()
                .map(|(id, name)| (id.to_string(), visible(&name)))
                .collect(),
            acts: AuditAct::all().map(AuditAct::as_str).collect(),
            walk: page.walk.map(walked),
        })
    }

    async fn numbers(&self) -> Result<NumbersPage, PortError> {
        let duty = &self.staff.duty;
        let found = numbers::look(&self.house, duty).await.map_err(refused)?;
        let told = |all: Vec<numbers::Told>| all.into_iter().map(number_told).collect();
        let series = found.series.into_iter();
        Ok(NumbersPage {
            days: found.days,
            series: series.map(|(figure, all)| (number_kind(figure), told(all))).collect(),
            may_export: duty.may(StaffAct::ExportNumbers),
        })
    }
}

fn number_kind(figure: DayFigure) -> NumberKind {
    match figure {
        DayFigure::Mailboxes => NumberKind::Mailboxes,
        DayFigure::Letters => NumberKind::Letters,
        DayFigure::OpenedInDay => NumberKind::OpenedInDay,
        DayFigure::OpenedInWeek => NumberKind::OpenedInWeek,
        DayFigure::NoticesSent => NumberKind::NoticesSent,
        DayFigure::NoticesArrived => NumberKind::NoticesArrived,
        DayFigure::NoticesFailed => NumberKind::NoticesFailed,
        DayFigure::NoticesNotNeeded => NumberKind::NoticesNotNeeded,
        DayFigure::SearchesTenth => NumberKind::SearchesTenth,
        DayFigure::SearchesHalf => NumberKind::SearchesHalf,
        DayFigure::SearchesTwo => NumberKind::SearchesTwo,
        DayFigure::SearchesLonger => NumberKind::SearchesLonger,
    }
}

pub(super) fn number_told(told: numbers::Told) -> NumberTold {
    match told {
        numbers::Told::Number(number) => NumberTold::Number(count(number)),
        numbers::Told::Few => NumberTold::Few,
        numbers::Told::NotYet => NumberTold::NotYet,
        numbers::Told::Nothing => NumberTold::Nothing,
    }
}

/// What an address asks of the log: what is nothing that can be asked, is not asked.
pub(super) fn asked(query: AuditQuery) -> audit_log::Query {
    audit_log::Query {
        act: query.act.and_then(|act| act.parse().ok()),
        staff: maybe(query.staff),
        account: maybe(query.account),
        until: query.until_day.and_then(|day| parse_date(&day)),
        before: query.before.and_then(|before| before.parse().ok()),
    }
}

fn role(role: Role) -> StaffRole {
    match role {
        Role::Support => StaffRole::Support,
        Role::Editor => StaffRole::Editor,
        Role::Operations => StaffRole::Operations,
        Role::Auditor => StaffRole::Auditor,
    }
}

/// Counts by kind, of both states in one.
fn counts(found: Vec<JobCount>) -> Vec<QueueCount> {
    let mut counts: Vec<QueueCount> = Vec::new();
    for jobs in found {
        let place = counts.iter().position(|known| known.kind == jobs.kind);
        let place = place.unwrap_or_else(|| {
            counts.push(QueueCount {
                kind: jobs.kind.clone(),
                waiting: 0,
                given_up: 0,
                oldest: None,
            });
            counts.len() - 1
        });
        let Some(of_kind) = counts.get_mut(place) else { continue };
        if jobs.state == "failed" {
            of_kind.given_up = count(jobs.count);
        } else {
            of_kind.waiting = count(jobs.count);
            of_kind.oldest = Some(jobs.oldest);
        }
    }
    counts
}

fn tag_of(tag: OpinionTag) -> Tag {
    match tag {
        OpinionTag::Fault => Tag::Fault,
        OpinionTag::Hard => Tag::Hard,
        OpinionTag::Wish => Tag::Wish,
        OpinionTag::Praise => Tag::Praise,
        OpinionTag::Other => Tag::Other,
    }
}

fn tag_for_page(tag: Tag) -> OpinionTag {
    match tag {
        Tag::Fault => OpinionTag::Fault,
        Tag::Hard => OpinionTag::Hard,
        Tag::Wish => OpinionTag::Wish,
        Tag::Praise => OpinionTag::Praise,
        Tag::Other => OpinionTag::Other,
    }
}

fn opinion(received: Received) -> OpinionRow {
    OpinionRow {
        id: received.id.to_string(),
        at: received.at,
        page: received.page,
        language: received.language,
        words: received.typed.words,
        answer_to: received.typed.answer.then_some(received.typed.email),
        tag: received.tag.map(tag_for_page),
    }
}

fn named(name: &str) -> Result<Slug, PortError> {
    name.parse().map_err(|_| PortError::NotFound)
}

fn kind_of(kind: StaffTextKind) -> Kind {
    match kind {
        StaffTextKind::Help => Kind::Help,
        StaffTextKind::News => Kind::News,
        StaffTextKind::Banner => Kind::Banner,
    }
}

fn kind_for_page(kind: Kind) -> StaffTextKind {
    match kind {
        Kind::Help => StaffTextKind::Help,
        Kind::News => StaffTextKind::News,
        Kind::Banner => StaffTextKind::Banner,
    }
}

fn text(listed: Listed) -> Option<StaffText> {
    Some(StaffText {
        kind: kind_for_page(listed.kind.parse().ok()?),
        name: listed.name,
        houses: listed.houses,
        versions: listed
            .versions
            .into_iter()
            .map(|version| TextVersion {
                html: preview(&version.row.markdown),
                language: version.row.language,
                title: version.row.title,
                withdrawn: version.row.withdrawn,
                from: version.row.shown_from,
                until: version.row.shown_until,
                when: match version.when {
                    When::Now => TextWhen::Now,
                    When::Coming => TextWhen::Coming,
                    When::Past => TextWhen::Past,
                },
            })
            .collect(),
    })
}

fn fields(typed: Typed) -> TextFields {
    TextFields {
        kind: typed.kind,
        name: typed.name,
        title_sv: typed.sv.0,
        text_sv: typed.sv.1,
        title_en: typed.en.0,
        text_en: typed.en.1,
        from_day: typed.from.0,
        from_time: typed.from.1,
        until_day: typed.until.0,
        until_time: typed.until.1,
    }
}

fn wrong_field(wrong: Wrong) -> TextWrong {
    match wrong {
        Wrong::Kind => TextWrong::Kind,
        Wrong::Name => TextWrong::Name,
        Wrong::TitleSv => TextWrong::TitleSv,
        Wrong::TextSv => TextWrong::TextSv,
        Wrong::TitleEn => TextWrong::TitleEn,
        Wrong::TextEn => TextWrong::TextEn,
        Wrong::From => TextWrong::From,
        Wrong::Until => TextWrong::Until,
    }
}

fn audit_row(told: audit_log::Told) -> AuditRow {
    AuditRow {
        number: told.number,
        at: told.at,
        act: visible(&told.act_name),
        right: match told.right {
            Some(ActingAs::Holder) => AuditRight::Holder,
            Some(ActingAs::Another) => AuditRight::Another,
            Some(ActingAs::Helper) => AuditRight::Helper,
            Some(ActingAs::Signatory) => AuditRight::Signatory,
            Some(ActingAs::Role) => AuditRight::Role,
            Some(ActingAs::Staff) => AuditRight::Staff,
            Some(ActingAs::System) => AuditRight::System,
            Some(ActingAs::Command) => AuditRight::Command,
            None => AuditRight::Unknown,
        },
        who: told.details.who.map(|who| visible(&who)),
        account: told.account.map(|account| account.to_string()),
        object: told.object.map(|object| visible(&object)),
        about: told.details.about.map(|about| visible(&about)),
        reason: told.details.reason.as_deref().and_then(Reason::read).map(reason),
    }
}

fn walked(found: Found) -> AuditWalk {
    match found {
        Found::Whole(mark) => AuditWalk::Whole(count(mark.length), mark.to_string()),
        Found::Broken(broken) => AuditWalk::Broken(match broken {
            Broken::Missing(number) => AuditBreak::Missing(number),
            Broken::Changed(number) => AuditBreak::Changed(number),
            Broken::Forged(number) => AuditBreak::Forged(number),
            Broken::Cut(number) => AuditBreak::Cut(number),
            Broken::Head | Broken::NotAsNoted => AuditBreak::Head,
        }),
    }
}
