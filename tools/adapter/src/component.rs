//! Implements the adapter's world.

use crate::variables::{self, LookupError};
use bindings::exports::spin::key_value::key_value::{self, Error as StoreError, GuestStore, Store};
use bindings::exports::spin::variables::variables::{Error as VariableError, Guest as Variables};
use wit_bindgen::{FutureReader, StreamReader};

#[expect(unsafe_code, reason = "wit-bindgen's glue to the canonical ABI")]
mod bindings {
    wit_bindgen::generate!({ path: "../../wit", world: "adapter", generate_all });
    export!(Adapter with_types_in self);
    use super::Adapter;
}

struct Adapter;

impl Variables for Adapter {
    async fn get(name: String) -> Result<String, VariableError> {
        variables::lookup(&name, |key| std::env::var(key).ok()).map_err(|error| match error {
            LookupError::InvalidName => VariableError::InvalidName(name),
            LookupError::Undefined => VariableError::Undefined(name),
        })
    }
}

impl key_value::Guest for Adapter {
    type Store = NoStore;
}

/// A key-value store; there are none, so this type has no values.
enum NoStore {}

impl GuestStore for NoStore {
    async fn open(_label: String) -> Result<Store, StoreError> {
        Err(StoreError::NoSuchStore)
    }

    async fn get(&self, _key: String) -> Result<Option<Vec<u8>>, StoreError> {
        match *self {}
    }

    async fn set(&self, _key: String, _value: Vec<u8>) -> Result<(), StoreError> {
        match *self {}
    }

    async fn delete(&self, _key: String) -> Result<(), StoreError> {
        match *self {}
    }

    async fn exists(&self, _key: String) -> Result<bool, StoreError> {
        match *self {}
    }

    async fn get_keys(&self) -> (StreamReader<String>, FutureReader<Result<(), StoreError>>) {
        match *self {}
    }
}
