//! Sessions in links: compressed by the browser, written in the letters of an address.

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, Response};

use crate::place::SHARED;
use crate::regions::page::{Copied, LINK_LETTERS_MAX, LINK_TEXT_MAX, LinkProblem};

/// The format: deflate without a frame around it.
const FORMAT: &str = "deflate-raw";

#[wasm_bindgen]
extern "C" {
    // Bound here, since web-sys counts both as unstable.
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
}

/// Puts a session into a link and the link on the clipboard.
pub async fn copy(text: &str) -> Copied {
    let Ok(link) = link_to(text).await else { return Copied::Unsupported };
    if link.len() > LINK_LETTERS_MAX {
        return Copied::Long(link.len());
    }
    let clipboard = gloo::utils::window().navigator().clipboard();
    // Without a secure context there is no clipboard at all.
    if clipboard.is_undefined() {
        return Copied::Refused(link);
    }
    match JsFuture::from(clipboard.write_text(&link)).await {
        Ok(_) => Copied::Done,
        Err(_) => Copied::Refused(link),
    }
}

async fn link_to(text: &str) -> Result<String, JsValue> {
    let squeezed = through(text.as_bytes(), CompressionStream::new(FORMAT)?.unchecked_ref())?;
    let all =
        JsFuture::from(Response::new_with_opt_readable_stream(Some(&squeezed))?.array_buffer()?).await?;
    let payload = written(&Uint8Array::new(&all).to_vec())?;
    let location = gloo::utils::window().location();
    Ok(format!("{}{}{SHARED}{payload}", location.origin()?, location.pathname()?))
}

/// The text that a link's payload holds.
pub async fn open(payload: &str) -> Result<String, LinkProblem> {
    let bytes = read(payload).ok_or(LinkProblem::Damaged)?;
    let wide = DecompressionStream::new(FORMAT).map_err(|_| LinkProblem::Unsupported)?;
    let stream = through(&bytes, wide.unchecked_ref()).map_err(|_| LinkProblem::Damaged)?;
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(|_| LinkProblem::Damaged)?;
    let mut text = Vec::new();
    while let Some(piece) = next(&reader).await.map_err(|_| LinkProblem::Damaged)? {
        // A few bytes can unpack to any number of them, so it is read piece by piece.
        if text.len() + usize::try_from(piece.length()).unwrap_or(usize::MAX) > LINK_TEXT_MAX {
            let _ = reader.cancel();
            return Err(LinkProblem::TooLarge);
        }
        text.extend(piece.to_vec());
    }
    String::from_utf8(text).map_err(|_| LinkProblem::Damaged)
}

/// Bytes, sent through a stream that changes them.
fn through(bytes: &[u8], stream: &ReadableWritablePair) -> Result<ReadableStream, JsValue> {
    let body = Response::new_with_opt_u8_array(Some(bytes.to_vec().as_mut_slice()))?.body();
    Ok(body.ok_or("no stream")?.pipe_through(stream))
}

/// The next piece; nothing at the end.
async fn next(reader: &ReadableStreamDefaultReader) -> Result<Option<Uint8Array>, JsValue> {
    let result = JsFuture::from(reader.read()).await?;
    if Reflect::get(&result, &"done".into())?.is_truthy() {
        return Ok(None);
    }
    Reflect::get(&result, &"value".into())?.dyn_into().map(Some)
}

/// Bytes in the letters of an address: base64 with `-` and `_`, without its padding.
fn written(bytes: &[u8]) -> Result<String, JsValue> {
    let characters: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let text = gloo::utils::window().btoa(&characters)?;
    Ok(text.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// The bytes that were written so.
fn read(payload: &str) -> Option<Vec<u8>> {
    let text = payload.replace('-', "+").replace('_', "/");
    let characters = gloo::utils::window().atob(&text).ok()?;
    characters.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}
