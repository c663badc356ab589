//! Help, news and opinions, for the pages: open to all.

use super::ports::unavailable;
use crate::domain::text::Kind;
use crate::house::House;
use crate::mailbox::{feedback, texts};
use app::Language;
use app::ports::{Opinion, PortError, Public, Said, Text, TextKind, TextRow};
use async_trait::async_trait;
use uuid::Uuid;

/// What anybody may ask.
pub(super) struct Open {
    pub(super) house: House,
    pub(super) language: Language,
}

#[async_trait]
impl Public for Open {
    async fn texts(&self, kind: TextKind) -> Result<Vec<TextRow>, PortError> {
        let texts = texts::list(&self.house, kind_of(kind), self.language.tag()).await;
        Ok(texts.map_err(unavailable)?.into_iter().map(row).collect())
    }

    async fn text(&self, kind: TextKind, name: String) -> Result<Text, PortError> {
        let text = texts::read(&self.house, kind_of(kind), &name, self.language.tag()).await;
        let text = text.map_err(unavailable)?.ok_or(PortError::NotFound)?;
        Ok(Text {
            row: row(text.listed),
            html: text.html,
        })
    }

    async fn say(&self, opinion: Opinion) -> Result<Said, PortError> {
        let typed = feedback::Typed {
            words: opinion.words,
            answer: opinion.answer,
            email: opinion.email,
        };
        let sent = feedback::send(&self.house, typed, &opinion.page, self.language.tag()).await;
        Ok(match sent.map_err(unavailable)? {
            feedback::Sent::Done => Said::Done,
            feedback::Sent::Wrong { draft, words, email } => Said::Wrong {
                draft: draft.to_string(),
                words,
                email,
            },
            feedback::Sent::TooMany => Said::TooMany,
        })
    }

    async fn typed(&self, draft: String) -> Result<Option<Opinion>, PortError> {
        let Ok(draft) = Uuid::parse_str(&draft) else {
            return Ok(None);
        };
        let taken = feedback::take_draft(&self.house, draft).await.map_err(unavailable)?;
        Ok(taken.map(|(typed, page)| Opinion {
            words: typed.words,
            answer: typed.answer,
            email: typed.email,
            page,
        }))
    }
}

fn kind_of(kind: TextKind) -> Kind {
    match kind {
        TextKind::Help => Kind::Help,
        TextKind::News => Kind::News,
    }
}

fn row(text: texts::Listed) -> TextRow {
    TextRow {
        name: text.slug,
        title: text.title,
        language: text.language,
        shown_from: text.shown_from,
    }
}
