//! The backends of a request, in order.

use crate::model::Backend;

/// The servers in the order in which to call them, and whether the local backend answers after them.
///
/// It is empty where no backend is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    links: Vec<Link>,
    has_local: bool,
}

/// A server's index and its number of models.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    server: usize,
    models: usize,
}

/// The model to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The server's index.
    pub server: usize,
    /// The model's index among the server's models.
    pub model: usize,
}

impl Chain {
    /// The chain of these backends, left to right; `models` is the number of models that a server can be called for.
    ///
    /// The local backend ends the chain, since it always answers. A server adds nothing if it is already in the chain
    /// or has no models.
    pub fn new(backends: impl IntoIterator<Item = Backend>, models: impl Fn(usize) -> usize) -> Self {
        let mut chain = Self { links: Vec::new(), has_local: false };
        for backend in backends {
            match backend {
                Backend::Local => {
                    chain.has_local = true;
                    break;
                }
                Backend::Server(server) => {
                    let link = Link { server, models: models(server) };
                    if link.models > 0 && chain.links.iter().all(|earlier| earlier.server != server) {
                        chain.links.push(link);
                    }
                }
            }
        }
        chain
    }

    pub(super) fn has_local(&self) -> bool {
        self.has_local
    }

    pub(super) fn target(&self, link: usize, model: usize) -> Option<Target> {
        let link = self.links.get(link).filter(|link| model < link.models)?;
        Some(Target { server: link.server, model })
    }

    pub(super) fn servers_after(&self, link: usize) -> u32 {
        left(self.links.len(), link)
    }

    pub(super) fn models_after(&self, link: usize, model: usize) -> u32 {
        self.links.get(link).map_or(0, |link| left(link.models, model))
    }
}

fn left(count: usize, index: usize) -> u32 {
    u32::try_from(count.saturating_sub(index.saturating_add(1))).unwrap_or(u32::MAX)
}
