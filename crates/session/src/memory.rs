//! Memory, taken from the system in large pieces.
//!
//! As WebAssembly the allocator gets memory by pages of 64 KiB, one when it needs one, and JavaScript's collector
//! takes the whole memory for new garbage each time. A thousand Pods made it look at everything six hundred times
//! while they became Ready, which cost more than they did. So whenever the memory has grown, half as much again is
//! taken at once and given back to the allocator, which keeps it. The system lends a page of it when it is first
//! written to. Natively allocators do so by themselves.

/// Sees to it that there is memory for what comes next.
#[cfg(target_arch = "wasm32")]
pub(crate) fn stay_ahead() {
    use std::cell::Cell;
    use std::hint::black_box;

    /// The smallest piece, in bytes.
    const LEAST: usize = 16 << 20;
    const PAGE: usize = 64 << 10;

    thread_local! { static KNOWN: Cell<usize> = const { Cell::new(0) }; }
    let pages = || core::arch::wasm32::memory_size::<0>();
    if pages() != KNOWN.get() {
        let mut piece = Vec::<u8>::new();
        // Where there is no such piece it goes on page by page.
        if piece.try_reserve_exact((pages() * PAGE / 2).max(LEAST)).is_ok() {
            drop(black_box(piece));
        }
        KNOWN.set(pages());
    }
}

/// Sees to it that there is memory for what comes next.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn stay_ahead() {}
