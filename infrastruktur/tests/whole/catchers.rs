//! The catchers, over sockets.

use super::House;
use infrastruktur::catcher::Kind;
use infrastruktur::http_client::Connection;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

async fn get(port: u16, path: &str) -> String {
    let url = Url::parse(&format!("http://127.0.0.1:{port}{path}")).unwrap();
    let (status, body) = Connection::open(&url, None).await.unwrap().get().await.unwrap();
    assert_eq!(status.as_u16(), 200);
    String::from_utf8(body.to_vec()).unwrap()
}

/// Takes one request, answers it with a status, and gives it back.
async fn one_request(listener: &TcpListener, status: &str) -> String {
    let (mut stream, _) = listener.accept().await.unwrap();
    let mut request = Vec::new();
    while !String::from_utf8_lossy(&request).contains("status=") {
        let mut some = [0; 1024];
        let count = stream.read(&mut some).await.unwrap();
        assert!(count > 0, "the form comes whole");
        request.extend_from_slice(&some[..count]);
    }
    let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    stream.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(request).unwrap()
}

#[tokio::test]
async fn what_became_of_an_sms_is_reported_until_it_is_taken() {
    let house = House::open().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let report_to = format!("http://{}/rapport/abc", listener.local_addr().unwrap());
    let gateway = Url::parse(&format!("http://{}/a1/sms", house.running.addresses.sms)).unwrap();
    for (to, says) in [("%2B46701740605", "delivered"), ("%2B46701740699", "failed")] {
        let form = format!("from=brevlada&to={to}&message=Hej&whendelivered={report_to}");
        let mut connection = Connection::open(&gateway, None).await.unwrap();
        let (status, _) = connection.post_form(form.into()).await.unwrap();
        assert_eq!(status.as_u16(), 200);
        let first = one_request(&listener, "503 Later").await;
        let second = one_request(&listener, "204 Taken").await;
        for report in [&first, &second] {
            assert!(report.starts_with("POST /rapport/abc HTTP/1.1"), "{report}");
            assert!(report.contains(&format!("status={says}")), "{report}");
        }
    }
    let taken = async {
        while house
            .running
            .caught
            .all()
            .iter()
            .any(|sms| sms.report.unwrap().taken.is_none())
        {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), taken).await.unwrap();
    let page = get(house.running.addresses.catcher.port(), "/?lang=en").await;
    for words in [
        "In the phone (the report was taken)",
        "nobody has the number (the report was taken)",
    ] {
        assert!(page.contains(words), "{page}");
    }
    let json = get(house.running.addresses.catcher.port(), "/api/messages").await;
    assert!(
        json.contains("\"report\":{\"fate\":\"nobodys-number\",\"taken\":true}"),
        "{json}"
    );
    house.running.stop().await;
}

#[tokio::test]
async fn what_is_sent_is_shown_and_goes_nowhere() {
    let house = House::open().await;
    let at = house.running.addresses;

    let mut smtp = TcpStream::connect(at.smtp).await.unwrap();
    let conversation = "EHLO t\r\nMAIL FROM:<no-reply@brevlada.test>\r\nRCPT TO:<tolvan@example.test>\r\nDATA\r\n\
         From: Brev <no-reply@brevlada.test>\r\nSubject: =?utf-8?q?Nytt_brev_=E2=9C=89?=\r\n\r\n\
         Se http://localhost:8080/ <script>\r\n.\r\nQUIT\r\n";
    smtp.write_all(conversation.as_bytes()).await.unwrap();
    let mut said = String::new();
    smtp.read_to_string(&mut said).await.unwrap();
    assert!(said.contains("250 caught"), "{said}");

    let form = "from=brevlada&to=%2B46701234567&message=Koden+%C3%A4r+123456";
    let request = format!(
        "POST /a1/sms HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\
         Content-Length: {}\r\n\r\n{form}",
        form.len()
    );
    let mut sms = TcpStream::connect(at.sms).await.unwrap();
    sms.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    sms.read_to_string(&mut answer).await.unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains("\"status\":\"created\""),
        "{answer}"
    );

    let caught = house.running.caught.all();
    assert_eq!((caught[0].kind, caught[1].kind), (Kind::Email, Kind::Sms));
    let json = get(at.catcher.port(), "/api/messages").await;
    assert!(
        json.starts_with("[{\"kind\":\"email\",\"to\":\"tolvan@example.test\""),
        "{json}"
    );
    assert!(
        json.contains("\"subject\":\"Nytt brev ✉\"") && json.contains("Koden är 123456"),
        "{json}"
    );
    let page = get(at.catcher.port(), "/").await;
    assert!(
        page.contains("<a href=\"http://localhost:8080/\">") && !page.contains("<script>"),
        "{page}"
    );
    assert!(get(at.catcher.port(), "/?lang=en").await.contains("Caught messages"));
    house.running.stop().await;
}

