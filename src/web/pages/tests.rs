use super::*;

const CONSOLE_JS: &str = include_str!("../assets/console.js");
const CONSOLE_CSS: &str = include_str!("../assets/console.css");

const PAGES: [Page; 7] = [
    Page::Console,
    Page::ConsoleScript,
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

#[test]
fn compressed_files_are_gzip() {
    for page in [Page::ConsoleScript, Page::ConsoleStyle, Page::SwaggerScript, Page::SwaggerStyle] {
        assert!(page.file().is_gzip);
        // RFC 1952, section 2.3.1: two magic bytes, then deflate.
        assert_eq!(page.file().bytes[..3], [0x1f, 0x8b, 8]);
        assert_eq!(serve(page, &HeaderMap::new()).headers[header::CONTENT_ENCODING], "gzip");
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
    for (page, source) in [(Page::ConsoleScript, CONSOLE_JS), (Page::ConsoleStyle, CONSOLE_CSS)] {
        // RFC 1952, section 2.3.1: the checksum and the length of what was packed stand last.
        let mut end = crc32(source.as_bytes()).to_le_bytes().to_vec();
        end.extend(u32::try_from(source.len()).unwrap().to_le_bytes());
        assert!(page.file().bytes.ends_with(&end), "{page:?}: run scripts/pack-console.sh");
    }
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
    let size = CONSOLE_JS.len() + CONSOLE_CSS.len() + text(Page::Console).len();
    assert!(size <= 40 * 1024, "{size} bytes");
}
