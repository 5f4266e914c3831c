//! IPv4 and IPv6 addresses, but not versions and section numbers of four parts.

use crate::language::in_any;
use crate::privacy::context::{is_glued, is_version};
use crate::privacy::scan::Match;
use crate::privacy::view::View;
use std::net::{Ipv4Addr, Ipv6Addr};

pub(super) const NAME: &str = "IP";

/// Characters of the longest IPv6 address, which ends with an IPv4 address.
const MAX_V6: usize = 45;

/// Reads an IP address at `index`.
pub(super) fn find(view: &View, index: usize) -> Option<Match> {
    let first = view.at(index);
    if !(first.is_ascii_hexdigit() || first == ':') {
        return None;
    }
    v6(view, index).or_else(|| v4(view, index))
}

fn v4(view: &View, index: usize) -> Option<Match> {
    if !view.at(index).is_ascii_digit() || !(view.starts_word(index) || is_glued(view, index)) {
        return None;
    }
    let part_of_longer = matches!(view.before(index, 1), '.' | '-') && view.before(index, 2).is_alphanumeric();
    if part_of_longer && !is_glued(view, index) {
        return None;
    }
    let (address, end) = dotted(view, index)?;
    let local = is_local(address);
    // `4.1.0.2-beta` is a version, `192.168.1.7-NAS` and `10.0.0.9-10.0.0.20` are not.
    let tail = view.at(end) == '-' && view.at(end + 1).is_alphanumeric() && !local;
    let goes_on = view.at(end) == '.' && view.at(end + 1).is_ascii_digit();
    if goes_on || !view.ends_word(end) || (tail && dotted(view, end + 1).is_none()) {
        return None;
    }
    // 0.0.0.0/8 has no hosts (RFC 1122): `0.9.1.2` is a version.
    let no_host = address.octets().first() == Some(&0) && !address.is_unspecified();
    if local && address.octets().first() != Some(&10) {
        return Some(Match { start: index, end, key: address.to_string() });
    }
    // In « de la version 1.2.3.4 à 1.2.3.5 » only the first version is labelled.
    let follows_version = || view.last_version_end.get().is_some_and(|last| is_enumeration(view, last, index));
    if no_host || is_version(view, index) || follows_version() {
        view.last_version_end.set(Some(end));
        return None;
    }
    Some(Match { start: index, end, key: address.to_string() })
}

/// The IPv4 address at `index` and its end.
fn dotted(view: &View, index: usize) -> Option<(Ipv4Addr, usize)> {
    // The longest address has 15 characters; one more rejects a longer run.
    let run = (0..=15).take_while(|k| matches!(view.at(index + k), '0'..='9' | '.')).count();
    let text = view.lower(index..index + run);
    let text = text.trim_end_matches('.');
    Some((text.parse().ok()?, index + text.len()))
}

/// Whether an address is private, link-local or loopback (RFC 1918, RFC 3927).
fn is_local(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_link_local() || address.is_loopback()
}

/// Whether the text between two numbers only joins them: « 1.2.3.4 à 1.2.3.5 ».
fn is_enumeration(view: &View, from: usize, to: usize) -> bool {
    to > from
        && to - from <= 12
        && view.lower(from..to).split_whitespace().all(|word| {
            matches!(word, "->" | "=>" | "→" | "," | "/" | "-") || in_any(word, |texts| texts.privacy.joiners)
        })
}

