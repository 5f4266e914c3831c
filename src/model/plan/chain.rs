//! Whom a request may be answered by, in which order.

use crate::model::Provider;

/// A model server and the models to ask it for, best first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its API.
    pub provider: Provider,
    /// Names of models on it; a later one is asked where an earlier one fails.
    pub models: Vec<String>,
}

/// One entry of the configured order of backends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Link {
    /// A model server that can be called: its key is there.
    Server(Server),
    /// The local backend, which always answers.
    Local,
}

/// Servers in the order in which they are asked, and whether the local backend answers after them.
///
/// Empty, it is that of a request for which no backend is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chain {
    servers: Vec<Server>,
    local: bool,
}

/// Whom to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target<'c> {
    /// The server's API.
    pub provider: Provider,
    /// The model's name on it.
    pub model: &'c str,
}

impl Chain {
    /// The chain of these backends, left to right. The local one ends it, for it always answers; a provider that
    /// is already in it, or that has no model, adds nothing.
    pub fn new(links: impl IntoIterator<Item = Link>) -> Self {
        let mut chain = Self { servers: Vec::new(), local: false };
        for link in links {
            match link {
                Link::Local => {
                    chain.local = true;
                    break;
                }
                Link::Server(server) => {
                    let is_new = chain.servers.iter().all(|earlier| earlier.provider != server.provider);
                    if is_new && !server.models.is_empty() {
                        chain.servers.push(server);
                    }
                }
            }
        }
        chain
    }

    pub(super) fn has_local(&self) -> bool {
        self.local
    }

    pub(super) fn target(&self, server: usize, model: usize) -> Option<Target<'_>> {
        let server = self.servers.get(server)?;
        server.models.get(model).map(|model| Target { provider: server.provider, model })
    }

    pub(super) fn servers_after(&self, server: usize) -> u32 {
        left(self.servers.len(), server)
    }

    pub(super) fn models_after(&self, server: usize, model: usize) -> u32 {
        self.servers.get(server).map_or(0, |server| left(server.models.len(), model))
    }
}

fn left(count: usize, place: usize) -> u32 {
    u32::try_from(count.saturating_sub(place.saturating_add(1))).unwrap_or(u32::MAX)
}
