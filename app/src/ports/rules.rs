//! Rules for letters that come in.

use super::{ActId, CategoryId, LetterRow, Lies, PortError};
use async_trait::async_trait;
use serde::{Deserialize, Serialize};

/// Rules for letters that come in. A rule moves or marks a letter; it can neither remove one nor hide that it is unread.
#[async_trait]
pub trait SortingRules: Send + Sync {
    /// The rules, in the order they are asked.
    async fn all(&self) -> Result<Vec<Rule>, PortError>;
    /// Everybody that letters have come from, by the alphabet.
    async fn senders(&self) -> Result<Vec<KnownSender>, PortError>;
    /// What a rule that is not made would have caught. Nothing of it is kept.
    async fn attempt_wanted(&self, wanted: WantedRule) -> Result<RuleAttempt, PortError>;
    /// Makes a rule and switches it on.
    async fn make(&self, wanted: WantedRule) -> Result<RuleMade, PortError>;
    /// Switches a rule on or off.
    async fn switch(&self, rule: RuleId, on: bool) -> Result<(), PortError>;
    /// Has a rule asked one step earlier.
    async fn earlier(&self, rule: RuleId) -> Result<(), PortError>;
    /// Removes a rule. What it has done stays done.
    async fn remove(&self, rule: RuleId) -> Result<(), PortError>;
    /// A rule, and what it would have caught.
    async fn attempt(&self, rule: RuleId) -> Result<(Rule, Tried), PortError>;
    /// Does to the letters that are there what a rule does to those that come; can be taken back.
    async fn apply(&self, rule: RuleId) -> Result<ActId, PortError>;
}

/// Names a rule, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleId(pub String);

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it says.
    pub says: RuleSays,
    /// Asked for each letter that comes in.
    pub on: bool,
    /// All that it names is there; otherwise it is passed over.
    pub whole: bool,
}

/// What a rule says: it catches letters that fit everything it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleSays {
    /// From this sender, by name.
    pub sender: Option<String>,
    /// With these words.
    pub words: Option<String>,
    /// Where the words stand.
    pub within: Within,
    /// With this category.
    pub category: Option<CategoryId>,
    /// What it does.
    pub then: Then,
}

/// Where the words that a rule asks for stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// Anywhere in the letter, but for the text of attachments.
    #[default]
    Letter,
    /// In the subject.
    Subject,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// Puts the letter somewhere.
    Put(Lies),
    /// Gives it a category.
    Category(CategoryId),
}

/// A rule to be made, or only tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedRule {
    /// From which sender, by organisation number.
    pub sender: Option<String>,
    /// With which words.
    pub words: Option<String>,
    /// Where the words stand.
    pub within: Within,
    /// With which category.
    pub category: Option<CategoryId>,
    /// What to do.
    pub then: Then,
}

/// What came of making a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleMade {
    /// Made, and on.
    Made(RuleId),
    /// It asks nothing: it would catch every letter.
    AsksNothing,
    /// There are as many rules as there may be.
    TooMany,
    /// Something that it names is not there any more.
    NotThere,
}

/// A sender that letters have come from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownSender {
    /// Organisation number.
    pub number: String,
    /// Name.
    pub name: String,
}

/// What a rule would have caught.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tried {
    /// How many letters.
    pub caught: u64,
    /// The newest of them.
    pub some: Vec<LetterRow>,
    /// Some letters have come so lately that they could not be looked at.
    pub waiting: bool,
}

/// What came of trying a rule that is not made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleAttempt {
    /// What it says, and what it would have caught.
    Tried(RuleSays, Tried),
    /// It asks nothing: it would catch every letter.
    AsksNothing,
    /// Something that it names is not there any more.
    NotThere,
}
