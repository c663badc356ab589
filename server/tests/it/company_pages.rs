//! Companies' mailboxes as browsers reach them: each page and form by what Authority grants, several persons and windows at once.

use crate::harness::person;
use crate::pages::Site;
use http::StatusCode;
use server::domain::holder_number::written;
use server::mailbox::access::Person;

const EK_BYGG: &str = "165599999033";
const UDDEN: &str = "167696999999";

fn eva() -> Person {
    person("196808179847", "Eva Ek")
}
fn ylva() -> Person {
    person("198805059840", "Ylva Ytter")
}

impl Site {
    /// The mark of the text on a company's page.
    async fn mark(&self, cookies: &str, number: &str) -> String {
        let page = self.get(&format!("/foretag/{number}"), cookies).await;
        let (_, after) = page
            .body
            .split_once("name=\"marke\" value=\"")
            .unwrap_or_else(|| panic!("{}", page.body));
        after.split_once('"').unwrap().0.to_owned()
    }

    /// Reads and signs; tells where that leads.
    async fn sign(&self, cookies: &str, number: &str) -> String {
        let mark = self.mark(cookies, number).await;
        let fields = [
            ("foretag", number),
            ("vad", "oppna"),
            ("marke", &mark),
            ("godkanner", "ja"),
        ];
        self.post("/api/foretag/skriv-under", cookies, &fields).await.location
    }

    /// Eva opens Ek Bygg AB's mailbox; gives the cookies of her browser and where the mailbox lies.
    async fn ek_bygg(&self) -> (String, String) {
        let eva = self.logged_in(&eva()).await;
        let inbox = self.sign(&eva, EK_BYGG).await;
        let base = inbox
            .strip_suffix("/inkorg?sag=valkommen")
            .unwrap_or_else(|| panic!("{inbox}"));
        (eva, base.to_owned())
    }
}