/// A request over a socket; gives the status line and what follows the headers.
async fn ask(port: u16, request: &str, body: &[u8]) -> (String, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    let head = format!(
        "{request}\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(body).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.lines().next().unwrap().to_owned(), body.to_owned())
}

#[tokio::test]
async fn the_push_service_takes_what_is_right_and_says_what_is_wrong() {
    let house = House::open().await;
    let port = house.running.addresses.push.port();
    let (status, given) = ask(port, "POST /subscribe HTTP/1.1", b"").await;
    assert!(status.contains("201"), "{status}");
    let given: serde_json::Value = serde_json::from_str(&given).unwrap();
    let path = Url::parse(given["endpoint"].as_str().unwrap())
        .unwrap()
        .path()
        .to_owned();
    assert_eq!(given["keys"]["p256dh"].as_str().unwrap().len(), 87);
    assert_eq!(given["keys"]["auth"].as_str().unwrap().len(), 22);

    let post = |headers: &str| format!("POST {path} HTTP/1.1{headers}");
    let right = "\r\nTTL: 60\r\nContent-Encoding: aes128gcm";
    let large = vec![0; 4097];
    for (headers, body, wanted) in [
        ("", &b""[..], "400"),
        ("\r\nTTL: 60", b"", "415"),
        (right, &large, "413"),
        (right, b"x", "401"),
        (
            "\r\nTTL: 60\r\nContent-Encoding: aes128gcm\r\nUrgency: now",
            b"x",
            "400",
        ),
        ("\r\nTTL: 60\r\nContent-Encoding: aes128gcm\r\nTopic: a b", b"x", "400"),
        (
            "\r\nTTL: 60\r\nContent-Encoding: aes128gcm\r\nAuthorization: vapid t=a.b.c,k=d",
            b"x",
            "403",
        ),
    ] {
        let (status, _) = ask(port, &post(headers), body).await;
        assert!(status.contains(wanted), "{status} for {headers}");
    }
    for answer in ["404", "410", "429", "503"] {
        let (status, _) = ask(port, &format!("PUT {path}/answer HTTP/1.1"), answer.as_bytes()).await;
        assert!(status.contains("204"), "{status}");
        let (status, _) = ask(port, &post(right), b"x").await;
        assert!(status.contains(answer), "{status}");
    }
    for none in [b"200".as_slice(), b"503 soon"] {
        let (status, _) = ask(port, &format!("PUT {path}/answer HTTP/1.1"), none).await;
        assert!(status.contains("400"), "no service answers that: {status}");
    }
    let unknown = "POST /push/01932f00-0000-4000-8000-000000000000 HTTP/1.1\r\nTTL: 60";
    assert!(ask(port, unknown, b"").await.0.contains("404"));
    assert!(house.running.caught.all().is_empty(), "nothing came that was right");
    let (status, _) = ask(port, &format!("DELETE {path} HTTP/1.1"), b"").await;
    assert!(status.contains("204"));
    assert!(ask(port, &post(right), b"x").await.0.contains("410"));
    house.running.stop().await;
}
