//! The words of copies that leave the mailbox: saved letters, mails that are passed on, exports. The server writes the copies and asks
//! here for every word, so that translators find all of them in one place.

use crate::i18n::Locale;
use crate::ports::Payment;
use crate::request::Language;
use crate::words::{self, Moment, say};
use leptos_i18n::td_string;
use time::OffsetDateTime;

/// The words in one language.
#[derive(Clone, Copy, Debug)]
pub struct CopyWords {
    l: Locale,
    tag: &'static str,
}

macro_rules! labels {
    ($($(#[$about:meta])* $name:ident;)*) => {$(
        $(#[$about])*
        pub fn $name(&self) -> &'static str {
            td_string!(self.l, copy.$name)
        }
    )*};
}

impl CopyWords {
    /// In `language`.
    pub fn of(language: Language) -> Self {
        Self {
            l: language.into(),
            tag: language.tag(),
        }
    }

    /// The language's tag.
    pub fn tag(&self) -> &'static str {
        self.tag
    }

    labels! {
        /// Who it is from.
        from;
        /// Whom it is for.
        to;
        /// When it came.
        came;
        /// Whether the signatures hold.
        signature;
        /// What came with it.
        attachments;
        /// Whom to ask.
        questions;
        /// What is to be paid.
        payment;
        /// What is to be paid by whom the letter is addressed to.
        payment_of_another;
        /// Who passed it on.
        passed_on_by;
        /// It was passed on without its signature.
        copy_without;
        /// The same in a list.
        copy_without_short;
        /// The same, and the signature did not hold.
        copy_of_broken;
        /// The subject.
        subject;
        /// The signatures do not hold.
        broken;
        /// Read, in a list.
        read;
        /// Not read, in a list.
        unread;
        /// The name of the folder of letters in an export.
        folder_letters;
        /// The name of the folder of attachments.
        folder_attachments;
        /// The name of the folder of certificates.
        folder_certificates;
        /// The name of the file that tells how signatures are checked.
        file_check;
        /// The name of the letter's page, without its ending.
        file_letter;
        /// The heading of an export.
        export_heading;
        /// What an export is.
        export_lead;
        /// How to look for something in it.
        export_search;
        /// How to check signatures.
        export_check;
        /// How to read it back.
        export_import;
        /// The letter in a list.
        letter;
        /// Where the list of letters begins.
        export_letters;
        /// The original in a list.
        original;
        /// No letters at all.
        export_none;
    }

    /// A moment in full, in Swedish time.
    pub fn time(&self, at: OffsetDateTime) -> String {
        Moment::new(at, at).in_full(self.l)
    }

    /// A name and a moment.
    pub fn by_whom_and_when(&self, name: &str, at: OffsetDateTime) -> String {
        format!("{name}, {}", self.time(at))
    }

    /// Who signed and who sealed, and that it holds.
    pub fn holds(&self, signer: &str, signer_number: &str, sealer: &str, sealer_number: &str) -> String {
        say!(
            self.l,
            copy.holds,
            signer = signer,
            signer_number = signer_number,
            sealer = sealer,
            sealer_number = sealer_number
        )
    }

    /// What is to be paid, to whom, when and how.
    pub fn pay(&self, payment: &Payment, payee: &str, now: OffsetDateTime) -> String {
        words::pay(self.l, payment, payee, now)
    }

    /// Who passed a letter on, and what not to do with the mail.
    pub fn passed_on(&self, who: &str, sender: &str) -> String {
        say!(self.l, copy.passed_on, who = who, sender = sender)
    }

    /// The subject of such a mail.
    pub fn passed_on_subject(&self, subject: &str) -> String {
        say!(self.l, copy.passed_on_subject, subject = subject)
    }

    /// A size as people say it.
    pub fn size(&self, bytes: u64) -> String {
        words::words_of_size(self.l, bytes)
    }

    /// A file's name and size.
    pub fn file(&self, name: &str, bytes: u64) -> String {
        format!("{name}, {}", self.size(bytes))
    }

    /// What a saved copy says of itself.
    pub fn is_a_copy(&self, at: OffsetDateTime) -> String {
        say!(self.l, copy.is_a_copy, at = self.time(at))
    }

    /// “Undertecknat som”: above a name that is another than the register's.
    pub fn signed_as(&self) -> &'static str {
        td_string!(self.l, copy.signed_as)
    }

    /// In which folder of the person's own a letter lies.
    pub fn in_folder(&self, path: &str) -> String {
        say!(self.l, copy.in_folder, path = path)
    }

    /// Whose export, when, how many letters.
    pub fn export_of(&self, name: &str, at: OffsetDateTime, letters: u64) -> String {
        say!(self.l, copy.export_of, name = name, at = self.time(at), n = letters)
    }
}
