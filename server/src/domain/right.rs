//! Rights: what may be done in a mailbox. Which of them somebody has there is decided in one place ([`crate::mailbox::access`]).

use contracts::authority::Activity;

/// What an act takes. Everything that can be done in a mailbox falls under one of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Read letters, find them, save copies.
    View,
    /// See what is put together from all letters: senders, counts, matters, payments.
    Overview,
    /// Pass a letter on.
    Forward,
    /// Mark, move, bin, give categories.
    Organise,
    /// Make, change and remove folders and categories.
    Arrange,
    /// Rules for letters that come in, notices, language.
    EditSettings,
    /// Addresses and browsers that notices go to.
    EditContacts,
    /// See who has been in, and done what.
    SeeAccess,
    /// Let others in, a calendar too, and lead letters elsewhere for good.
    GiveAccess,
    /// Open, end and move the mailbox, decide from whom letters come, take everything out or in, and erase for good.
    Account,
}

impl Right {
    /// Every right.
    pub const ALL: [Self; 10] = [
        Self::View,
        Self::Overview,
        Self::Forward,
        Self::Organise,
        Self::Arrange,
        Self::EditSettings,
        Self::EditContacts,
        Self::SeeAccess,
        Self::GiveAccess,
        Self::Account,
    ];

    /// Whether what is done by it goes on when the session is over: whoever acts for a company needs an answer of Authority's for that very
    /// act, since between login and now they may have left.
    pub fn outlasts_the_session(self) -> bool {
        matches!(self, Self::EditContacts | Self::GiveAccess | Self::Account)
    }

    /// What an activity that Authority grants for a company gives in its mailbox. Parts of the settings that are narrower than our rights
    /// (`EditSettingsFrom`, `EditSettingsForward` and the like) give none.
    pub fn granted_by(activity: Activity) -> &'static [Self] {
        match activity {
            Activity::View => &[Self::View, Self::Overview],
            Activity::ForwardMessage => &[Self::Forward],
            Activity::InitiateAccountAction => &[Self::Account],
            Activity::EditSettings => &[
                Self::Organise,
                Self::Arrange,
                Self::EditSettings,
                Self::EditContacts,
                Self::SeeAccess,
            ],
            Activity::EditSettingsContact => &[Self::EditContacts],
            Activity::EditSettingsConsent => &[Self::SeeAccess, Self::GiveAccess],
            Activity::InitiateConsentReadAction
            | Activity::InitiateConsentManageAction
            | Activity::InitiateConsentAction
            | Activity::EditSettingsFrom
            | Activity::EditSettingsForward
            | Activity::EditSettingsAddressbook
            | Activity::EditSettingsInactivate => &[],
        }
    }
}
