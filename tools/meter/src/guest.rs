//! Runs the component in this process, with a host in memory, fixed randomness and a fixed clock.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use wasmtime::component::{Component, Linker, ResourceTable};
use wasmtime::{Config, Engine, Store};
use wasmtime_wasi::{HostWallClock, WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p3::Request;
use wasmtime_wasi_http::p3::bindings::{Service, ServicePre};
use wasmtime_wasi_http::{Error, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks, WasiHttpView};

use crate::cases::Model;

/// What to count besides time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Instructions; counting them makes the code slower.
    Fuel,
    /// Nothing: the code runs as it does in production.
    Nothing,
}

/// The compiled component.
pub struct Guest {
    engine: Engine,
    service: ServicePre<Machine>,
    count: Count,
    /// Size of the component's file.
    pub component_bytes: u64,
}

/// One instance of it, as a host would reuse it from request to request.
pub struct Instance {
    store: Store<Machine>,
    service: Service,
    count: Count,
}

/// The answer to a request and its cost.
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The whole body.
    pub body: Bytes,
    /// Instructions, including the adapter's; zero if they are not counted.
    pub fuel: u64,
    /// From the call to the last byte of the body.
    pub time: Duration,
}

impl Guest {
    /// Compiles a component that imports only `wasi:*`.
    pub fn new(component: &Path, count: Count) -> Result<Self> {
        let mut config = Config::new();
        config.wasm_component_model_async(true).consume_fuel(count == Count::Fuel);
        let engine = Engine::new(&config)?;
        let bytes = std::fs::read(component).with_context(|| format!("cannot read {}", component.display()))?;
        let compiled = Component::new(&engine, &bytes)?;
        let mut linker = Linker::new(&engine);
        wasmtime_wasi::p2::add_to_linker_async(&mut linker)?;
        wasmtime_wasi::p3::add_to_linker(&mut linker)?;
        wasmtime_wasi_http::p3::add_to_linker(&mut linker)?;
        let service = ServicePre::new(linker.instantiate_pre(&compiled)?)?;
        Ok(Self { engine, service, count, component_bytes: bytes.len() as u64 })
    }

    /// Makes an instance with these variables and this model server.
    pub async fn instance(&self, variables: &[(&str, &str)], model: Model) -> Result<Instance> {
        let mut store = Store::new(&self.engine, Machine::new(variables, model));
        if self.count == Count::Fuel {
            store.set_fuel(u64::MAX)?;
        }
        let service = self.service.instantiate_async(&mut store).await?;
        Ok(Instance { store, service, count: self.count })
    }
}

impl Instance {
    /// Instructions so far, including instantiation.
    pub fn fuel(&self) -> Result<u64> {
        Ok(if self.count == Count::Fuel { u64::MAX - self.store.get_fuel()? } else { 0 })
    }

    /// Sends a request and reads the answer to its end.
    pub async fn ask(&mut self, request: http::Request<Bytes>) -> Result<Answer> {
        let before = self.fuel()?;
        let started = Instant::now();
        let request = request.map(|body| Full::new(body).map_err(|never| -> Error { match never {} }));
        let (request, sent) = Request::from_http(&mut self.store.data_mut().model, request);
        let service = &self.service;
        let (status, body) = self
            .store
            .run_concurrent(async |store| -> wasmtime::Result<_> {
                let answer = service.handle(store, request).await??;
                let answer = store.with(|store| answer.into_http(store, async { Ok(()) }))?;
                let (head, body) = answer.into_parts();
                Ok((head.status.as_u16(), body.collect().await?.to_bytes()))
            })
            .await??;
        drop(sent);
        let time = started.elapsed();
        Ok(Answer { status, body, fuel: self.fuel()? - before, time })
    }
}

/// The host's state for one instance.
struct Machine {
    wasi: WasiCtx,
    http: WasiHttpCtx,
    table: ResourceTable,
    model: Model,
}

impl Machine {
    fn new(variables: &[(&str, &str)], model: Model) -> Self {
        let wasi = WasiCtx::builder()
            .envs(variables)
            .secure_random(Fixed(1))
            .insecure_random(Fixed(2))
            .insecure_random_seed(3)
            .wall_clock(Noon)
            .build();
        Self { wasi, http: WasiHttpCtx::new(), table: ResourceTable::new(), model }
    }
}

impl WasiView for Machine {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for Machine {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { ctx: &mut self.http, table: &mut self.table, hooks: &mut self.model }
    }
}

type Sent = Box<dyn Future<Output = Result<(), Error>> + Send>;

impl WasiHttpHooks for Model {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        _: Option<RequestOptions>,
        _: Sent,
    ) -> Box<dyn Future<Output = Result<(http::Response<WasiBody>, Sent), Error>> + Send> {
        let answer = self.answer();
        Box::new(async move {
            // Read the request before answering it, as a server does.
            request.into_body().collect().await?;
            let body = Full::new(answer.body).map_err(|never| match never {}).boxed_unsync();
            let response = http::Response::builder().header("content-type", answer.content_type).body(body);
            let done: Sent = Box::new(async { Ok(()) });
            Ok((response.map_err(|_| Error::InternalError(None))?, done))
        })
    }
}

/// A clock that stands still.
struct Noon;

impl HostWallClock for Noon {
    fn resolution(&self) -> Duration {
        Duration::from_millis(1)
    }

    fn now(&self) -> Duration {
        Duration::from_secs(1_750_000_000)
    }
}

/// Reproducible pseudo-random numbers (`SplitMix64`).
struct Fixed(u64);

impl rand::rand_core::TryRng for Fixed {
    type Error = std::convert::Infallible;

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        Ok(mixed ^ (mixed >> 31))
    }

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let number = self.try_next_u64()?;
        Ok((number >> 32) as u32)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.try_next_u64()?.to_le_bytes();
            chunk.copy_from_slice(&number[..chunk.len()]);
        }
        Ok(())
    }
}

/// Fails for any other status.
pub fn expect_status(answer: &Answer, status: u16) -> Result<()> {
    if answer.status == status {
        return Ok(());
    }
    Err(anyhow!("status {} instead of {status}: {}", answer.status, String::from_utf8_lossy(&answer.body)))
}
