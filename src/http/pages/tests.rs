use super::*;

/// The console's files as they stand in the sources.
const CONSOLE: [(Page, &str); 5] = [
    (Page::ConsoleScript, include_str!("../assets/console.js")),
    (Page::ConsoleService, include_str!("../assets/console/service.js")),
    (Page::ConsoleTexts, include_str!("../assets/console/texts.js")),
    (Page::ConsoleTicket, include_str!("../assets/console/ticket.js")),
    (Page::ConsoleStyle, include_str!("../assets/console.css")),
];

const PAGES: [Page; 10] = [
    Page::Console,
    Page::ConsoleScript,
    Page::ConsoleService,
    Page::ConsoleTexts,
    Page::ConsoleTicket,
    Page::ConsoleStyle,
    Page::Docs,
    Page::DocsScript,
    Page::SwaggerScript,
    Page::SwaggerStyle,
];

fn text(page: Page) -> &'static str {
    let file = page.file();
    assert!(!file.is_gzip, "{page:?}");
    std::str::from_utf8(file.bytes).unwrap()
}

#[test]
fn a_page_is_sent_once_and_then_named_by_its_tag() {
    for page in PAGES {
        let first = serve(page, &HeaderMap::new());
        assert_eq!(first.status, StatusCode::OK);
        assert!(first.headers.contains_key(header::CONTENT_TYPE), "{page:?}");
        let tag = first.headers[header::ETAG].clone();
        for (given, expected) in [
            (tag.to_str().unwrap().to_owned(), StatusCode::NOT_MODIFIED),
            (format!("\"other\", W/{}", tag.to_str().unwrap()), StatusCode::NOT_MODIFIED),
            ("*".to_owned(), StatusCode::NOT_MODIFIED),
            ("\"other\"".to_owned(), StatusCode::OK),
            (tag.to_str().unwrap().trim_matches('"').to_owned(), StatusCode::OK),
        ] {
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::try_from(&given).unwrap())]);
            let answer = serve(page, &request);
            assert_eq!(answer.status, expected, "{page:?} {given}");
            assert_eq!(answer.headers[header::ETAG], tag);
        }
    }
}

#[test]
fn every_file_has_a_tag_of_its_own() {
    let tags: std::collections::BTreeSet<u64> = PAGES.iter().map(|page| fingerprint(page.file().bytes)).collect();
    assert_eq!(tags.len(), PAGES.len());
}

fn accepting(codings: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::try_from(codings).unwrap())])
}

fn bytes(answer: Answer) -> Bytes {
    let Body::Full(Some(bytes)) = answer.body else { panic!("a page is sent whole") };
    bytes
}

#[test]
fn compressed_files_are_gzip_unless_that_is_refused() {
    let packed = PAGES.into_iter().filter(|page| !matches!(page, Page::Console | Page::Docs | Page::DocsScript));
    for page in packed {
        let answers = [HeaderMap::new(), accepting("gzip, deflate, br")].map(|request| serve(page, &request));
        for answer in answers {
            assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
            assert_eq!(answer.headers[header::VARY], "Accept-Encoding");
            // RFC 1952, section 2.3.1: two magic bytes, deflate, and no optional part.
            assert_eq!(bytes(answer)[..4], [0x1f, 0x8b, 8, 0]);
        }
        let plain = serve(page, &accepting("identity"));
        assert!(!plain.headers.contains_key(header::CONTENT_ENCODING), "{page:?}");
        assert_eq!(plain.headers[header::VARY], "Accept-Encoding");
        let tag = plain.headers[header::ETAG].clone();
        assert_ne!(tag, serve(page, &HeaderMap::new()).headers[header::ETAG]);
        let mut again = accepting("identity");
        again.insert(header::IF_NONE_MATCH, tag);
        assert_eq!(serve(page, &again).status, StatusCode::NOT_MODIFIED);
        // RFC 1952, section 2.3.1: the checksum and the length of what was packed stand last.
        let plain = bytes(plain);
        let mut end = crc32(&plain).to_le_bytes().to_vec();
        end.extend(u32::try_from(plain.len()).unwrap().to_le_bytes());
        assert!(page.file().bytes.ends_with(&end), "{page:?} is not unpacked to what was packed");
    }
}

#[test]
fn who_reads_gzip_is_told_from_who_does_not() {
    assert!(accepts_gzip(&HeaderMap::new()));
    for (codings, expected) in [
        ("gzip", true),
        ("br;q=1.0, GZIP;q=0.1", true),
        ("x-gzip", true),
        ("*", true),
        ("identity, *;q=0.5", true),
        ("", false),
        ("identity", false),
        ("br", false),
        ("gzip;q=0", false),
        ("gzip; q=0, *", false),
        ("*;q=0", false),
        ("gzip;q=x", false),
    ] {
        assert_eq!(accepts_gzip(&accepting(codings)), expected, "{codings:?}");
    }
}

/// CRC-32 as gzip has it (RFC 1952, section 8).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[test]
fn the_console_is_packed_as_it_stands_in_the_sources() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    for (page, source) in CONSOLE {
        assert!(bytes(serve(page, &accepting("identity"))) == source, "{page:?}: run scripts/pack-console.sh");
    }
}

#[test]
fn the_consoles_scripts_import_only_files_that_are_served() {
    let mut imported = 0;
    for (page, source) in CONSOLE {
        for line in source.lines().filter(|line| line.starts_with("import ")) {
            let target = line.split('\'').nth(1).unwrap().trim_start_matches('.');
            assert!(PAGES.iter().any(|page| page.path() == target), "{page:?} imports {target}");
            imported += 1;
        }
    }
    assert_eq!(imported, 3);
}

#[test]
fn pages_name_only_files_that_are_served_and_have_nothing_inline() {
    for page in [Page::Console, Page::Docs] {
        let html = text(page);
        assert!(serve(page, &HeaderMap::new()).headers.contains_key(header::CONTENT_SECURITY_POLICY));
        for attribute in ["src=\"", "href=\""] {
            for at in html.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let own = at.starts_with('#')
                    || at.starts_with("data:")
                    || super::super::ROUTES.iter().any(|(route, _)| route.path() == format!("/{at}") || at == ".");
                assert!(own, "{page:?}: {at}");
            }
        }
        assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("<script>"), "{page:?}");
        let handlers = html.split_whitespace().filter(|word| word.starts_with("on") && word.contains("=\""));
        assert_eq!(handlers.count(), 0, "{page:?}");
    }
}

#[test]
fn the_console_is_small() {
    let size = CONSOLE.iter().map(|(_, source)| source.len()).sum::<usize>() + text(Page::Console).len();
    assert!(size <= 40 * 1024, "{size} bytes");
}