fn v6(view: &View, index: usize) -> Option<Match> {
    if !starts_v6(view, index) {
        return None;
    }
    let run = (0..=MAX_V6).take_while(|k| matches!(view.at(index + k), '0'..='9' | 'a'..='f' | 'A'..='F' | ':' | '.'));
    let end = index + run.count();
    // Rejects most words before anything is copied.
    if (index..end).filter(|at| view.at(*at) == ':').count() < 2 {
        return None;
    }
    let run = view.lower(index..end);
    // A final dot or colon may be punctuation, a dot may also be part of an IPv4 address.
    let whole = run.trim_end_matches('.');
    let announced = whole.strip_suffix(':').unwrap_or(whole);
    let sentence = run.split_once('.').map_or(whole, |(head, _)| head);
    let (text, address) =
        [whole, announced, sentence].into_iter().find_map(|text| Some((text, text.parse::<Ipv6Addr>().ok()?)))?;
    // Names such as `a::b` have no digits. EUI-64 identifiers are eight pairs.
    let is_name = !text.contains(|c: char| c.is_ascii_digit());
    let is_eui = text.split(':').count() == 8 && text.split(':').all(|group| group.len() == 2);
    let end = index + text.len();
    let end = zone(view, end).unwrap_or(end);
    let goes_on = !view.ends_word(end) || (view.at(end) == ':' && view.at(end + 1) == ':');
    (!is_name && !is_eui && !goes_on).then(|| Match { start: index, end, key: address.to_string() })
}

/// Whether an address may start at `index`: not within a word or between hexadecimal groups.
fn starts_v6(view: &View, index: usize) -> bool {
    if !view.starts_word(index) {
        return false;
    }
    if view.before(index, 1) != ':' {
        return true;
    }
    // `IP:2001:db8::1`: the colon follows a word that is no hexadecimal group, or nothing.
    let group = (2..=6).take_while(|count| view.before(index, *count).is_ascii_hexdigit()).count();
    let before_group = view.before(index, 2 + group);
    group == 5 || before_group.is_alphanumeric() || (group == 0 && before_group != ':')
}

/// The end of the zone (`%eth0`) after a link-local address.
fn zone(view: &View, end: usize) -> Option<usize> {
    let len = (1..=16).take_while(|k| view.at(end + k).is_ascii_alphanumeric()).count();
    (view.at(end) == '%' && len > 0).then_some(end + 1 + len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, index: usize) -> Option<String> {
        find(&View::new(text), index).map(|found| found.key)
    }

    #[test]
    fn reads_addresses_in_every_notation() {
        let cases = [
            ("192.168.1.10", 0, "192.168.1.10"),
            ("10.0.0.1:8080/24", 0, "10.0.0.1"),
            ("10.0.0.1.", 0, "10.0.0.1"),
            ("\\\\10.0.0.1\\c", 2, "10.0.0.1"),
            ("2001:0DB8:0:0:0:0:0:1", 0, "2001:db8::1"),
            ("[2001:db8::1]:443", 1, "2001:db8::1"),
            ("::1", 0, "::1"),
            ("fe80::1%eth0", 0, "fe80::1"),
            ("::ffff:10.0.0.1.", 0, "::ffff:10.0.0.1"),
            ("2001:db8::1: timeout", 0, "2001:db8::1"),
            ("2001:db8::1.Aussi", 0, "2001:db8::1"),
            ("IP:2001:db8::1", 3, "2001:db8::1"),
        ];
        for (text, index, address) in cases {
            assert_eq!(read(text, index).as_deref(), Some(address), "{text}");
        }
    }

    #[test]
    fn ignores_versions_times_and_hardware_addresses() {
        let cases = [
            "10.0.19045.3803",
            "256.1.1.1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.4-beta",
            "1.2.3.4a",
            "00:1A:2B:3C:4D:5E",
            "00:11:22:33:44:55:66:77",
            "12:30:45",
            "::",
            "a::b",
            "dead::beef",
            "1:2",
            "01.02.03.04",
            "0.9.1.2",
            "2024:01:02:03",
        ];
        for text in cases {
            assert_eq!(read(text, 0), None, "{text}");
        }
        assert_eq!(read("v2.1.0.4", 1), None);
        assert_eq!(read("1.10.0.0.1", 2), None);
    }

    #[test]
    fn an_address_after_an_enumeration_of_versions_is_found() {
        let text = "version 1.2.3.4 à 1.2.3.5 sur 10.0.0.1";
        let view = View::new(text);
        let found: Vec<_> = (0..view.len()).filter_map(|index| find(&view, index)).collect();
        assert_eq!(found, [Match { start: 30, end: 38, key: "10.0.0.1".to_owned() }]);
    }
}
