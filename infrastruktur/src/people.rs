//! Everybody and every organisation of the demonstration: fictitious, with valid check digits.
//!
//! Birth numbers 980–989 are set aside for tests by Skatteverket and are never given to a living person;
//! 191212121212 is the field's oldest joke. Company numbers lie in a range that Bolagsverket has not reached.

use contracts::authority::GrantType;
use contracts::identifier::{OrganisationNumber, PersonalNumber};
use time::{Date, Duration, Month};

/// Number of the mailbox operator of the demonstration, as FaR and certificates know it.
pub const OPERATOR: &str = "165599999017";
/// Number of the other operator, where some people have their mailbox.
pub const OTHER_OPERATOR: &str = "165599999025";

/// What a person of the demonstration shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Circumstance {
    /// Has a mailbox at this operator from the start.
    MailboxHere,
    /// Has a mailbox at another operator.
    MailboxElsewhere,
    /// Has no mailbox anywhere yet.
    NoMailbox,
    /// Lives under protected identity: FaR answers 6006.
    ProtectedIdentity,
    /// Is under 18.
    Minor,
    /// Signs alone for a company.
    SignsAlone,
    /// Signs for a company together with another.
    SignsTogether,
    /// Signs for a housing association, any two of three.
    SignsForAssociation,
    /// Signs for a company whose rule no machine can read.
    SignsByUnreadableRule,
    /// Has a role in a company, and is no signatory.
    HasRole,
    /// Has a coordination number (samordningsnummer).
    CoordinationNumber,
    /// Works at the operator's support desk.
    SupportStaff,
}

/// A person of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person {
    /// Twelve digits.
    pub number: &'static str,
    /// First name.
    pub given_name: &'static str,
    /// Last name.
    pub surname: &'static str,
    /// What is shown by this person.
    pub circumstance: Circumstance,
}

impl Person {
    /// First and last name.
    pub fn name(&self) -> String {
        format!("{} {}", self.given_name, self.surname)
    }
}

const fn person(
    number: &'static str,
    given_name: &'static str,
    surname: &'static str,
    circumstance: Circumstance,
) -> Person {
    Person {
        number,
        given_name,
        surname,
        circumstance,
    }
}

/// The persons that the demonstration e-legitimation offers, in that order.
pub const PERSONS: &[Person] = &[
    person("191212121212", "Tolvan", "Tolvansson", Circumstance::MailboxHere),
    person("197503029816", "Bertil", "Berg", Circumstance::NoMailbox),
    person("195407209831", "Nils", "Nyström", Circumstance::NoMailbox),
    person("198109159874", "Johan", "Jonsson", Circumstance::NoMailbox),
    person("196904239867", "Karin", "Kvist", Circumstance::NoMailbox),
    person("199312089858", "Love", "Lund", Circumstance::NoMailbox),
    person("200703119842", "Maja", "Moberg", Circumstance::NoMailbox),
    person("194403129846", "Märta", "Modig", Circumstance::NoMailbox),
    person("197608179813", "Oskar", "Ohlin", Circumstance::NoMailbox),
    person("198704149809", "Rut", "Rask", Circumstance::NoMailbox),
    person("196509229818", "Sten", "Stark", Circumstance::NoMailbox),
    person("198005159804", "Agnes", "Andersson", Circumstance::MailboxElsewhere),
    person("199011119824", "Cecilia", "Ceder", Circumstance::ProtectedIdentity),
    person("201206019836", "David", "Dahl", Circumstance::Minor),
    person("198501699881", "Lina", "Landin", Circumstance::CoordinationNumber),
    person("196808179847", "Eva", "Ek", Circumstance::SignsAlone),
    person("197209239859", "Filip", "Fors", Circumstance::SignsTogether),
    person("198502149860", "Greta", "Gran", Circumstance::SignsTogether),
    person("198206309802", "Sara", "Sand", Circumstance::SignsForAssociation),
    person("197501149814", "Tor", "Tall", Circumstance::SignsForAssociation),
    person("196909229830", "Ulf", "Udd", Circumstance::SignsForAssociation),
    person("198805059840", "Ylva", "Ytter", Circumstance::HasRole),
    person("195803179869", "Vera", "Vik", Circumstance::SignsByUnreadableRule),
    person("198304099826", "Hanna", "Hjelm", Circumstance::SupportStaff),
    person("197906289835", "Ivar", "Isberg", Circumstance::SupportStaff),
    person("199003079820", "Jonna", "Juhl", Circumstance::SupportStaff),
];