on_both_databases! {
    /// Without a mailbox of her own: she sees her company, opens its mailbox, and every page there is told to be in it.
    async fn a_signatory_opens_a_mailbox_and_is_in_it(site: Site) {
        let eva = site.logged_in(&eva()).await;
        let terms = site.get("/villkor", &eva).await;
        assert!(terms.body.contains("Är du här för ett företag?"), "{}", terms.body);
        let list = site.get("/foretag", &eva).await;
        assert!(list.body.contains("Ek Bygg AB") && list.body.contains("Öppna en brevlåda"), "{}", list.body);
        let found = site.get(&format!("/foretag?nummer={}", &written(EK_BYGG)), &eva).await;
        assert_eq!(found.location, format!("/foretag/{EK_BYGG}"));
        let page = site.get(&format!("/foretag/{EK_BYGG}"), &eva).await;
        assert!(page.body.contains("Firman tecknas av ledamöterna var för sig."), "{}", page.body);
        assert!(page.body.contains("Jag skriver under för Ek Bygg AB, organisationsnummer 559999-9033, som firmatecknare."));
        let unread = [("foretag", EK_BYGG), ("vad", "oppna"), ("marke", "x"), ("godkanner", "ja")];
        let unread = site.post("/api/foretag/skriv-under", &eva, &unread).await;
        assert_eq!(unread.location, format!("/foretag/{EK_BYGG}?fel=igen"));

        let (eva, base) = site.ek_bygg().await;
        let inbox = site.get(&format!("{base}/inkorg"), &eva).await;
        assert_eq!(inbox.status, StatusCode::OK);
        assert!(inbox.body.contains("Du är i brevlådan som tillhör Ek Bygg AB.") && inbox.body.contains("Du är här som firmatecknare."), "{}", inbox.body);
        for page in [
            "/installningar",
            "/installningar/kontakt",
            "/installningar/avisering",
            "/installningar/avisering/logg",
            "/installningar/mappar",
            "/installningar/kategorier",
            "/installningar/regler",
            "/installningar/mottagning",
            "/installningar/vidarebefordran",
            "/installningar/vidarebefordran/till-dig",
            "/installningar/ombud",
            "/installningar/export",
            "/installningar/brevlada",
            "/installningar/brevlada/avsluta",
            "/vem-har-last",
            "/vidarebefordrat",
            "/sok",
            "/arenden",
            "/betala",
            "/papperskorg",
        ] {
            let seen = site.get(&format!("{base}{page}"), &eva).await;
            assert_eq!(seen.status, StatusCode::OK, "{page}");
            assert!(seen.body.contains("Du är i brevlådan som tillhör Ek Bygg AB."), "{page}");
        }
        for page in ["/installningar/sessioner", "/installningar/utseende"] {
            assert_eq!(site.get(&format!("{base}{page}"), &eva).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        let log = site.get(&format!("{base}/vem-har-last"), &eva).await;
        assert!(log.body.contains("Firmatecknare"), "{}", log.body);
        let ending = site.get(&format!("{base}/installningar/brevlada/avsluta"), &eva).await;
        assert!(ending.body.contains("Jag skriver under för Ek Bygg AB"), "{}", ending.body);
    }

    /// A role reads; it sees no settings, and its forms change nothing. A stranger is let into nothing.
    async fn a_role_reads_and_a_stranger_does_not(site: Site) {
        let (_, base) = site.ek_bygg().await;
        let ylva = site.logged_in(&ylva()).await;
        let inbox = site.get(&format!("{base}/inkorg"), &ylva).await;
        assert!(inbox.body.contains("Du är här som Verkställande direktör."), "{}", inbox.body);
        assert!(!inbox.body.contains(&format!("{base}/installningar")));
        for page in ["/installningar", "/installningar/kontakt", "/installningar/brevlada", "/installningar/export", "/vem-har-last", "/papperskorg/tom"] {
            assert_eq!(site.get(&format!("{base}{page}"), &ylva).await.status, StatusCode::NOT_FOUND, "{page}");
        }
        let ended = site.post(&format!("{base}/api/brevlada/avsluta"), &ylva, &[("marke", "x"), ("forstar", "ja")]).await;
        assert!(ended.location.ends_with("/installningar/brevlada/avsluta?fel=nu"), "{}", ended.location);
        let tolvan = site.logged_in(&site.town.tolvan).await;
        for page in ["/inkorg", "/installningar", "/hamta/allt/1"] {
            assert_eq!(site.get(&format!("{base}{page}"), &tolvan).await.location, "/hos?fel=slut", "{page}");
        }
    }

    /// In the middle of it: Authority is silent, then the signatory is one no more.
    async fn what_binds_the_company_is_asked_for_again(site: Site) {
        let (eva, base) = site.ek_bygg().await;
        assert_eq!(site.get(&format!("{base}/installningar/brevlada"), &eva).await.status, StatusCode::OK);
        let other = site.logged_in(&self::eva()).await;
        assert_eq!(site.get(&format!("{base}/inkorg"), &other).await.status, StatusCode::OK);
        let store = &site.town.kept_by_far;
        store.remove_signatory(EK_BYGG.parse().unwrap(), self::eva().number).await.unwrap();
        assert_eq!(site.get(&format!("{base}/inkorg"), &eva).await.status, StatusCode::OK, "until she is asked about");
        assert_eq!(site.get(&format!("{base}/installningar/brevlada"), &eva).await.location, "/hos?fel=slut");
        assert_eq!(site.get(&format!("{base}/inkorg"), &eva).await.location, "/hos?fel=slut", "and from then on everywhere");

        site.town.stop_around().await;
        let silent = site.get(&format!("{base}/installningar/export"), &other).await;
        assert_eq!(silent.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(silent.body.contains("Vi frågar alltid vem som får skriva under"), "{}", silent.body);
        let form = site.post(&format!("{base}/api/brevlada/avsluta"), &other, &[("marke", "x"), ("forstar", "ja")]).await;
        assert_eq!(form.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(site.get(&format!("{base}/inkorg"), &other).await.status, StatusCode::OK, "reading goes on");
    }

    /// Who is not known to act for anybody is told plainly, and can have it asked again.
    async fn who_could_not_be_asked_about_is_told(site: Site) {
        let vera = site.logged_in(&person("195803179869", "Vera Vik")).await;
        let unclear = site.get("/foretag", &vera).await;
        assert!(unclear.body.contains("Bolagsverkets uppgifter är osäkra för 559999-9066."), "{}", unclear.body);
        let asked = site.post("/api/foretag/fraga", &vera, &[]).await;
        assert_eq!(asked.location, "/foretag?sag=fragat");
        site.town.stop_around().await;
        let eva = site.logged_in(&eva()).await;
        let silent = site.get("/foretag", &eva).await;
        assert!(silent.body.contains("Vi fick inget svar om vilka företag du företräder."), "{}", silent.body);
        let company = site.get(&format!("/foretag/{EK_BYGG}"), &eva).await;
        assert!(company.body.contains("Registret svarar inte just nu"), "{}", company.body);
    }

    /// Three persons in three browsers: one signs, another is told at login and opens, the third goes there by the menu; and the own mailbox
    /// in another window is where it was.
    async fn several_persons_sign_and_go_between_mailboxes(site: Site) {
        let sara = site.logged_in(&person("198206309802", "Sara Sand")).await;
        let signed = site.sign(&sara, UDDEN).await;
        assert_eq!(signed, format!("/foretag/{UDDEN}?sag=skrivet"));
        let waits = site.get(&signed, &sara).await;
        assert!(waits.body.contains("Du har skrivit under. Väntar på fler.") && waits.body.contains("Har skrivit under: Sara Sand."), "{}", waits.body);

        let tor = site.logged_in(&person("197501149814", "Tor Tall")).await;
        assert!(site.get("/villkor", &tor).await.body.contains("Ett företag väntar på din underskrift."));
        let inbox = site.sign(&tor, UDDEN).await;
        let base = inbox.strip_suffix("/inkorg?sag=valkommen").unwrap();
        assert!(site.get(&format!("{base}/inkorg"), &sara).await.body.contains("Bostadsrättsföreningen Udden"));

        let ulf = person("196909229830", "Ulf Udd");
        crate::harness::open_mailbox(&site.town.house, &ulf).await;
        let ulf = site.logged_in(&ulf).await;
        let own = site.get("/inkorg", &ulf).await;
        assert!(own.body.contains("Byt brevlåda") && own.body.contains(&format!("{base}/inkorg")), "{}", own.body);
        assert!(!own.body.contains("Du är i brevlådan som tillhör"));
        let there = site.get(&format!("{base}/inkorg"), &ulf).await;
        assert!(there.body.contains("Du är i brevlådan som tillhör Bostadsrättsföreningen Udden."));
        assert!(there.body.contains("href=\"/inkorg\""), "and home again");
        let made = site.post(&format!("{base}/api/mapp/ny"), &ulf, &[("namn", "Protokoll")]).await;
        assert!(made.location.starts_with(base), "{}", made.location);
        let own = site.get("/inkorg", &ulf).await;
        assert!(!own.body.contains("Protokoll"), "two windows do not mix");
        assert!(site.get(&format!("{base}/inkorg"), &tor).await.body.contains("Protokoll"), "the company's folder is the company's");
    }
}
