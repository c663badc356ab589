//! The document around every page, and which page an address leads to.

use crate::pages::{
    About, AccessLog, Accessibility, Archive, Askers, Bin, BinLetters, CategoriesPage, CategoriseLetters, CategoryPage,
    CompaniesPage, CompanyPage, ContactsPage, EmptyTheBin, EndingPage, ExportPage, FeedbackPage, FolderPage,
    FoldersPage, ForwardLetterPage, ForwardRules, Forwarded, Help, HelpText, Helpers, Helping, Inbox, KeysPage,
    LetterPage, LetterPrint, LoginFault, LookSettings, MatterList, MatterOne, MoveLetters, NewRulePage, NewsPage,
    NewsText, NoSuchPage, NoticeLog, NoticeRules, OperatorSettings, OwnRulePage, Payments, Privacy, ReceptionPage,
    ReceptionReview, RulePage, RulesPage, SearchPage, Sessions, SettingsPage, SignedOut, StaffAccount, StaffAccounts,
    StaffAnswer, StaffAudit, StaffCertificates, StaffFeedback, StaffLocalLogin, StaffLogin, StaffNumbers, StaffQueue,
    StaffSecond, StaffSender, StaffSenders, StaffStart, StaffTextForm, StaffTextPage, StaffTexts, StaffTrace,
    StaffTraceForm, Starred, Start, TakenLetters, Terms,
};
use crate::ports::Ports;
use crate::request::{language, locale, look};
use leptos::prelude::*;
use leptos_i18n::td_string;
use leptos_meta::{MetaTags, provide_meta_context};
use leptos_router::components::{Route, Router, Routes};
use leptos_router::{SsrMode, path};