/// Finds a person of the demonstration by number.
pub fn find(number: &str) -> Option<&'static Person> {
    PERSONS.iter().find(|p| p.number == number)
}

/// How a company is signed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningRule {
    /// Each signatory alone.
    Alone,
    /// All signatories together.
    Together,
    /// Any two of the signatories.
    AnyTwo,
    /// A rule that no machine can read.
    Unreadable,
}

impl SigningRule {
    /// Whether so many of so many signatories are enough.
    pub fn is_met(self, signed: usize, signatories: usize) -> bool {
        match self {
            Self::Alone => signed >= 1,
            Self::Together => signed == signatories,
            Self::AnyTwo => signed >= 2,
            Self::Unreadable => false,
        }
    }

    /// As the companies register words it.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Alone => "Firman tecknas av ledamöterna var för sig.",
            Self::Together => "Firman tecknas av bolagsmännen gemensamt.",
            Self::AnyTwo => "Firman tecknas av två ledamöter i förening.",
            Self::Unreadable => {
                "Firman tecknas enligt bolagsordningen, dock endast i frågor som inte rör fast egendom."
            }
        }
    }
}

/// A company of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Company {
    /// Twelve digits, 16 first.
    pub number: &'static str,
    /// Registered name.
    pub name: &'static str,
    /// Company form: AB, HB, or one that may have no mailbox.
    pub form: &'static str,
    /// Who must sign.
    pub rule: SigningRule,
    /// Personal numbers of the signatories.
    pub signatories: &'static [&'static str],
    /// Who else acts for it: personal number and role.
    pub roles: &'static [(&'static str, &'static str)],
}

/// The companies.
pub const COMPANIES: &[Company] = &[
    Company {
        number: "165599999033",
        name: "Ek Bygg AB",
        form: "AB",
        rule: SigningRule::Alone,
        signatories: &["196808179847"],
        roles: &[("198805059840", "Verkställande direktör")],
    },
    Company {
        number: "169699999042",
        name: "Fors & Gran HB",
        form: "HB",
        rule: SigningRule::Together,
        signatories: &["197209239859", "198502149860"],
        roles: &[],
    },
    Company {
        number: "168029999052",
        name: "Stiftelsen Granbacken",
        form: "Stiftelse",
        rule: SigningRule::Unreadable,
        signatories: &["198502149860"],
        roles: &[],
    },
    Company {
        number: "167696999999",
        name: "Bostadsrättsföreningen Udden",
        form: "BRF",
        rule: SigningRule::AnyTwo,
        signatories: &["198206309802", "197501149814", "196909229830"],
        roles: &[],
    },
    Company {
        number: "165599999066",
        name: "Vik Konsult AB",
        form: "AB",
        rule: SigningRule::Unreadable,
        signatories: &["195803179869"],
        roles: &[],
    },
];

/// A consent that a person of the demonstration has given another in the register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Consent {
    /// Whose mailbox.
    pub holder: &'static str,
    /// Who is let in.
    pub helper: &'static str,
    /// As far as this.
    pub grant: GrantType,
}

/// The consents: Karin lets three others in, each as far as another.
pub const CONSENTS: &[Consent] = &[
    Consent {
        holder: "196904239867",
        helper: "199312089858",
        grant: GrantType::ConsentRead,
    },
    Consent {
        holder: "196904239867",
        helper: "198109159874",
        grant: GrantType::ConsentManage,
    },
    Consent {
        holder: "196904239867",
        helper: "195407209831",
        grant: GrantType::ConsentReadExtendUnread,
    },
];

/// An organisation that sends, and for whom it may mediate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sender {
    /// Twelve digits, 16 first.
    pub number: &'static str,
    /// Name shown to readers.
    pub name: &'static str,
    /// Numbers of other senders that it may send for, as a mediator.
    pub mediates_for: &'static [&'static str],
}

