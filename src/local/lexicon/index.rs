//! A hash index: filled once, then read-only.

/// Numbers by hash. A hash may have several; the caller tells them apart.
///
/// Open addressing with linear probing, at most half full. It needs no protection from chosen keys: they come from the
/// configuration, and a customer's text is only looked up.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// No slots, or a power of two; the value 0 marks an empty one.
    slots: Vec<(u32, u32)>,
    used: usize,
}

impl Index {
    /// Adds a value other than 0.
    pub fn insert(&mut self, hash: u32, value: u32) {
        if self.used * 2 >= self.slots.len() {
            let grown = vec![(0, 0); (self.slots.len() * 2).max(64)];
            for (hash, value) in std::mem::replace(&mut self.slots, grown) {
                self.place(hash, value);
            }
        }
        self.place(hash, value);
        self.used += 1;
    }

    /// The values of a hash.
    pub fn candidates(&self, hash: u32) -> impl Iterator<Item = u32> {
        let (before, from) = self.slots.split_at_checked(self.home(hash)).unwrap_or_default();
        from.iter()
            .chain(before)
            .take_while(|(_, value)| *value != 0)
            .filter(move |(key, _)| *key == hash)
            .map(|(_, value)| *value)
    }

    fn place(&mut self, hash: u32, value: u32) {
        let (from, length) = (self.home(hash), self.slots.len());
        let free = (from..length).chain(0..from).find(|at| self.slots.get(*at).is_some_and(|(_, value)| *value == 0));
        if value != 0
            && let Some(slot) = free.and_then(|at| self.slots.get_mut(at))
        {
            *slot = (hash, value);
        }
    }

    fn home(&self, hash: u32) -> usize {
        hash as usize & self.slots.len().saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_values_while_it_grows() {
        let mut index = Index::default();
        assert_eq!(index.candidates(7).next(), None);
        for value in 1..5_000 {
            index.insert(value % 2_500, value);
        }
        for value in 1..2_500 {
            let mut found: Vec<u32> = index.candidates(value).collect();
            found.sort_unstable();
            assert_eq!(found, [value, value + 2_500]);
        }
        assert_eq!(index.candidates(9_999).next(), None);
    }
}