/// The document: what the server sends for every page. `options` say under which name the browser's part is found.
///
/// The script comes only to those who are logged in: pages without islands stay without it. The islands router of Leptos
/// is left out on purpose: see [`crate::islands::Turn`].
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let l = locale();
    let look = look();
    let at_home = use_context::<Ports>().is_some_and(|ports| ports.home.is_some());
    view! {
        <!DOCTYPE html>
        <html lang=language().tag() data-look=look.attribute()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content=look.scheme()/>
                // The first that fits counts.
                {look.door().map(|colour| view! { <meta name="theme-color" content=colour/> })}
                <meta name="theme-color" content="#153f36" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#0d2a23" media="(prefers-color-scheme: dark)"/>
                <meta name="format-detection" content="telephone=no"/>
                <meta name="description" content=td_string!(l, brand.description)/>
                <link rel="stylesheet" href="/brevlada.css"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/ikon-180.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                {at_home.then(|| view! { <HydrationScripts options islands=true/> })}
                <MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// Every page. Each is rendered whole before it is sent, so that it is complete without script and its status is right.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <Routes fallback=NoSuchPage>
                <Route path=path!("/") view=Start ssr=SsrMode::Async/>
                <Route path=path!("/inkorg") view=Inbox ssr=SsrMode::Async/>
                <Route path=path!("/mapp/:id") view=FolderPage ssr=SsrMode::Async/>
                <Route path=path!("/arkiv") view=Archive ssr=SsrMode::Async/>
                <Route path=path!("/stjarnor") view=Starred ssr=SsrMode::Async/>
                <Route path=path!("/papperskorg") view=Bin ssr=SsrMode::Async/>
                <Route path=path!("/papperskorg/tom") view=EmptyTheBin ssr=SsrMode::Async/>
                <Route path=path!("/kategori/:id") view=CategoryPage ssr=SsrMode::Async/>
                <Route path=path!("/kategorisera") view=CategoriseLetters ssr=SsrMode::Async/>
                <Route path=path!("/flytta") view=MoveLetters ssr=SsrMode::Async/>
                <Route path=path!("/slang") view=BinLetters ssr=SsrMode::Async/>
                <Route path=path!("/sok") view=SearchPage ssr=SsrMode::Async/>
                <Route path=path!("/brev/:id") view=LetterPage ssr=SsrMode::Async/>
                <Route path=path!("/brev/:id/utskrift") view=LetterPrint ssr=SsrMode::Async/>
                <Route path=path!("/tilldelat") view=TakenLetters ssr=SsrMode::Async/>
                <Route path=path!("/arenden") view=MatterList ssr=SsrMode::Async/>
                <Route path=path!("/arenden/:id") view=MatterOne ssr=SsrMode::Async/>
                <Route path=path!("/betala") view=Payments ssr=SsrMode::Async/>
                <Route path=path!("/brev/:id/vidarebefordra") view=ForwardLetterPage ssr=SsrMode::Async/>
                <Route path=path!("/vidarebefordrat") view=Forwarded ssr=SsrMode::Async/>
                <Route path=path!("/villkor") view=Terms ssr=SsrMode::Async/>
                <Route path=path!("/installningar") view=SettingsPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/kontakt") view=ContactsPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/avisering") view=NoticeRules ssr=SsrMode::Async/>
                <Route path=path!("/installningar/avisering/regel") view=OwnRulePage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/avisering/logg") view=NoticeLog ssr=SsrMode::Async/>
                <Route path=path!("/installningar/brevlada") view=OperatorSettings ssr=SsrMode::Async/>
                <Route path=path!("/installningar/brevlada/avsluta") view=EndingPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/mottagning") view=ReceptionPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/mottagning/granska") view=ReceptionReview ssr=SsrMode::Async/>
                <Route path=path!("/installningar/kategorier") view=CategoriesPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/regler") view=RulesPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/regler/ny") view=NewRulePage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/regler/:id") view=RulePage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/mappar") view=FoldersPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/vidarebefordran") view=ForwardRules ssr=SsrMode::Async/>
                <Route path=path!("/installningar/vidarebefordran/till-dig") view=Askers ssr=SsrMode::Async/>
                <Route path=path!("/installningar/ombud") view=Helpers ssr=SsrMode::Async/>
                <Route path=path!("/hos") view=Helping ssr=SsrMode::Async/>
                <Route path=path!("/foretag") view=CompaniesPage ssr=SsrMode::Async/>
                <Route path=path!("/foretag/:number") view=CompanyPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/export") view=ExportPage ssr=SsrMode::Async/>
                <Route path=path!("/installningar/sessioner") view=Sessions ssr=SsrMode::Async/>
                <Route path=path!("/installningar/utseende") view=LookSettings ssr=SsrMode::Async/>
                <Route path=path!("/vem-har-last") view=AccessLog ssr=SsrMode::Async/>
                <Route path=path!("/logga-in/fel") view=LoginFault ssr=SsrMode::Async/>
                <Route path=path!("/utloggad") view=SignedOut ssr=SsrMode::Async/>
                <Route path=path!("/hjalp") view=Help ssr=SsrMode::Async/>
                <Route path=path!("/hjalp/tangenter") view=KeysPage ssr=SsrMode::Async/>
                <Route path=path!("/hjalp/:name") view=HelpText ssr=SsrMode::Async/>
                <Route path=path!("/nyheter") view=NewsPage ssr=SsrMode::Async/>
                <Route path=path!("/nyheter/:name") view=NewsText ssr=SsrMode::Async/>
                <Route path=path!("/tyck-till") view=FeedbackPage ssr=SsrMode::Async/>
                <Route path=path!("/integritet") view=Privacy ssr=SsrMode::Async/>
                <Route path=path!("/om") view=About ssr=SsrMode::Async/>
                <Route path=path!("/tillganglighet") view=Accessibility ssr=SsrMode::Async/>
                <Route path=path!("/admin") view=StaffStart ssr=SsrMode::Async/>
                <Route path=path!("/admin/logga-in") view=StaffLogin ssr=SsrMode::Async/>
                <Route path=path!("/admin/logga-in/lokal") view=StaffLocalLogin ssr=SsrMode::Async/>
                <Route path=path!("/admin/ko") view=StaffQueue ssr=SsrMode::Async/>
                <Route path=path!("/admin/tyck-till") view=StaffFeedback ssr=SsrMode::Async/>
                <Route path=path!("/admin/tyck-till/:id") view=StaffAnswer ssr=SsrMode::Async/>
                <Route path=path!("/admin/texter") view=StaffTexts ssr=SsrMode::Async/>
                <Route path=path!("/admin/texter/skriv") view=StaffTextForm ssr=SsrMode::Async/>
                <Route path=path!("/admin/texter/:kind/:name") view=StaffTextPage ssr=SsrMode::Async/>
                <Route path=path!("/admin/granskning") view=StaffAudit ssr=SsrMode::Async/>
                <Route path=path!("/admin/konto") view=StaffAccounts ssr=SsrMode::Async/>
                <Route path=path!("/admin/konto/:id") view=StaffAccount ssr=SsrMode::Async/>
                <Route path=path!("/admin/godkann") view=StaffSecond ssr=SsrMode::Async/>
                <Route path=path!("/admin/spara") view=StaffTraceForm ssr=SsrMode::Async/>
                <Route path=path!("/admin/spara/:id") view=StaffTrace ssr=SsrMode::Async/>
                <Route path=path!("/admin/siffror") view=StaffNumbers ssr=SsrMode::Async/>
                <Route path=path!("/admin/avsandare") view=StaffSenders ssr=SsrMode::Async/>
                <Route path=path!("/admin/avsandare/:id") view=StaffSender ssr=SsrMode::Async/>
                <Route path=path!("/admin/certifikat") view=StaffCertificates ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}
