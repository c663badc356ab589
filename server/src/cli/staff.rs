//! `brevlada staff`: who may log in on the staff's side, and as what.

use super::output::say;
use super::{CommandError, shown};
use crate::clock::Clock;
use crate::config::{Config, host};
use crate::db::Db;
use crate::domain::staff::{Login, Roles, SHORTEST_PASSWORD};
use crate::domain::visible::visible;
use crate::house::House;
use crate::support::register::{self, Added, New, Shown};
use clap::{Args, Subcommand};
use std::io::{BufRead as _, IsTerminal as _};
use zeroize::Zeroizing;

/// The longest password that is read.
const LONGEST_PASSWORD: usize = 200;

#[derive(Clone, Debug, Subcommand)]
pub(super) enum Staff {
    /// Add somebody: by the organisation identity of their e-legitimation (anna@5599999017), or, with a name without @, a local account
    /// with a password and codes of an authenticator app. What a local account needs is printed once, and kept nowhere.
    Add(Add),
    /// Everybody, with their roles.
    List,
    /// Lock somebody out, at once.
    Lock(Who),
    /// Let somebody in again; wrong logins are forgotten.
    Unlock(Who),
    /// Give somebody these roles in place of those they have, from their next page on.
    Roles {
        #[command(flatten)]
        who: Who,
        /// support, editor, operations, auditor: any of them, separated by commas; "" for none.
        #[arg(long)]
        roles: Roles,
    },
    /// Give a local account another password and another secret, and end its sessions.
    Reset {
        #[command(flatten)]
        who: Who,
        #[command(flatten)]
        password: Password,
    },
}

#[derive(Args, Clone, Debug)]
pub(super) struct Who {
    /// By what they log in: anna@5599999017, or the name of a local account.
    #[arg(long)]
    login: Login,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Password {
    /// Read the password from the terminal, or from standard input when that is none. Otherwise one is made.
    #[arg(long)]
    ask_password: bool,
}

#[derive(Args, Clone, Debug)]
pub(super) struct Add {
    #[command(flatten)]
    who: Who,
    /// Their name, as colleagues and the audit log see it.
    #[arg(long)]
    name: String,
    /// support, editor, operations, auditor: any of them, separated by commas.
    #[arg(long)]
    roles: Roles,
    #[command(flatten)]
    password: Password,
    /// It is no matter if they are there already.
    #[arg(long)]
    or_leave: bool,
}

impl Staff {
    pub(super) async fn obey(self, config: &Config) -> Result<(), CommandError> {
        let db = Db::open(config.database.url.expose()).await?;
        db.migrate().await?;
        let house = House::new(db, crate::seal::Keys::load(&config.keys.master_file)?, Clock::system());
        let done = self.carry_out(&house, &host(&config.web.public_url)).await;
        house.db.close().await;
        done
    }

    async fn carry_out(self, house: &House, host: &str) -> Result<(), CommandError> {
        match self {
            Self::Add(order) => return add(house, order, host).await,
            Self::List => return list(house).await,
            Self::Lock(who) => known(register::lock(house, &who.login, true).await?)?,
            Self::Unlock(who) => known(register::lock(house, &who.login, false).await?)?,
            Self::Roles { who, roles } => known(register::set_roles(house, &who.login, &roles).await?)?,
            Self::Reset { who, password } => {
                let password = password.read()?;
                let Some(shown) = register::reset(house, &who.login, password, host).await? else {
                    return Err(CommandError::Staff("there is no local account of that name".to_owned()));
                };
                return tell(&shown);
            }
        }
        say!("Done.")?;
        Ok(())
    }
}

fn known(there: bool) -> Result<(), CommandError> {
    if there {
        Ok(())
    } else {
        Err(CommandError::Staff("nobody of the staff has that login".to_owned()))
    }
}

async fn add(house: &House, order: Add, host: &str) -> Result<(), CommandError> {
    let name = order.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(char::is_control) {
        return Err(CommandError::Staff("a name has 1 to 100 signs".to_owned()));
    }
    let is_local = matches!(order.who.login, Login::Local(_));
    let new = New {
        name,
        password: if is_local { order.password.read()? } else { None },
        login: order.who.login,
        roles: order.roles,
    };
    match register::add(house, new, host).await? {
        Added::Done(shown) => {
            say!("Added.")?;
            if let Some(shown) = shown {
                tell(&shown)?;
            }
            Ok(())
        }
        Added::Taken if order.or_leave => {
            say!("Is there already, and was left as it was.")?;
            Ok(())
        }
        Added::Taken => Err(CommandError::Staff(
            "somebody has that login already. `brevlada staff roles` and `staff reset` change what there is".to_owned(),
        )),
    }
}

async fn list(house: &House) -> Result<(), CommandError> {
    let all = register::list(house).await?;
    if all.is_empty() {
        say!("Nobody: `brevlada staff add` adds somebody.")?;
    }
    for one in all {
        let roles = one.roles.to_string();
        say!(
            "{} ({}) {}, since {}{}",
            visible(&one.login),
            visible(&one.name),
            if roles.is_empty() { "no roles" } else { &roles },
            shown(one.since),
            if one.locked { ", locked" } else { "" }
        )?;
    }
    Ok(())
}

fn tell(shown: &Shown) -> Result<(), CommandError> {
    say!("This is shown once, and kept nowhere:")?;
    if let Some(password) = &shown.password {
        say!("  password  {}", password.as_str())?;
    }
    say!("  secret    {}", shown.secret.as_str())?;
    say!("  for an authenticator app  {}", shown.address.as_str())
}

impl Password {
    fn read(&self) -> Result<Option<Zeroizing<String>>, CommandError> {
        if !self.ask_password {
            return Ok(None);
        }
        let input = std::io::stdin();
        let typed = if input.is_terminal() {
            rpassword::prompt_password("Password: ").map_err(CommandError::Password)?
        } else {
            let mut line = String::new();
            input.lock().read_line(&mut line).map_err(CommandError::Password)?;
            line.trim_end_matches(['\r', '\n']).to_owned()
        };
        let typed = Zeroizing::new(typed);
        let length = typed.chars().count();
        if (SHORTEST_PASSWORD..=LONGEST_PASSWORD).contains(&length) {
            Ok(Some(typed))
        } else {
            Err(CommandError::Staff(format!(
                "a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} signs. Without --ask-password a good one is made"
            )))
        }
    }
}
