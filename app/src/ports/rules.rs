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
    /// Makes a rule, switched off: it is tried before it is switched on.
    async fn make(&self, wanted: WantedRule) -> Result<RuleMade, PortError>;
    /// Switches a rule on or off.
    async fn switch(&self, rule: RuleId, on: bool) -> Result<(), PortError>;
    /// Has a rule asked one step earlier.
    async fn earlier(&self, rule: RuleId) -> Result<(), PortError>;
    /// Removes a rule. What it has done stays done.
    async fn remove(&self, rule: RuleId) -> Result<(), PortError>;
    /// What a rule would have caught.
    async fn attempt(&self, rule: RuleId) -> Result<Tried, PortError>;
    /// Does to the letters that are there what a rule does to those that come; can be taken back.
    async fn apply(&self, rule: RuleId) -> Result<ActId, PortError>;
}

/// Names a rule, in addresses too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleId(pub String);

/// A rule: it catches letters that fit everything it asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// From this sender, by name.
    pub sender: Option<String>,
    /// With these words in the subject.
    pub words: Option<String>,
    /// With this category.
    pub category: Option<CategoryId>,
    /// What it does.
    pub then: Then,
    /// Asked for each letter that comes in.
    pub on: bool,
    /// All that it names is there; otherwise it is passed over.
    pub whole: bool,
}

/// What a rule does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Then {
    /// Puts the letter somewhere.
    Put(Lies),
    /// Gives it a category.
    Category(CategoryId),
}

/// A rule to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedRule {
    /// From which sender, by organisation number.
    pub sender: Option<String>,
    /// With which words in the subject.
    pub words: Option<String>,
    /// With which category.
    pub category: Option<CategoryId>,
    /// What to do.
    pub then: Then,
}

/// What came of making a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RuleMade {
    /// Made, switched off.
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
    /// The rule.
    pub rule: Rule,
    /// How many letters.
    pub caught: u64,
    /// The newest of them.
    pub some: Vec<LetterRow>,
    /// When there are more letters than it was tried on: how many of the newest it was.
    pub of_newest: Option<u64>,
}
