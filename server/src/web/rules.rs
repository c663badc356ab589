//! Rules for letters that come in, for the person who is logged in.

use super::ports::{row, unavailable};
use super::sorting::{category_id, category_named, lies, place};
use crate::domain::rule::{Rule as DomainRule, Then as DomainThen, Within as DomainWithin};
use crate::house::House;
use crate::mailbox::access::Person;
use crate::mailbox::rules::{self, Applied, Attempted, Changed, Told, Wanted};
use app::ports::{
    ActId, KnownSender, PortError, Rule, RuleAttempt, RuleId, RuleMade, RuleSays, SortingRules, Then, Tried,
    WantedRule, Within,
};
use async_trait::async_trait;
use uuid::Uuid;

/// The rules of one mailbox, for its holder.
pub(super) struct OwnRules {
    pub(super) house: House,
    pub(super) person: Person,
}

#[async_trait]
impl SortingRules for OwnRules {
    async fn all(&self) -> Result<Vec<Rule>, PortError> {
        let rules = rules::rules(&self.house, &self.person).await.map_err(unavailable)?;
        Ok(rules.into_iter().map(told).collect())
    }

    async fn senders(&self) -> Result<Vec<KnownSender>, PortError> {
        let senders = rules::senders(&self.house, &self.person).await.map_err(unavailable)?;
        Ok(senders
            .into_iter()
            .map(|sender| KnownSender {
                number: sender.number,
                name: sender.name,
            })
            .collect())
    }

    async fn attempt_wanted(&self, wanted: WantedRule) -> Result<RuleAttempt, PortError> {
        let Ok(wanted) = read(wanted) else {
            return Ok(RuleAttempt::NotThere);
        };
        let attempted = rules::attempt_wanted(&self.house, &self.person, wanted)
            .await
            .map_err(unavailable)?;
        Ok(match attempted {
            Attempted::Tried(found) => {
                let (rule, found) = *found;
                RuleAttempt::Tried(says(rule), tried(found))
            }
            Attempted::AsksNothing => RuleAttempt::AsksNothing,
            Attempted::NotFound => RuleAttempt::NotThere,
        })
    }

    async fn make(&self, wanted: WantedRule) -> Result<RuleMade, PortError> {
        let Ok(wanted) = read(wanted) else {
            return Ok(RuleMade::NotThere);
        };
        match rules::make(&self.house, &self.person, wanted)
            .await
            .map_err(unavailable)?
        {
            Changed::Done(id) => Ok(RuleMade::Made(RuleId(id.to_string()))),
            Changed::AsksNothing => Ok(RuleMade::AsksNothing),
            Changed::TooMany => Ok(RuleMade::TooMany),
            Changed::NotFound => Ok(RuleMade::NotThere),
        }
    }

    async fn switch(&self, rule: RuleId, on: bool) -> Result<(), PortError> {
        changed(
            rules::switch(&self.house, &self.person, rule_id(&rule)?, on)
                .await
                .map_err(unavailable)?,
        )
    }

    async fn earlier(&self, rule: RuleId) -> Result<(), PortError> {
        changed(
            rules::earlier(&self.house, &self.person, rule_id(&rule)?)
                .await
                .map_err(unavailable)?,
        )
    }

    async fn remove(&self, rule: RuleId) -> Result<(), PortError> {
        changed(
            rules::remove(&self.house, &self.person, rule_id(&rule)?)
                .await
                .map_err(unavailable)?,
        )
    }

    async fn attempt(&self, rule: RuleId) -> Result<(Rule, Tried), PortError> {
        let (rule, found) = rules::attempt(&self.house, &self.person, rule_id(&rule)?)
            .await
            .map_err(unavailable)?
            .ok_or(PortError::NotFound)?;
        Ok((told(rule), tried(found)))
    }

    async fn apply(&self, rule: RuleId) -> Result<ActId, PortError> {
        match rules::apply(&self.house, &self.person, rule_id(&rule)?)
            .await
            .map_err(unavailable)?
        {
            Applied::Begun(act) => Ok(ActId(act.to_string())),
            Applied::NotFound => Err(PortError::NotFound),
        }
    }
}

fn rule_id(rule: &RuleId) -> Result<Uuid, PortError> {
    Uuid::parse_str(&rule.0).map_err(|_| PortError::NotFound)
}

fn changed(changed: Changed) -> Result<(), PortError> {
    match changed {
        Changed::Done(_) => Ok(()),
        Changed::AsksNothing | Changed::TooMany | Changed::NotFound => Err(PortError::NotFound),
    }
}

fn read(wanted: WantedRule) -> Result<Wanted, PortError> {
    Ok(Wanted {
        sender: wanted.sender,
        words: wanted.words,
        within: match wanted.within {
            Within::Letter => DomainWithin::Letter,
            Within::Subject => DomainWithin::Subject,
        },
        category: wanted.category.as_ref().map(category_id).transpose()?,
        then: match &wanted.then {
            Then::Put(to) => DomainThen::Put(place(to)?),
            Then::Category(category) => DomainThen::Category(category_id(category)?),
        },
    })
}

fn tried(tried: rules::Tried) -> Tried {
    Tried {
        caught: u64::try_from(tried.caught).unwrap_or(u64::MAX),
        some: tried.some.into_iter().map(row).collect(),
        waiting: tried.waiting,
    }
}

fn told(told: Told) -> Rule {
    Rule {
        id: RuleId(told.id.to_string()),
        says: says(told.rule),
        on: told.active,
        whole: told.whole,
    }
}

fn says(rule: DomainRule) -> RuleSays {
    RuleSays {
        sender: rule.asks.sender.map(|sender| sender.name),
        words: rule.asks.words,
        within: match rule.asks.within {
            DomainWithin::Letter => Within::Letter,
            DomainWithin::Subject => Within::Subject,
        },
        category: rule.asks.category.map(category_named),
        then: match rule.then {
            DomainThen::Put(place) => Then::Put(lies(place)),
            DomainThen::Category(category) => Then::Category(category_named(category)),
        },
    }
}
