use super::*;
use crate::http::endpoints::Route;
use crate::language::Language;

/// The console's packed files and their sources.
const CONSOLE: [(&str, &str); 4] = [
    ("/console.js", include_str!("console.js")),
    ("/console/service.js", include_str!("console/service.js")),
    ("/console/ticket.js", include_str!("console/ticket.js")),
    ("/console.css", include_str!("console.css")),
];

fn file(path: &str) -> &'static File {
    FILES.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("{path}"))
}

fn text(file: &File) -> &'static str {
    assert!(!file.is_gzip, "{}", file.path);
    std::str::from_utf8(file.bytes).unwrap()
}

#[test]
fn an_unchanged_file_is_not_sent_again() {
    for file in FILES {
        let first = get(file, &HeaderMap::new());
        assert_eq!(first.status, StatusCode::OK);
        assert!(first.headers.contains_key(header::CONTENT_TYPE), "{}", file.path);
        let tag = first.headers[header::ETAG].clone();
        for (given, expected) in [
            (tag.to_str().unwrap().to_owned(), StatusCode::NOT_MODIFIED),
            (format!("\"other\", W/{}", tag.to_str().unwrap()), StatusCode::NOT_MODIFIED),
            ("*".to_owned(), StatusCode::NOT_MODIFIED),
            ("\"other\"".to_owned(), StatusCode::OK),
            (tag.to_str().unwrap().trim_matches('"').to_owned(), StatusCode::OK),
        ] {
            let request = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::try_from(&given).unwrap())]);
            let answer = get(file, &request);
            assert_eq!(answer.status, expected, "{} {given}", file.path);
            assert_eq!(answer.headers[header::ETAG], tag);
        }
    }
}

#[test]
fn every_file_has_a_different_tag() {
    let tags: std::collections::BTreeSet<u64> = FILES.iter().map(|file| fingerprint(file.bytes)).collect();
    assert_eq!(tags.len(), FILES.len());
}

fn get(file: &File, request: &HeaderMap) -> Answer {
    serve(file, request).unwrap_or_else(|problem| panic!("{}: {problem:?}", file.path))
}

fn accepting(codings: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::try_from(codings).unwrap())])
}

fn bytes(answer: Answer) -> Bytes {
    let Body::Full(Some(bytes)) = answer.body else { panic!("a file is sent whole") };
    bytes
}

#[test]
fn compressed_files_are_unpacked_for_clients_that_refuse_gzip() {
    let packed: Vec<&File> = FILES.iter().filter(|file| file.is_gzip).collect();
    // The console's texts, and two files of Swagger UI.
    assert_eq!(packed.len(), CONSOLE.len() + 3);
    for file in packed {
        let answers = [HeaderMap::new(), accepting("gzip, deflate, br")].map(|request| get(file, &request));
        for answer in answers {
            assert_eq!(answer.headers[header::CONTENT_ENCODING], "gzip");
            assert_eq!(answer.headers[header::VARY], "Accept-Encoding");
            // RFC 1952, section 2.3.1: two magic bytes, deflate, and no optional part.
            assert_eq!(bytes(answer)[..4], [0x1f, 0x8b, 8, 0]);
        }
        let plain = get(file, &accepting("identity"));
        assert!(!plain.headers.contains_key(header::CONTENT_ENCODING), "{}", file.path);
        assert_eq!(plain.headers[header::VARY], "Accept-Encoding");
        let tag = plain.headers[header::ETAG].clone();
        assert_ne!(tag, get(file, &HeaderMap::new()).headers[header::ETAG]);
        let mut again = accepting("identity");
        again.insert(header::IF_NONE_MATCH, tag);
        assert_eq!(get(file, &again).status, StatusCode::NOT_MODIFIED);
        // RFC 1952, section 2.3.1: the last bytes are the content's checksum and length.
        let plain = bytes(plain);
        let mut end = crc32(&plain).to_le_bytes().to_vec();
        end.extend(u32::try_from(plain.len()).unwrap().to_le_bytes());
        assert!(file.bytes.ends_with(&end), "{}", file.path);
    }
}

#[test]
fn accept_encoding_decides_on_gzip() {
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

/// CRC-32 (RFC 1952, section 8).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1)))
    })
}

#[test]
fn the_packed_console_is_the_one_in_the_sources() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    for (path, source) in CONSOLE {
        assert!(bytes(get(file(path), &accepting("identity"))) == source, "{path}");
    }
}

/// The names of the members of an object in JavaScript.
fn members(script: &str) -> Vec<String> {
    // Every second part is within quotes.
    let code = script.split(['\'', '`']).step_by(2);
    let before_colons = code.flat_map(|part| part.split(':').rev().skip(1));
    let mut names: Vec<String> =
        before_colons.map(|part| part.rsplit([' ', '\n']).next().unwrap().to_owned()).collect();
    names.sort_unstable();
    names
}

#[test]
fn the_console_has_every_text_in_every_language() {
    let script = bytes(get(file("/console/texts.js"), &accepting("identity")));
    let script = std::str::from_utf8(&script).unwrap();
    let mut first = None;
    for language in Language::ALL {
        let file = std::fs::read_to_string(format!("src/language/{}/console.js", language.tag())).unwrap();
        let texts = file.split_once("export default ").unwrap().1.trim_end_matches(";\n");
        assert!(script.contains(&format!("\n{}: {texts},\n", language.tag())), "{language:?}");
        let names = members(texts);
        assert!(names.len() > 50, "{names:?}");
        assert_eq!(names, *first.get_or_insert_with(|| names.clone()), "{language:?}");
    }
}

#[test]
fn the_consoles_scripts_import_only_files_that_are_served() {
    let mut imported = 0;
    for (path, source) in CONSOLE {
        for line in source.lines().filter(|line| line.starts_with("import ")) {
            let target = line.split('\'').nth(1).unwrap().trim_start_matches('.');
            assert!(FILES.iter().any(|file| file.path == target), "{path} imports {target}");
            imported += 1;
        }
    }
    assert_eq!(imported, 3);
}

#[test]
fn pages_name_only_files_that_are_served_and_have_nothing_inline() {
    for page in ["/", "/docs"].map(file) {
        let html = text(page);
        assert!(get(page, &HeaderMap::new()).headers.contains_key(header::CONTENT_SECURITY_POLICY));
        for attribute in ["src=\"", "href=\""] {
            for at in html.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let own = at.starts_with('#')
                    || at.starts_with("data:")
                    || at == "."
                    || Route::find(&format!("/{at}")).is_some();
                assert!(own, "{}: {at}", page.path);
            }
        }
        assert!(!html.contains("<style") && !html.contains(" style=") && !html.contains("<script>"), "{}", page.path);
        let handlers = html.split_whitespace().filter(|word| word.starts_with("on") && word.contains("=\""));
        assert_eq!(handlers.count(), 0, "{}", page.path);
    }
}

#[test]
fn the_console_is_small() {
    let size = CONSOLE.iter().map(|(_, source)| source.len()).sum::<usize>() + text(file("/")).len();
    assert!(size <= 36 * 1024, "{size} bytes without its texts");
}

#[test]
fn a_corrupt_file_is_an_internal_error() {
    for bytes in [&b""[..], b"neither gzip nor anything else that can be unpacked"] {
        let corrupt = File { bytes, ..*file("/console.js") };
        let problem = serve(&corrupt, &accepting("identity")).map(|_| ()).unwrap_err();
        assert_eq!(problem, Problem::Internal { reason: "/console.js cannot be unpacked".to_owned() });
    }
}
