//! Unpacks the pages' files (RFC 1951 and 1952), for clients that refuse gzip, and the texts of the OpenAPI document.
//!
//! Some sixty lines instead of a library, which would cost the component 15 KB. They read nothing but those files, and
//! of the three kinds of blocks the one that they have, with Huffman codes of its own; the tests unpack each of them.

/// Bytes before and after what is compressed (RFC 1952, section 2.3): a header without optional parts, two checks.
const HEADER: usize = 10;
const TRAILER: usize = 8;

/// A block with Huffman codes of its own (RFC 1951, section 3.2.3).
const DYNAMIC: u32 = 2;
/// The order in which a block names the lengths of the code that its codes are written in (section 3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/// The symbol that ends a block; those below are bytes, those above lengths of what is repeated.
const END: usize = 256;

/// What was packed with gzip; `None` for what is no gzip, or has other blocks.
pub(super) fn gunzip(gzip: &[u8]) -> Option<Vec<u8>> {
    inflate(gzip.get(HEADER..gzip.len().checked_sub(TRAILER)?)?)
}

/// What was deflated; `None` for anything else, or where it has other blocks.
pub(super) fn inflate(deflated: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Bits { bytes: deflated.iter(), held: 0, count: 0 };
    let mut text = Vec::new();
    loop {
        let is_last = bits.take(1)? == 1;
        if bits.take(2)? != DYNAMIC {
            return None;
        }
        let (symbols, distances) = codes(&mut bits)?;
        loop {
            match symbols.read(&mut bits)? {
                END => break,
                byte if byte < END => text.push(u8::try_from(byte).ok()?),
                symbol => {
                    let length = length(symbol, &mut bits)?;
                    let distance = distance(distances.read(&mut bits)?, &mut bits)?;
                    let start = text.len().checked_sub(distance)?;
                    // What is repeated may begin before it is all there.
                    for at in start..start + length {
                        text.push(*text.get(at)?);
                    }
                }
            }
        }
        if is_last {
            return Some(text);
        }
    }
}

/// The two codes of a block, which are themselves written in a code (section 3.2.7).
fn codes(bits: &mut Bits<'_>) -> Option<(Code, Code)> {
    let symbols = bits.take(5)? + 257;
    let all = symbols + bits.take(5)? + 1;
    let mut lengths = [0; ORDER.len()];
    for at in ORDER.iter().take(bits.take(4)? as usize + 4) {
        *lengths.get_mut(*at)? = u8::try_from(bits.take(3)?).ok()?;
    }
    let code = Code::new(&lengths);
    let mut lengths = Vec::new();
    while lengths.len() < all as usize {
        let (length, times) = match code.read(bits)? {
            16 => (*lengths.last()?, bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            18 => (0, bits.take(7)? + 11),
            length => (u8::try_from(length).ok()?, 1),
        };
        lengths.extend((0..times).map(|_| length));
    }
    let (symbols, distances) = lengths.split_at_checked(symbols as usize)?;
    Some((Code::new(symbols), Code::new(distances)))
}

/// How many bytes are repeated: a symbol's own number, and further bits (section 3.2.5).
fn length(symbol: usize, bits: &mut Bits<'_>) -> Option<usize> {
    Some(match symbol {
        ..265 => symbol - 254,
        285 => 258,
        _ => {
            let extra = u32::try_from((symbol - 261) / 4).ok()?;
            ((4 + (symbol - 265) % 4) << extra) + 3 + bits.take(extra)? as usize
        }
    })
}

/// How far back they stand, by the same rule.
fn distance(symbol: usize, bits: &mut Bits<'_>) -> Option<usize> {
    let Some(extra) = u32::try_from(symbol / 2).ok()?.checked_sub(1).filter(|extra| *extra > 0) else {
        return Some(symbol + 1);
    };
    Some(((2 + symbol % 2) << extra) + 1 + bits.take(extra)? as usize)
}

/// Bits, each byte's lowest first.
struct Bits<'a> {
    bytes: std::slice::Iter<'a, u8>,
    held: u32,
    count: u32,
}

impl Bits<'_> {
    /// The next `wanted` bits as a number; 13 at most.
    fn take(&mut self, wanted: u32) -> Option<u32> {
        while self.count < wanted {
            self.held |= u32::from(*self.bytes.next()?) << self.count;
            self.count += 8;
        }
        let value = self.held & ((1 << wanted) - 1);
        self.held >>= wanted;
        self.count -= wanted;
        Some(value)
    }
}

/// A Huffman code that its lengths alone define (section 3.2.2).
struct Code {
    /// How many codes each length has, from 1 to 15.
    counts: [usize; 15],
    /// The symbols in the order of their codes.
    symbols: Vec<usize>,
}

impl Code {
    fn new(lengths: &[u8]) -> Self {
        let mut counts = [0; 15];
        let mut symbols = Vec::new();
        for (length, count) in (1..).zip(&mut counts) {
            symbols.extend(lengths.iter().enumerate().filter(|(_, of)| **of == length).map(|(symbol, _)| symbol));
            *count = lengths.iter().filter(|of| **of == length).count();
        }
        Self { counts, symbols }
    }

    /// The next symbol: codes of a length follow each other, and those of the next begin after them.
    fn read(&self, bits: &mut Bits<'_>) -> Option<usize> {
        let (mut code, mut first, mut index) = (0, 0, 0);
        for count in self.counts {
            code = 2 * code + bits.take(1)? as usize;
            first *= 2;
            if code < first + count {
                return self.symbols.get(index + code - first).copied();
            }
            first += count;
            index += count;
        }
        None
    }
}