/// The senders. Each is its own mediator; Kommun B also sends for Kommun A.
pub const SENDERS: &[Sender] = &[
    Sender {
        number: "162021004748",
        name: "Kommun A",
        mediates_for: &[],
    },
    Sender {
        number: "162021003898",
        name: "Kommun B",
        mediates_for: &["162021004748"],
    },
    Sender {
        number: "162021005448",
        name: "Skatteverket (demo)",
        mediates_for: &[],
    },
    Sender {
        number: "162021005489",
        name: "Bolagsverket (demo)",
        mediates_for: &[],
    },
];

/// Finds a sender by number.
pub fn sender(number: &OrganisationNumber) -> Option<&'static Sender> {
    let number = number.to_string();
    SENDERS.iter().find(|s| s.number == number)
}

/// A mailbox operator of the demonstration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Twelve digits, 16 first.
    pub number: &'static str,
    /// Name.
    pub name: &'static str,
    /// Internet domain, which is how `register` names an operator.
    pub domain: &'static str,
}

/// Ours.
pub const THIS_OPERATOR: Operator = Operator {
    number: OPERATOR,
    name: "brevlada (demonstration)",
    domain: "brevlada.localhost",
};
/// The other one. It has no address that answers.
pub const ANOTHER_OPERATOR: Operator = Operator {
    number: OTHER_OPERATOR,
    name: "Grannpost (demonstration)",
    domain: "grannpost.invalid",
};

/// Any number of further fictitious holders, the same ones every time: ten for each day from 1 January 1940.
/// For load: they are not among the persons of the e-legitimation.
pub fn crowd() -> impl Iterator<Item = PersonalNumber> {
    let first = Date::from_calendar_date(1940, Month::January, 1).unwrap_or(Date::MIN);
    (0..20_000_i64).flat_map(move |day| {
        let date = first.saturating_add(Duration::days(day));
        (980..990_u16).filter_map(move |birth_number| {
            let nine = format!(
                "{:02}{:02}{:02}{birth_number}",
                date.year() % 100,
                u8::from(date.month()),
                date.day()
            );
            let number = format!("{:04}{}{}", date.year(), nine.get(2..)?, check_digit(&nine)?);
            (find(&number).is_none()).then(|| number.parse().ok()).flatten()
        })
    })
}

/// The check digit of nine digits, by the rule of personal and organisation numbers (modulus 10, weights 2 and 1).
pub fn check_digit(nine: &str) -> Option<u32> {
    let sum: u32 = nine
        .chars()
        .zip([2, 1].into_iter().cycle())
        .map(|(c, weight)| c.to_digit(10).map(|d| d * weight).map(|p| p / 10 + p % 10))
        .sum::<Option<u32>>()?;
    Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_a_valid_number() {
        for person in PERSONS {
            let number: PersonalNumber = person.number.parse().unwrap();
            assert_eq!(number.to_string(), person.number);
            assert_eq!(
                number.is_coordination(),
                person.circumstance == Circumstance::CoordinationNumber
            );
        }
        let organisations = COMPANIES
            .iter()
            .map(|c| c.number)
            .chain(SENDERS.iter().map(|s| s.number));
        for number in organisations.chain([OPERATOR, OTHER_OPERATOR]) {
            let number_read: OrganisationNumber = number.parse().unwrap();
            assert_eq!(number_read.to_string(), number);
            assert_eq!(check_digit(&number[2..11]), number[11..].parse().ok(), "{number}");
        }
    }

    #[test]
    fn signatories_are_persons_of_the_demonstration() {
        for company in COMPANIES {
            let roles = company.roles.iter().map(|(number, _)| number);
            for number in company.signatories.iter().chain(roles) {
                assert!(find(number).is_some(), "{number}");
            }
        }
    }

    #[test]
    fn a_crowd_is_large_valid_and_without_doubles() {
        let some: std::collections::BTreeSet<_> = crowd().take(25_000).map(|n| n.to_string()).collect();
        assert_eq!(some.len(), 25_000);
    }
}
